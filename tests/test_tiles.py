"""Tiles: cut as SAHI cuts, run through a model one by one, and put together again."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from support import BACKENDS, build, run, run_post
from torch import nn

from kernels.tiles.tile_starts import tile_starts
from procdsl.checker.check import check
from procdsl.manifest.canonical import identity
from procdsl.manifest.read import read
from procdsl.ops.tiles.tile import Tile
from procdsl.source import Source
from procdsl.types.constants import Word


def sahi(h: int, w: int, tile_h: int, tile_w: int, over_h: int, over_w: int) -> list[list[int]]:
    """The corners of `get_slice_bboxes`, from its own loop."""
    found = []
    y_max = y_min = 0
    while y_max < h:
        x_min = x_max = 0
        y_max = y_min + tile_h
        while x_max < w:
            x_max = x_min + tile_w
            if y_max > h or x_max > w:
                right, bottom = min(w, x_max), min(h, y_max)
                found.append([max(0, bottom - tile_h), max(0, right - tile_w)])
            else:
                found.append([y_min, x_min])
            x_min = x_max - over_w
        y_min = y_max - over_h
    return found


def test_tiles_as_sahi_cuts_them() -> None:
    rng = np.random.default_rng(0)
    for _ in range(2000):
        h, w = (int(n) for n in rng.integers(1, 3000, 2))
        sides = [int(n) for n in rng.integers(1, 900, 2)]
        over = [int(rng.integers(0, side)) // 2 for side in sides]
        op = Tile(h=sides[0], w=sides[1], overlap=tuple(over), last=Word("shifted"), fill=0.0)
        if h * w / ((sides[0] - over[0]) * (sides[1] - over[1])) > 5000:
            continue
        wanted = sahi(h, w, *sides, *over)
        assert [list(corner) for corner in op.corners(h, w)] == wanted
        rows, columns = (
            tile_starts(size, side, lap, True)
            for size, side, lap in zip((h, w), sides, over, strict=True)
        )
        assert [[y, x] for y in rows for x in columns] == wanted


DETECTOR = """proc 1
pipeline tiled
input image: u8[h, w, c=3] bgr
pre {
    convert(rgb)
    to_float(scale=1/255)
    layout(c, h, w)
    tile(h=32, w=40, overlap=8, last=shifted)
}
model x: f32[tile, c=3, h=32, w=40] rgb -> raw: f32[tile, feature=5, anchor=2]
post {
    boxes, scores = decode_yolo(raw, classes=1, box=xyxy)
    boxes, scores = untile_boxes(boxes, scores, image)
    found = nms(boxes, scores, score=0.5, iou=0.5, per=class, limit=10)
    found = clip_to(found, image)
}
output found
"""


class FindsBright(nn.Module):
    """Boxes round the bright pixels of each tile; a second box that is no box."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = []
        for tile in x.unbind(0):
            y, across = torch.nonzero(tile[0] > 0.5, as_tuple=True)
            box = torch.zeros(5, 2)
            if y.numel() > 0:
                box[0, 0], box[1, 0] = across.min().float(), y.min().float()
                box[2, 0], box[3, 0] = across.max() + 1.0, y.max() + 1.0
                box[4, 0] = 0.9
            found.append(box)
        return torch.stack(found)


@pytest.mark.parametrize("at", [(3, 4), (60, 74), (26, 33), (20, 60)])
def test_an_object_is_found_once_where_it_is(at: tuple[int, int]) -> None:
    """The two last lie in the overlap of tiles, whole in each."""
    image = np.zeros((70, 80, 3), np.uint8)
    image[at[0] : at[0] + 4, at[1] : at[1] + 5] = 255
    built = build(DETECTOR)
    for backend in BACKENDS:
        (tiles,) = run(built.modules[backend], {"image": image})
        raw = FindsBright()(torch.from_numpy(tiles.copy())).numpy()
        found = run_post(built.modules[backend], {"raw": raw}, [(70, 80)])["found"]
        assert found["boxes"].tolist() == [[at[1], at[0], at[1] + 5, at[0] + 4]]
    whole = built.modules["torch"].WithProcessing(FindsBright())
    given = torch.from_numpy(image)
    assert whole(given).found.boxes.tolist() == [[at[1], at[0], at[1] + 5, at[0] + 4]]
    scripted = torch.jit.script(built.modules["torch"].Preprocess())
    assert torch.equal(scripted(given), built.modules["torch"].preprocess(given))


SEGMENTER = """proc 1
pipeline tiled
input image: u8[h, w, c=3] bgr
pre {
    resize(long=64, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
    tile(h=16, w=24, overlap=(5, 7), last=LAST)
}
model x: f32[tile, c=3, h=16, w=24] bgr -> y: f32[tile, k=3, h=16, w=24]
post {
    y = untile_map(y, image)
}
output y
"""


@pytest.mark.parametrize("last", ["shifted", "padded, fill=0.5"])
def test_maps_of_a_model_that_changes_nothing_are_the_picture(last: str) -> None:
    image = np.random.default_rng(1).integers(0, 256, (70, 80, 3), dtype=np.uint8)
    built = build(SEGMENTER.replace("LAST", last))
    small = cv2.resize(image, (64, 56), interpolation=cv2.INTER_LINEAR)
    wanted = small.astype(np.float32).transpose(2, 0, 1) / np.float32(255)
    for backend in BACKENDS:
        (tiles,) = run(built.modules[backend], {"image": image})
        found = run_post(built.modules[backend], {"y": tiles}, [(70, 80)])["y"]
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).max() < 1e-7  # a mean of three equal numbers is rounded
    module = built.modules["torch"]
    module.self_check()
    given = torch.from_numpy(tiles)
    scripted = torch.jit.script(module.Postprocess())(given, (70, 80)).y
    assert torch.equal(scripted, module.postprocess(given, (70, 80)).y)


def test_the_wrong_number_of_tiles_is_refused() -> None:
    built = build(SEGMENTER.replace("LAST", "shifted"))
    for backend in BACKENDS:
        with pytest.raises(ValueError, match="expected those of 20 tiles, got 19"):
            run_post(
                built.modules[backend], {"y": np.zeros((19, 3, 16, 24), np.float32)}, [(70, 80)]
            )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("    boxes, scores = untile_boxes(boxes, scores, image)\n", ""), "E319"),
        (("overlap=8", "overlap=32"), "E211"),
        (("last=shifted", "last=padded"), "E209"),
        (("tile, c=3, h=32", "tile, c=3, h=33"), "E312"),
        (("    tile(h=32, w=40, overlap=8, last=shifted)\n", ""), "E312"),
    ],
)
def test_what_the_checker_says(change: tuple[str, str], code: str) -> None:
    text = DETECTOR.replace(*change)
    assert text != DETECTOR
    assert code in {d.code for d in check(Source("p.proc", text)).diagnostics}


CLIP = """proc 1
pipeline clip
input before: u8[h, w, c=3] bgr
input after: u8[h, w, c=3] bgr
pre {
    clip = stack(before, after, before)
    clip = resize(clip, h=20, w=30, sampler=cv2.linear)
    clip = rotate(clip, clockwise, degrees=90)
    x = patchify(clip, h=5, w=5, order=(c, t, h, w), frames=2)
}
model x: u8[patch=48, d=150] -> y: f32[class=4]
"""


@pytest.mark.parametrize("text", [DETECTOR, SEGMENTER.replace("LAST", "shifted"), CLIP])
def test_a_manifest_loses_nothing_of_tiles_and_clips(text: str) -> None:
    built = build(text)
    again = read(built.files[f"{built.pipeline.name}.manifest.json"])
    assert identity(again) == identity(built.pipeline)
    assert again.pre == built.pipeline.pre
    for module in built.modules.values():
        module.self_check()


def test_images_of_two_sizes_are_no_clip() -> None:
    built = build(CLIP)
    small, large = np.zeros((8, 9, 3), np.uint8), np.zeros((8, 10, 3), np.uint8)
    for backend in BACKENDS:
        with pytest.raises(ValueError, match="^after: images of one size make a clip") as error:
            run(built.modules[backend], {"before": small, "after": large})
        assert "expected the shape [8, 9, 3], as before has, got [8, 10, 3]" in str(error.value)


def test_an_image_smaller_than_a_tile_is_named() -> None:
    built = build(
        "proc 1\npipeline p\ninput photo: u8[h, w, c=3] bgr\n"
        "pre {\n    tile(h=16, w=20, overlap=0, last=shifted)\n}\n"
        "model x: u8[tile, h=16, w=20, c=3] bgr -> y: f32[tile, class=2]\n"
    )
    for backend in BACKENDS:
        said = "^photo: an image of 9 x 50 is too small for tiles of 16 x 20$"
        with pytest.raises(ValueError, match=said):
            run(built.modules[backend], {"photo": np.zeros((9, 50, 3), np.uint8)})


def test_more_tiles_than_an_image_may_be_cut_into() -> None:
    text = SEGMENTER.replace("LAST", "shifted").replace(
        "h=16, w=24, overlap=(5, 7)", "h=2, w=2, overlap=1"
    )
    text = text.replace("    resize(long=64, sampler=cv2.linear)\n", "")
    built = build(text.partition("post")[0].replace("h=16, w=24", "h=2, w=2"))
    for backend in BACKENDS:
        said = "^image: an image of 400 x 400 is too large: more than 65536 tiles$"
        with pytest.raises(ValueError, match=said):
            run(built.modules[backend], {"image": np.zeros((400, 400, 3), np.uint8)})
    fixed = text.replace("u8[h, w,", "u8[h=400, w=400,")
    assert "E211" in {d.code for d in check(Source("p.proc", fixed)).diagnostics}


def test_boxes_of_tiles_do_not_go_back_at_once() -> None:
    text = DETECTOR.replace(
        "    boxes, scores = untile_boxes(boxes, scores, image)\n",
        "    boxes = back_to(boxes, image)\n",
    )
    found = check(Source("p.proc", text)).diagnostics
    assert any(d.code == "E318" and "untile_boxes" in d.wanted for d in found)
