"""An open axis of what a model gives may hold nothing: no boxes, no anchors, no samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from support import arrays, build, compare, run_post, source_of, to_backend

from procdsl import registry
from procdsl.checker.check import check
from procdsl.ir.least_sizes import least_sizes, needed
from procdsl.opdef.op import Case
from procdsl.records import replace
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.value import PictureSize

HEAD = (
    "proc 1\npipeline p\ninput image: u8[h, w, c=3] rgb\nmodel x: u8[h, w, c=3] rgb -> {}\n"
    "post {{\n    {}\n}}\noutput {}\n"
)


def opened() -> Iterator[Any]:
    """Each case with outputs, and each of their axes that may have any size, as an open one."""
    for name in registry.op_names():
        found: dict[tuple[str, str], Case] = {}
        for case in registry.op(name).cases():
            sizes = re.findall(r"(\w+)(?:=\w+)?(?=[,\]])", " ".join((case.outputs or {}).values()))
            for axis in dict.fromkeys(sizes):
                outputs = {
                    output: re.sub(rf"\b{axis}=\d+", axis, type_)
                    for output, type_ in (case.outputs or {}).items()
                }
                found.setdefault((axis, case.post), replace(case, outputs=outputs))
        for number, ((axis, _), case) in enumerate(found.items()):
            if axis not in ("h", "w"):
                slow = [pytest.mark.slow] if number >= 3 and number % 5 else []
                yield pytest.param(case, axis, id=f"{name}-{number}-{axis}", marks=slow)


@pytest.mark.parametrize(("case", "axis"), list(opened()))
def test_an_open_axis_may_be_empty_or_is_asked_for(case: Case, axis: str) -> None:
    text = source_of(case)
    if check(Source("case.proc", text)).pipeline is None:
        pytest.skip("the op needs the size")
    built = build(text)
    inputs, outputs = arrays(case, built.pipeline)
    least = 0
    for value in built.pipeline.model.outputs:
        assert isinstance(value.type, Array), "a model gives arrays"
        at = value.type.names.index(axis) if axis in value.type.names else None
        if at is not None:
            outputs[value.name] = outputs[value.name].take([], at)
            least = max(least, least_sizes(value.type, needed(built.pipeline.post)).get(axis, 0))
    if not least:
        compare(built, inputs, outputs)
        return
    sized = any(isinstance(t, PictureSize) for step in built.pipeline.post for t in step.types)
    sizes = [case.size] if sized else []
    for module in built.modules.values():
        with pytest.raises(ValueError, match=rf"expected .*({axis} of )?{least} or more"):
            run_post(module, outputs, sizes)
        samples = [np.stack([array] * 2) for array in outputs.values()]
        with pytest.raises(ValueError, match=f"{least} or more"):
            module.postprocess_batch(*to_backend(module, samples), *[[s] * 2 for s in sizes])


def test_a_probe_is_as_long_as_the_steps_need_it() -> None:
    built = build(HEAD.format("y: f32[class]", "v, i = top(y, over=class, k=60)", "v, i"))
    for module in built.modules.values():
        module.self_check()
        (scores,) = to_backend(module, [np.arange(60, dtype=np.float32)])
        assert int(module.postprocess(scores).i[0]) == 59
        (short,) = to_backend(module, [np.arange(59, dtype=np.float32)])
        with pytest.raises(ValueError, match="60 or more"):
            module.postprocess(short)
