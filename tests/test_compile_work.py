"""How much work `compile` does, counted in calls of functions, which no busy machine changes."""

from __future__ import annotations

import cProfile
from collections import Counter
from collections.abc import Callable

import pytest
from oversized import labels, many, post, pre

from procdsl import Source, check, generate
from procdsl.codegen.python import kernels
from procdsl.codegen.target import Options
from procdsl.ops.geometry.pad import Pad
from procdsl.types.array import Array
from procdsl.types.value import Type

PAD = "pad(left=1, right=1, top=1, bottom=1, fill=0)\n"


def compiled(text: str, *targets: str) -> None:
    pipeline = check(Source("p.proc", text)).pipeline
    assert pipeline is not None
    generate(pipeline, targets, options=Options(format=False))


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, those of generators and of C among them."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


SOURCES: dict[str, tuple[Callable[[int], str], tuple[str, ...]]] = {
    "pads": (lambda n: pre(PAD * n), ("numpy", "torch")),
    "pads in a graph": (lambda n: pre(PAD * n), ("onnx",)),
    "flips and clips": (lambda n: pre("flip(vertical)\nclip(min=1, max=9)\n" * n), ("cv2",)),
    "labels": (lambda n: labels(20 * n), ("numpy", "torch")),
    "look-ups": (
        lambda n: post(
            "i = argmax(y, over=n)\n" + many('l# = lookup(i, table=("a", "b", "c", "#"))\n', n),
            many("l#", n, ",\n"),
        ),
        ("numpy", "torch"),
    ),
    "scales": (
        lambda n: post(many("p# = scale(y, multiply=#.5)\n", n), many("p#", n, ",\n")),
        ("numpy", "torch"),
    ),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_twice_the_text_is_twice_the_work(kind: str) -> None:
    made, targets = SOURCES[kind]
    compiled(made(5), *targets)  # imports, templates, kernels
    small, middle, large = (calls(lambda n=n: compiled(made(n), *targets)) for n in (10, 20, 40))  # type: ignore[misc]
    assert large - middle < 2.01 * (middle - small)


def test_a_step_is_inferred_once_by_the_checker_and_once_for_each_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inferred = Counter[str]()
    infer = Pad.infer

    def counted(self: Pad, x: Type) -> Array:
        inferred["pad"] += 1
        return infer(self, x)

    monkeypatch.setattr(Pad, "infer", counted)
    pipeline = check(Source("p.proc", pre(PAD * 30))).pipeline
    assert pipeline is not None
    assert inferred.pop("pad") == 30
    generate(pipeline, ["numpy"], options=Options(format=False))
    assert inferred.pop("pad") == 30
    generate(pipeline, ["numpy", "torch"], options=Options(format=False))
    assert inferred.pop("pad") == 60


def test_a_second_file_reads_no_kernel_again(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled(pre(PAD), "numpy")
    monkeypatch.delattr(kernels, "_text")
    compiled(pre(PAD * 2), "numpy")
