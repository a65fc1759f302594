"""The detector's letterbox: BGR 1080p, 720p and 1000 x 750 to RGB 640 x 640 on grey, CHW f32."""

from __future__ import annotations

from functools import partial
from typing import Any

import cv2
import numpy as np
import torch
from torch.nn import functional

from benchmarks import peers
from benchmarks.harness import Run, Workload, main
from benchmarks.jobs import job, photographs

PIPELINE = """proc 1
pipeline letterbox
input image: u8[h, w, c=3] bgr
pre {
    letterbox(h=640, w=640, fill=114, sampler=cv2.linear)
    convert(rgb)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=640, w=640] rgb -> raw: f32[feature=84, anchor=8400]
"""
SIDE, GREY = 640, 114
TABLE = np.arange(256, dtype=np.float32) / 255
BILINEAR = "bilinear in f32, not cv2's fixed point"


def boxed(image: np.ndarray) -> np.ndarray:
    """Scaled into the square, the border half on each side: the letterbox that YOLO papers use."""
    h, w = image.shape[:2]
    scale = min(SIDE / h, SIDE / w)
    size = round(w * scale), round(h * scale)
    if size != (w, h):
        image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    across, down = (SIDE - size[0]) / 2, (SIDE - size[1]) / 2
    top, bottom = round(down - 0.1), round(down + 0.1)
    left, right = round(across - 0.1), round(across + 0.1)
    grey = (GREY, GREY, GREY)
    return cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_CONSTANT, value=grey)


def in_numpy(image: np.ndarray) -> np.ndarray:
    x = np.ascontiguousarray(boxed(image).transpose(2, 0, 1)[::-1])
    return x.astype(np.float32) / 255.0


def tuned(image: np.ndarray) -> np.ndarray:
    """As one writes it who has measured: resized into the square, then a table for each plane."""
    h, w = image.shape[:2]
    scale = min(SIDE / h, SIDE / w)
    size = round(w * scale), round(h * scale)
    left, top = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    square = np.full((SIDE, SIDE, 3), GREY, np.uint8)
    cv2.resize(image, size, dst=square[top : top + size[1], left : left + size[0]])
    planes = cv2.split(square)
    x = np.empty((3, SIDE, SIDE), np.float32)
    for i in range(3):
        cv2.LUT(planes[2 - i], TABLE, dst=x[i])
    return x


def in_torch(image: np.ndarray) -> torch.Tensor:
    """A batch of one, stacked in numpy and made float in torch."""
    x = np.stack([boxed(image)])[..., ::-1].transpose(0, 3, 1, 2)
    batch = torch.from_numpy(np.ascontiguousarray(x)).float()
    batch /= 255
    return batch


def letterbox(label: str, h: int, w: int) -> Workload:
    ours = job(PIPELINE)
    title = f"Letterbox {w} x {h} to 640 x 640"
    work = Workload(f"letterbox_{label}", title, ours.wanted, photographs(h, w))
    size = (round(w * min(SIDE / h, SIDE / w)), round(h * min(SIDE / h, SIDE / w)))
    limits(work, size)
    ours.enter(work)
    ours.enter(work, out=True)
    work.add("cv2 and numpy by hand", "by hand", equal=True)(lambda: in_numpy)
    work.add("cv2 and torch by hand", "by hand", equal=True)(lambda: in_torch)
    work.add("cv2 by hand, tuned", "by hand", equal=True)(lambda: tuned)
    others(work, (h, w), size)
    return work


def limits(work: Workload, size: tuple[int, int]) -> None:
    """The resize into a square that is there, its border, and one write of the output."""
    left, top = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2

    @work.add("limit: cv2.resize, the border, one write of the output", "limit")
    def _() -> Run:
        square = np.empty((SIDE, SIDE, 3), np.uint8)
        inside = square[top : top + size[1], left : left + size[0]]
        borders = (
            square[:top],
            square[top + size[1] :],
            square[:, :left],
            square[:, left + size[0] :],
        )
        x, out = np.zeros((2, 3, SIDE, SIDE), np.float32)

        def run(image: np.ndarray) -> None:
            for border in borders:
                if border.size:
                    border[:] = GREY
            cv2.resize(image, size, dst=inside)
            np.copyto(out, x)

        return run


def others(work: Workload, source: tuple[int, int], size: tuple[int, int]) -> None:
    """The peers, of pictures (h, w); `size` is a picture's in the square, as (width, height)."""
    left, top = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    right, bottom = SIDE - size[0] - left, SIDE - size[1] - top

    @work.add("cv2.dnn.blobFromImageWithParams")
    def _() -> Run:
        given = cv2.dnn.Image2BlobParams()
        given.size, given.swapRB, given.scalefactor = (SIDE, SIDE), True, (1 / 255,) * 4
        given.paddingmode = cv2.dnn.DNN_PMODE_LETTERBOX
        given.borderValue = (GREY, GREY, GREY, 0)
        return lambda image: cv2.dnn.blobFromImageWithParams(image, given)

    @work.add("torch, resized as f32", note=BILINEAR)
    def _() -> Run:
        def run(image: np.ndarray) -> torch.Tensor:
            x = torch.from_numpy(image[:, :, ::-1].copy()).permute(2, 0, 1)[None].float() / 255
            x = functional.interpolate(x, size[::-1], mode="bilinear")
            return functional.pad(x, (left, right, top, bottom), value=GREY / 255)

        return run

    @work.add("albumentations")
    def _() -> Run:
        import albumentations

        stack = albumentations.Compose(
            [
                albumentations.LongestMaxSize(SIDE),
                albumentations.PadIfNeeded(SIDE, SIDE, border_mode=cv2.BORDER_CONSTANT, fill=GREY),
                albumentations.Normalize((0, 0, 0), (1, 1, 1)),
            ]
        )

        def run(image: np.ndarray) -> np.ndarray:
            x = stack(image=cv2.cvtColor(image, cv2.COLOR_BGR2RGB))["image"]
            return np.ascontiguousarray(x.transpose(2, 0, 1))

        return run

    @work.add("kornia", note=BILINEAR)
    def _() -> Run:
        import kornia

        def run(image: np.ndarray) -> torch.Tensor:
            x = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
            x = kornia.geometry.resize(kornia.color.bgr_to_rgb(x), size[::-1])
            return functional.pad(x, (left, right, top, bottom), value=GREY / 255)

        return run

    @work.add("ONNX Runtime, a graph", note=BILINEAR)
    def _() -> Run:
        return peers.onnx_graph(graph(size, (top, left, bottom, right)), SIDE, SIDE)

    @work.add("OpenVINO's preprocessor", note=BILINEAR)
    def _() -> Run:
        def steps(given: Any, names: Any) -> None:
            given.convert_element_type(peers.float_type()).convert_color(names.ColorFormat.RGB)
            given.resize(names.ResizeAlgorithm.RESIZE_LINEAR, size[1], size[0])
            border = [0, top, left, 0], [0, bottom, right, 0], float(GREY)
            given.pad(*border, names.PaddingMode.CONSTANT)
            given.scale(255.0)

        return peers.openvino_model(source, (1, 3, SIDE, SIDE), "BGR", steps)

    @work.add("onnxruntime-extensions", note="antialiased by ONNX's Resize on u8")
    def _() -> Run:
        from onnxruntime_extensions.tools import pre_post_processing as steps

        return peers.extensions_graph(
            (3, SIDE, SIDE),
            [
                steps.Resize(SIDE, policy="not_larger"),
                steps.LetterBox((SIDE, SIDE), fill_value=GREY),
                steps.ReverseAxis(axis=-1, dim_value=3),
                steps.ChannelsLastToChannelsFirst(),
                steps.ImageBytesToFloat(),
            ],
        )


def graph(size: tuple[int, int], border: tuple[int, int, int, int]) -> str:
    top, left, bottom, right = border
    return f"""
    <int64[1] first = {{0}}, int64[3] order = {{2, 1, 0}},
     int64[4] size = {{1, 3, {size[1]}, {size[0]}}},
     int64[6] border = {{0, {top}, {left}, 0, {bottom}, {right}}},
     float grey = {{{GREY}}}, float scale = {{255}}>
    {{
        planes = Transpose<perm = [2, 0, 1]>(image)
        rgb = Gather<axis = 0>(planes, order)
        batch = Unsqueeze(rgb, first)
        real = Cast<to = 1>(batch)
        resized = Resize<mode = "linear">(real, , , size)
        alone = Squeeze(resized, first)
        boxed = Pad(alone, border, grey)
        y = Div(boxed, scale)
    }}"""


if __name__ == "__main__":
    sizes = {"1080p": (1080, 1920), "720p": (720, 1280), "1000x750": (750, 1000)}
    main(partial(letterbox, label, h, w) for label, (h, w) in sizes.items())
