"""No library warns of what another computes without a word: NaN, infinities, overflow.

Warnings are errors in these tests; numpy alone has them for arithmetic. Every case of an op is run
on floats, whatever it takes else, and without the step that makes floats of whole numbers.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest
from support import HUGE, NOT_FINITE, arrays, build, compiled, run, source_of, specked, to_backend

from procdsl import registry
from procdsl.opdef.op import Case
from procdsl.records import replace

ARRAYS = ("numpy", "cv2")


def on_floats(name: str) -> Iterator[Case]:
    """The cases of an op that can be run on floats, each once."""
    seen = set()
    for case in registry.op(name).cases():
        if not case.outputs:
            steps = [line for line in case.pre.splitlines() if not line.startswith("to_float")]
            image = f"f32[{case.image.partition('[')[2]}"
            fed = case.fed.replace("u8[", "f32[")
            case = replace(case, image=image, pre="\n".join(steps), values=None, fed=fed)
        try:
            source = source_of(case)
            compiled(source)
        except AssertionError:
            continue  # it takes whole numbers alone
        if source not in seen:
            seen.add(source)
            yield case


def run_post(module: ModuleType, outputs: dict[str, np.ndarray]) -> None:
    sizes = {name: (31, 45) for name in ("image_size",) if name in signature_of(module)}
    module.postprocess(*to_backend(module, outputs.values()), **sizes)


def signature_of(module: ModuleType) -> tuple[str, ...]:
    names: tuple[str, ...] = module.postprocess.__code__.co_varnames
    return names[: module.postprocess.__code__.co_argcount]


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", registry.op_names())
def test_no_op_warns(name: str, every: int) -> None:
    """Of many cases one in seven; all of them are slow."""
    ran = 0
    for case in [*on_floats(name)][::every]:
        built = build(source_of(case), ARRAYS)
        inputs, outputs = arrays(case, built.pipeline)
        for values in (HUGE, NOT_FINITE):
            pictures, found = (
                {k: specked(x, values) if x.dtype.kind == "f" else x for k, x in given.items()}
                for given in (inputs, outputs)
            )
            for backend, module in built.modules.items():
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("always")
                    run(module, pictures)
                    if built.pipeline.outputs:
                        run_post(module, found)
                said = [str(warning.message) for warning in caught]
                assert not said, f"{backend}: {case.pre} {case.post}"
                ran += 1
    op = registry.op(name)
    assert ran or op.random or op.decodes or name == "to_float"


NORMALIZED = """proc 1
pipeline p
input image: f32[n]
pre {
    normalize(mean=0.5, std=0.25)
    scale(multiply=2, add=1)
}
model x: f32[n] -> y: f32[n]
"""


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_what_is_too_large_is_infinity(backend: str) -> None:
    module = build(NORMALIZED, [backend]).modules[backend]
    image = np.array([3e38, -3e38, np.nan, 0.75], np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (found,) = run(module, {"image": image})
    assert np.array_equal(found, [np.inf, -np.inf, np.nan, 3], equal_nan=True)
