"""Pictures with what was found on them, by supervision: `make test-integrations` runs this."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from baking import studio
from command_line import PHOTOGRAPH, said
from onnx_networks import saved
from PIL import Image
from support import compiled

from procdsl.serving import plain
from procdsl.serving.drawing import drawn

__all__ = ["studio"]

pytestmark = pytest.mark.integrations

PICTURE = np.full((120, 160, 3), 90, np.uint8)
BOXES = "boxes: f32[n, box=4] boxes(xyxy, pixels) @image, scores: f32[n] scores, ids: i64[n] ids"


def pipeline(outputs: str, post: str, given: str) -> str:
    return (
        "proc 1\npipeline p\ninput image: u8[h, w, c=3] rgb\n"
        f"model x: u8[h, w, c=3] rgb -> {outputs}\npost {{\n{post}\n}}\noutput {given}\n"
    )


def painted(text: str, found: dict[str, object]) -> np.ndarray:
    """Where a picture of one colour has another one, [h, w]."""
    picture = drawn(PICTURE, compiled(text), found)
    assert picture.shape == PICTURE.shape
    changed: np.ndarray = (picture != PICTURE).any(axis=2)
    return changed


def pixels(path: str | Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_boxes_are_drawn_where_they_are() -> None:
    text = pipeline(BOXES, "found = above(boxes, scores, ids, score=0.1, limit=9)", "found")
    fields = {
        "boxes": np.array([[20, 50, 60, 90], [np.nan, 0, 1, 1]], np.float32),
        "scores": np.array([0.5, 0.4], np.float32),
        "classes": np.array([3, 1]),
    }
    changed = painted(text, {"found": fields})
    rows, columns = np.nonzero(changed[52:])
    assert rows.max() + 52 == 90
    assert (columns.min(), columns.max()) == (20, 60)
    assert changed[50:91, 20].all()
    assert changed[90, 20:61].all()
    assert not changed[52:89, 22:59].any(), "the box is empty"
    assert changed[30:50].any(), "its class and score are above it"
    nothing = {name: x[:0] for name, x in fields.items()}
    assert not painted(text, {"found": nothing}).any()


def test_boxes_have_the_names_that_were_looked_up_for_them() -> None:
    post = (
        "    found = above(boxes, scores, ids, score=0.1, limit=9)\n"
        '    names = lookup(found.classes, table=("i", "mmmmmmmmmmmm"))'
    )
    text = pipeline(BOXES, post, "found, names")

    def width(name: str) -> int:
        fields = {
            "boxes": np.array([[20, 50, 40, 90]], np.float32),
            "scores": np.array([0.5], np.float32),
            "classes": np.array([0]),
        }
        changed = painted(text, {"found": fields, "names": [name]})
        assert not changed[:20].any(), "they are no lines of their own"
        return int(np.nonzero(changed[:50])[1].max())

    assert width("mmmmmmmmmmmm") > width("i") + 20


def test_masks_and_maps_of_classes_are_laid_over() -> None:
    found = np.zeros((120, 160), bool)
    found[40:60, 10:30] = True
    text = pipeline("x_: f32[h=120, w=160]", "mask = threshold(x_, above=0.5)", "mask")
    assert np.array_equal(painted(text, {"mask": found}), found)
    text = pipeline("x_: f32[class=3, h=120, w=160]", "map = argmax(x_, over=class)", "map")
    picture = drawn(PICTURE, compiled(text), {"map": found.astype(np.int64) * 2})
    inside, outside = (np.unique(picture[part], axis=0) for part in (found, ~found))
    assert len(inside) == len(outside) == 1
    assert (inside != outside).any()
    small = found[:60, :80]
    text = text.replace("h=120, w=160", "h=60, w=80")
    assert not painted(text, {"map": small.astype(np.int64)}).any(), "of another size it is none"


def test_points_are_drawn_where_they_are() -> None:
    text = pipeline("y: f32[n, k=2, xy=2] points(xy, pixels)", "", "").partition("post")[0]
    points = np.array([[[30, 40], [100, 80]], [[np.nan, 5], [140, 20]]], np.float32)
    changed = painted(text, {"y": points})
    for x, y in ((30, 40), (100, 80), (140, 20)):
        assert changed[y, x]
        changed[y - 5 : y + 6, x - 5 : x + 6] = False
    assert not changed.any()


def test_texts_and_numbers_are_lines_in_the_corner() -> None:
    text = pipeline(
        "y: f32[class=2]",
        '    v, i = max(y, over=class)\n    name = lookup(i, table=("a", "b"))',
        "v, name",
    )
    one = painted(
        text.replace("output v, name", "output name").replace("v, i", "_, i"), {"name": "b"}
    )
    two = painted(text, {"v": np.float32(0.25), "name": "b"})
    assert one[:25, :60].any()
    assert not one[25:].any()
    assert np.nonzero(two)[0].max() > np.nonzero(one)[0].max()
    assert not two[:, 100:].any()


def test_the_command_draws(studio: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = saved("detector", studio)
    words = ["run", "detector.proc", "--model", model, "-o", "a.json"]
    assert said(capsys, *words, str(PHOTOGRAPH), "--draw", "a.png") == (0, "", "")
    before, after = pixels(PHOTOGRAPH), pixels("a.png")
    assert before.shape == after.shape
    changed = (before != after).any(axis=2).mean()
    assert 0 < changed < 0.8
    Image.fromarray(before[:90, :80]).save("b.png")
    assert said(capsys, *words, str(PHOTOGRAPH), "b.png", "--draw", "both") == (0, "", "")
    assert np.array_equal(pixels("both/chelsea.png.png"), after)
    with Image.open("both/b.png.png") as cut:
        assert cut.size == (80, 90)
    code, _, err = said(capsys, *words, str(PHOTOGRAPH), "--draw", "none/a.png")
    assert (code, "none/a.png cannot be written" in err) == (2, True)


def test_tensors_are_named_arrays() -> None:
    torch = pytest.importorskip("torch")
    text = pipeline("y: f32[class=2]", "    v, i = max(y, over=class)", "v, i")
    found = plain.by_name(compiled(text), (torch.tensor(0.5), torch.tensor(1)))
    assert plain.plain(found) == {"v": 0.5, "i": 1}
