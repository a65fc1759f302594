"""What goes past a model, as the checker takes it and tells it."""

from __future__ import annotations

import numpy as np
import pytest
from past_model import PAST
from support import (
    as_input,
    build,
    compiled,
    to_numpy,
)

from procdsl.checker.check import check
from procdsl.compare.change import Side
from procdsl.compare.compare import compare as diff
from procdsl.source import Source


def test_an_input_is_as_it_is_given() -> None:
    flow = """proc 1
pipeline p
input image: f32[side=4]
pre {
    scale(multiply=2)
}
model x: f32[side=4] -> y: f32[side=4]
post {
    z = add(y, image)
}
output z
"""
    built = build(flow)
    one, two = np.arange(1, 5, dtype=np.float32), np.arange(10, 50, 10, dtype=np.float32)
    for module in built.modules.values():
        assert type(module.preprocess(as_input(module, one))).__name__ != "Preprocessed"
        found = module.postprocess(as_input(module, two), as_input(module, one))
        assert to_numpy(found.z).tolist() == [11, 22, 33, 44]


def told(text: str) -> list[tuple[str, str, str]]:
    return [(d.code, d.message, d.found) for d in check(Source("t.proc", text)).diagnostics]


FILE = """proc 1
pipeline p
input photo: bytes
pre {
    decode(rgb, by=pil, exif=apply, alpha=drop, depth=u8)
    resize(h=4, w=6, sampler=cv2.nearest)
    to_float(scale=1/255)
}
model x: f32[h=4, w=6, c=3] rgb -> y: f32[h=4, w=6, c=3]
post {
    z = add(y, NAME)
}
output z
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (FILE.replace("NAME", "photo"), "`photo`: bytes, the content of a file"),
        (FILE.replace("NAME", "x"), "`x`, which the model takes, and which no step of `pre` has"),
        (
            FILE.replace("input photo: bytes", "input photo: u8[h=4, w=6, c=3] rgb|bgr")
            .replace("    decode(rgb, by=pil, exif=apply, alpha=drop, depth=u8)\n", "")
            .replace("NAME", "photo"),
            "whose channels come in the order that the caller names",
        ),
        (
            FILE.replace("    decode(", "    d = decode(photo, ")
            .replace("    resize(", "    r = resize(d, ")
            .replace("    to_float(", "    x = to_float(r, ")
            .replace("NAME", "d"),
            "as it is decoded",
        ),
    ],
)
def test_what_stays_in_pre(text: str, found: str) -> None:
    ((code, _, said),) = told(text)
    assert code == "E206"
    assert found in said


def test_what_nobody_has_named() -> None:
    ((code, message, _),) = told(PAST.replace("add(y, person)", "add(y, persona)"))
    assert (code, message) == ("E206", "there is no value `persona`")
    ((code, message, _),) = told(PAST.replace("add(y, person)", "add(y, near.boxes)"))
    assert (code, message) == ("E206", "no field `near.boxes`")


def test_another_value_breaks_the_contract() -> None:
    sides = (
        Side("a.proc", compiled(PAST)),
        Side(
            "b.proc",
            compiled(
                PAST.replace("near,", "close,")
                .replace("near =", "close =")
                .replace(", near)", ", close)")
                .replace("boxes, near", "boxes, close")
            ),
        ),
    )
    found = diff(*sides)
    assert [c.code for c in found.changes if c.code == "D311"] == ["D311", "D311"]
    same_names = diff(sides[0], Side("b.proc", compiled(PAST.replace("multiply=2", "multiply=3"))))
    assert not [c for c in same_names.changes if c.code == "D311"]
    assert same_names.verdict.said == "numerics changed"
