"""Backends made wrong on purpose: the comparison that all other tests rest on must see it.

Each row changes one thing in a generated module: a constant, a rounding, an order, a comparison.
"""

from __future__ import annotations

import numpy as np
import pytest
from cases import compare_batch
from support import Built, arrays, build, compare, source_of

from procdsl.codegen.python.loading import load
from procdsl.opdef.op import Case

U8 = "resize(h=17, w=23, sampler={})"
DETECTION = Case(
    pre="letterbox(h=64, w=48, fill=114, sampler=cv2.nearest)",
    post="b, s = decode_yolo(x, classes=3, box=cxcywh)\n"
    "found = nms(b, s, score=0.75, iou=0.45, per=class, limit=60)\n"
    "found = back_to(found, image)\n"
    "found = clip_to(found, image)",
    outputs={"x": "f32[feature=7, anchor=60]"},
    values=lambda: {"x": heads()},
)
SCORES = Case(
    post="p = softmax(x, over=class)\n"
    "v, i = top(p, over=class, k=3)\n"
    "t = lookup(i, table=(5, 3, 9, 1))",
    outputs={"x": "f32[class=4, n=3]"},
)


def heads() -> np.ndarray:
    rng = np.random.default_rng(7)
    boxes = rng.integers(4, 60, (4, 60)).astype(np.float32)
    scores = (rng.integers(0, 20, (3, 60)) / np.float32(20)).astype(np.float32)
    return np.concatenate([boxes, scores])


RGBA, NV12 = "u8[h, w, c=4] rgba", "u8[rows, w] cv2.nv12"
PLANES = Case(U8.format("cv2.nearest"), image="u8[c=3, h, w] rgb")
PLANTED = [
    (Case("convert(rgb)"), "numpy", "[2, 1, 0]", "[2, 0, 1]"),
    (Case("convert(rgb)"), "cv2", "COLOR_BGR2RGB", "COLOR_BGR2HSV"),
    (Case("convert(rgb)"), "torch", "[2, 1, 0]", "[0, 1, 2]"),
    (Case("convert(gray, luma=pil)"), "numpy", "1 << (shift - 1)", "1 << (shift - 2)"),
    (Case("convert(gray, luma=pil)"), "torch", "[7471, 38470, 19595]", "[7472, 38470, 19595]"),
    (Case("convert(gray, luma=cv2)"), "cv2", "COLOR_BGR2GRAY", "COLOR_RGB2GRAY"),
    (Case("convert(gray, luma=torchvision)"), "torch", "0.2989", "0.299"),
    (Case("convert(rgb, alpha=over, fill=9)", image=RGBA), "numpy", "+= 128", "+= 126"),
    (Case("convert(rgb, alpha=over, fill=9)", image=RGBA), "torch", "[9, 9, 9]", "[9, 9, 8]"),
    (Case("convert(cv2.hsv)"), "numpy", "1 << 11", "1 << 10"),
    (Case("convert(cv2.hsv)"), "cv2", "COLOR_BGR2HSV", "COLOR_RGB2HSV"),
    (Case("convert(cv2.lab)"), "torch", "mul_(296)", "mul_(295)"),
    (Case("convert(pil.ycbcr)"), "numpy", "+ 0.5", "+ 0.4"),
    (Case("convert(rgb)", image=NV12), "numpy", "(image, 0, 0)", "(image, 0, 1)"),
    (Case("convert(rgb)", image=NV12), "cv2", "RGB_NV12", "RGB_NV21"),
    (Case("convert(rgb)", image=NV12), "torch", "1220542", "1210542"),
    (Case(U8.format("cv2.nearest")), "numpy", "np.floor", "np.ceil"),
    (Case(U8.format("cv2.nearest")), "cv2", "INTER_NEAREST", "INTER_NEAREST_EXACT"),
    (Case(U8.format("cv2.linear")), "numpy", "total += 2", "total += 1"),
    (Case(U8.format("cv2.linear")), "torch", "upper >>= 18", "upper >>= 17"),
    (Case(U8.format("cv2.linear")), "cv2", "INTER_LINEAR", "INTER_AREA"),
    (Case(U8.format("cv2.area")), "numpy", "1e-3", "1e-1"),
    (Case(U8.format("cv2.area")), "torch", "1.0 / cell", "0.999 / cell"),
    (Case(U8.format("pil.bilinear")), "numpy", "x += 0.5", "x += 0.499"),
    (Case(U8.format("pil.bicubic")), "numpy", "1.5 * x - 2.5", "1.25 * x - 2.25"),
    (Case(U8.format("pil.bicubic")), "torch", "1 << 21", "1 << 20"),
    (Case("resize(h=9, w=44, sampler=pil.bilinear)"), "cv2", "sh - h > 2 * (sw - w)", "False"),
    (Case(U8.format("torch.bilinear")), "numpy", "1 << 15", "1 << 12"),
    (
        Case("letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)"),
        "numpy",
        "uint8(114)",
        "uint8(0)",
    ),
    (Case("letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)"), "torch", "// 2", "// 3"),
    (
        Case("letterbox(h=9, w=64, fill=9, sampler=cv2.nearest)", size=(18, 15)),
        "cv2",
        "(up % 2)",
        "(down % 2)",
    ),
    (
        Case("crop(center, h=14, w=20)", size=(17, 25)),
        "numpy",
        "half_of(border_h)",
        "half_of(border_h - 1)",
    ),
    (
        Case("pad(multiple=16, anchor=center, fill=3)"),
        "torch",
        "-(-h // multiple)",
        "(h // multiple + 2)",
    ),
    (Case("flip(vertical)"), "numpy", "np.flip(image, -3)", "np.flip(image, -2)"),
    (Case("to_float(scale=1/255)"), "numpy", "/= _SCALE", "*= np.float32(1 / 255)"),
    (Case("to_float(scale=1/255)"), "torch", "div_(self.scale)", "mul_(1 / self.scale)"),
    (
        Case("to_float(scale=1/255)\nnormalize(mean=0.485, std=0.229)"),
        "cv2",
        "/ _STD",
        "* (1 / _STD)",
    ),
    (Case("to_float(scale=1/255)\nnormalize(mean=0.485, std=0.229)"), "torch", "0.485", "0.4851"),
    (Case("to_float(scale=1/255)\nclip(max=0.5)"), "numpy", "rows > np", "rows > 1.1 * np"),
    (Case("to_float(scale=0.3)\ncast(u8, rounding=half_even)"), "numpy", "np.rint", "np.floor"),
    (
        Case("to_float(scale=0.5)\ncast(u8, rounding=half_even)"),
        "torch",
        ".round()",
        ".add(0.5).floor()",
    ),
    (Case("layout(c, h, w)"), "torch", "movedim(-1, -3)", "movedim(-1, -2)"),
    (PLANES, "numpy", "transpose(1, 2, 0)", "transpose(2, 1, 0)"),
    (PLANES, "cv2", "transpose(2, 0, 1)", "transpose(2, 1, 0)"),
    (PLANES, "torch", "movedim(-3, -1)", "movedim(-3, -2)"),
    (SCORES, "numpy", "np.float32)", "np.float16).astype(np.float32)"),
    (SCORES, "numpy", 'kind="stable"', 'kind="stable")[::-1].copy('),
    (SCORES, "torch", "descending=True", "descending=False"),
    (SCORES, "torch", "[5, 3, 9, 1]", "[5, 3, 1, 9]"),
    (DETECTION, "numpy", "> iou", ">= 0"),
    (DETECTION, "torch", "> score", ">= score"),
    (DETECTION, "cv2", "np.float32(0.5)", "np.float32(0.25)"),
    (DETECTION, "numpy", "at.source_h, at.content_h", "at.source_w, at.content_w"),
    (DETECTION, "torch", "boxes > high", "boxes > 2 * high"),
]


BATCHED = [
    (Case("flip(vertical)"), "flip(-3)", "flip(0)"),
    (Case("convert(rgb)"), "index_select(-1", "index_select(2"),
    (Case("to_float(scale=1/255)\nlayout(c, h, w)"), "select(-3, c)", "select(0, c)"),
    (Case(U8.format("cv2.linear")), "[:, None] * source", "[:, None] * (source - 1)"),
    (Case(U8.format("cv2.area")), "rows_of_all(rows[0], pictures", "rows_of_all(rows[0], 1"),
    (Case(U8.format("pil.bilinear")), "transpose(0, 1).flatten(1)", "flatten(0, 1).flatten(1)"),
    (Case("convert(cv2.hsv)"), "dim=-1)", "dim=2)"),
    (Case("min_max(over=image, eps=0.0001)"), "real.amin(axes", "real.amin(list(range(x.dim()))"),
    (Case("standardize(over=image, eps=0.0001)"), "planes.flatten(first)", "planes.flatten()"),
    (Case("tile(h=16, w=20, overlap=5, last=shifted)"), "select(at, tile)", "select(0, tile)"),
]


@pytest.mark.parametrize(
    ("case", "right", "wrong"),
    [pytest.param(*row, id=f"batch: {row[2]}") for row in BATCHED],
)
def test_a_mistake_in_a_batch_is_seen(case: Case, right: str, wrong: str) -> None:
    """Code that is right on one sample, and mixes those of a batch."""
    built = build(source_of(case), ["torch"])
    samples = [arrays(case, built.pipeline, seed)[0] for seed in range(3)]
    compare_batch(built, samples)
    text = built.files[f"{built.pipeline.name}_torch.py"]
    assert right in text, "the row does not fit the generated code any more"
    head, _, manifest = text.partition("# The manifest, as in")
    module = load(head.replace(right, wrong) + "#" + manifest, "planted_batch")
    planted = Built(built.pipeline, {"torch": module}, built.files)
    with pytest.raises((AssertionError, IndexError, RuntimeError, ValueError)):
        compare_batch(planted, samples)


@pytest.mark.parametrize(
    ("case", "backend", "right", "wrong"),
    [pytest.param(*row, id=f"{row[1]}: {row[3]}") for row in PLANTED],
)
def test_a_planted_mistake_is_seen(case: Case, backend: str, right: str, wrong: str) -> None:
    built = build(source_of(case), [backend])
    inputs, outputs = arrays(case, built.pipeline)
    compare(built, inputs, outputs)
    file = f"{built.pipeline.name}_{backend}.py"
    text = built.files[file]
    assert right in text, "the row does not fit the generated code any more"
    head, _, manifest = text.partition("# The manifest, as in")
    module = load(head.replace(right, wrong) + "#" + manifest, f"planted_{backend}")
    with pytest.raises((AssertionError, IndexError, RuntimeError, ValueError)):
        compare(Built(built.pipeline, {backend: module}, built.files), inputs, outputs)
