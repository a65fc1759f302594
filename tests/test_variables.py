"""Names of values may meet what rewrites make, or be given anew: nothing is overwritten."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
import renamed
from support import BACKENDS, arrays, build, compare, source_of

from procdsl import registry
from procdsl.codegen.python.scope import Module, Variables
from procdsl.lower.program import Call, Group, Program, Region, Variable
from procdsl.opdef.op import Case
from procdsl.types.array import Array
from procdsl.types.axis import Axis


def of_all_ops(change: Callable[[Case], Iterator[tuple[str, Case]]]) -> dict[str, list[Case]]:
    """What becomes of the cases of all ops, by the op and the places of the values: those that the
    checker takes, and at most five of a place."""
    found: dict[str, list[Case]] = {}
    for name in registry.op_names():
        for case in registry.op(name).cases():
            for place, changed in change(case):
                few = found.setdefault(place, [])
                if len(few) < 5 and renamed.passes(source_of(changed)):
                    few.append(changed)
    return {place: cases for place, cases in found.items() if cases}


FEW = ("numpy", "torch")
"""OpenCV's modules have numpy's macros for nearly all of it; the slow tests take all."""

AS_TAKEN, ANEW = of_all_ops(renamed.given_as_taken), of_all_ops(renamed.taken_anew)


def check(case: Case, backends: Sequence[str] = BACKENDS) -> None:
    built = build(source_of(case), backends)
    compare(built, *arrays(case, built.pipeline))


@pytest.mark.parametrize("place", AS_TAKEN)
def test_a_result_may_be_called_as_what_it_is_made_of(place: str) -> None:
    check(AS_TAKEN[place][0], FEW)


@pytest.mark.parametrize("place", ANEW)
def test_what_was_taken_may_be_given_anew(place: str) -> None:
    check(ANEW[place][0], FEW)


@pytest.mark.slow
@pytest.mark.parametrize("place", AS_TAKEN)
def test_more_results_called_as_what_they_are_made_of(place: str) -> None:
    for case in AS_TAKEN[place]:
        check(case)


@pytest.mark.slow
@pytest.mark.parametrize("place", ANEW)
def test_more_that_was_taken_and_given_anew(place: str) -> None:
    for case in ANEW[place]:
        check(case)


def test_nearly_all_ops_are_among_them() -> None:
    assert len(AS_TAKEN) > 100
    assert len(ANEW) > 60


IMAGE, PAIR = "input image: f32[h, w, c=3] rgb", "a: f32[h, w, c=3] rgb, b: f32[h, w, c=3] rgb"
CLIP = "a: f32[h, w, c=3] rgb, b: f32[t=2, h, w, c=3] rgb"
FED = {
    "a loop over frames": (
        f"{IMAGE}\ninput clip: f32[t=2, h, w, c=3] rgb",
        "a = scale(image, multiply=2)\nb = pad(clip, top=1, fill=0)\nb = scale(b, add=100)",
        CLIP,
    ),
    "planes of a picture and of frames": (
        "input image: u8[h, w, c=3] rgb\ninput clip: u8[t=2, h, w, c=3] rgb",
        "a = to_float(image, scale=1)\na = layout(a, c, h, w)\n"
        "b = resize(clip, h=4, w=5, sampler=cv2.linear)\nb = to_float(b, scale=1)\n"
        "b = layout(b, t, c, h, w)",
        "a: f32[c=3, h, w] rgb, b: f32[t=2, c=3, h=4, w=5] rgb",
    ),
    "a name with a number": (
        IMAGE,
        "a = scale(image, multiply=2)\na = layout(a, w, h, c)\na = scale(a, add=3)\n"
        "a_2 = scale(image, multiply=5)\na_2 = layout(a_2, w, h, c)\na_2 = scale(a_2, add=7)\n"
        "b = layout(a_2, h, w, c)\na = layout(a, h, w, c)",
        PAIR,
    ),
    "a layout that turns nothing": (
        IMAGE,
        "a = flip(image, horizontal)\nb = layout(a, h, w, c)\na = flip(image, vertical)",
        PAIR,
    ),
    "such a layout between passes": (
        IMAGE,
        "a = scale(image, multiply=2)\nb = layout(a, h, w, c)\na = scale(b, add=3)\n"
        "a = layout(a, h, w, c)\na = scale(a, add=10)",
        PAIR,
    ),
    "planes with a variable of their own": (
        "input image: f32[h, w, c=3] rgb\ninput other: u8[h=3, w=3, c=3] rgb",
        "a = scale(image, multiply=2)\nb = to_float(other, scale=1/255)\n"
        "b = normalize(b, mean=(0.1, 0.2, 0.3), std=(0.5, 0.6, 0.7))\nb = layout(b, c, h, w)",
        "a: f32[h, w, c=3] rgb, b: f32[c=3, h=3, w=3] rgb",
    ),
}


@pytest.mark.parametrize("fuse", [True, False])
@pytest.mark.parametrize("what", FED)
def test_values_that_the_model_is_fed(what: str, fuse: bool) -> None:
    inputs, steps, fed = FED[what]
    text = f"proc 1\npipeline p\n{inputs}\npre {{\n{steps}\n}}\nmodel {fed} -> y: f32[]\n"
    built = build(text, fuse=fuse)
    given = arrays(Case("", size=(4, 6)), built.pipeline)[0]
    compare(built, given)


BOXES = "b: f32[n=2, box=4] boxes(xyxy, pixels), s: f32[n=2] scores"
FOUND = "nms(b, s, score={}, iou=0.45, per=all, limit=30)"
GIVEN = {
    "a layout that turns nothing": (
        "v: f32[n=5]",
        "u = layout(v, n)\nv = sigmoid(v)",
        "u, v",
    ),
    "fields of one record beside another": (
        BOXES,
        f"found = {FOUND.format(0.25)}\nu = back_to(found, image)\n"
        f"found = {FOUND.format(0.95)}\nfound = back_to(found, image)",
        "u, found",
    ),
    "a field of a record that is given anew": (
        BOXES,
        f"found = {FOUND.format(0.25)}\nk = threshold(found.scores, above=0.6)\n"
        f"found = {FOUND.format(0.95)}\nfound = back_to(found, image)",
        "k, found",
    ),
    "rows that are sorted out twice": (
        BOXES,
        f"found = {FOUND.format(0.25)}\nfound = back_to(found, image)\nu = clip_to(found, image)\n"
        "found = above(found.boxes, found.scores, found.classes, score=0.96, limit=30)",
        "u, found",
    ),
    "texts of ids that are given anew": (
        "v: f32[class=3]",
        '_, i = max(v, over=class)\nname = lookup(i, table=("a", "b", "c"))\n'
        "i = lookup(i, table=(2, 2, 2))",
        "name, i",
    ),
    "texts of several ids that are given anew": (
        "v: f32[class=3]",
        'p, i = top(v, k=2, over=class)\nname = lookup(i, table=("a", "b", "c"))\n'
        "i = threshold(i, above=1)",
        "p, name, i",
    ),
}
ARRAYS = {
    "b": np.array([[-5, -5, 100, 100], [0, 0, 5, 5]], np.float32),
    "s": np.array([0.97, 0.5], np.float32),
}


@pytest.mark.parametrize("what", GIVEN)
def test_values_that_are_given(what: str) -> None:
    typed, steps, given = GIVEN[what]
    text = (
        "proc 1\npipeline p\ninput image: u8[h, w, c=3] rgb\n"
        "pre {\nletterbox(h=20, w=20, fill=0, sampler=cv2.linear)\n}\n"
        f"model x: u8[h=20, w=20, c=3] rgb -> {typed}\npost {{\n{steps}\n}}\noutput {given}\n"
    )
    built = build(text)
    inputs, outputs = arrays(Case("", size=(10, 10)), built.pipeline)
    compare(built, inputs, {name: ARRAYS.get(name, x) for name, x in outputs.items()})


def test_what_batches_are_called() -> None:
    """A value may be called as a batch of another one."""
    text = (
        "proc 1\npipeline p\ninput plane: u8[h, w, c=3] rgb\ninput planes: u8[h, w, c=3] rgb\n"
        "pre {\na = letterbox(plane, h=20, w=20, fill=0, sampler=cv2.linear)\n"
        "b = flip(planes, vertical)\n}\n"
        "model a: u8[h=20, w=20, c=3] rgb, b: u8[h, w, c=3] rgb -> "
        "box: f32[n=2, box=4] boxes(xyxy, pixels) @a, boxes: f32[n=2], plane_sizes: f32[n=2]\n"
        "post {\nbox = back_to(box, plane)\n}\noutput box, boxes, plane_sizes\n"
    )
    built = build(text)
    inputs, outputs = arrays(Case("", size=(4, 6)), built.pipeline)
    compare(built, inputs, outputs)
    for backend, module in built.modules.items():
        batch = inspect.signature(module.preprocess_batch)
        assert list(batch.parameters)[:2] == ["planes_", "planes"], backend
        after = list(inspect.signature(module.postprocess_batch).parameters)
        assert after[:4] == ["boxs", "boxes", "plane_sizes", "plane_sizes_"], backend


def test_what_a_loop_reads_is_needed_in_each_round() -> None:
    """Nothing that is made in the loop, behind where it is read, has its name."""
    picture = Array("f32", (Axis("h"), Axis("w")))
    clip, matrix, frame, result = (Variable(n, picture) for n in ("clip", "m", "frame", "y"))
    made = [Variable("m", picture) for _ in range(2)]
    inside = [Call("first", (frame, matrix), (made[0],)), Call("second", (made[0],), (made[1],))]
    body = Region(frame, tuple(Group((), (call,)) for call in inside), made[1])
    loop = Call("loop", (clip,), (result,), body=body)
    behind = Call("behind", (result,), (Variable("m", picture),))
    groups = tuple(Group((), (call,)) for call in (loop, behind))
    names = Variables(Module("numpy", set()), Program((clip, matrix), (), groups, ()))
    assert [names.name(one) for one in (*made, *behind.results)] == ["m_2", "m_2", "m"]
    assert names.beside(inside[1]) == {"clip", "m", "m_2", "y"}
