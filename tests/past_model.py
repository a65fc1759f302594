"""A pipeline whose `post` takes an input and a value of `pre`, and what runs with it."""

from __future__ import annotations

import numpy as np
import onnx
import onnx.parser
import torch
from support import (
    picture,
)
from torch import nn

PAST = """proc 1
pipeline past
input image: u8[h, w, c=3] rgb
input person: f32[side=4]
pre {
    x = letterbox(image, h=12, w=16, fill=0, sampler=cv2.nearest)
    x = to_float(x, scale=1/255)
    mask = select(x, c, index=0)
    near = scale(person, multiply=2)
    x = layout(x, c, h, w)
}
model x: f32[c=3, h=12, w=16] rgb, mask: f32[h=12, w=16]
    -> y: f32[side=4], boxes: f32[n=5, box=4] boxes(xyxy, pixels) @x
post {
    moved = add(y, person)
    moved = multiply(moved, near)
    shown = multiply(x, mask)
    boxes = back_to(boxes, image)
}
output moved, shown, boxes, near
"""
"""An input, what the model is fed, and what `pre` makes for `post` alone."""
RNG = np.random.default_rng(0)


def sample(h: int = 20, w: int = 30, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {"image": picture(h, w, seed), "person": rng.normal(0, 9, 4).astype(np.float32)}


def raw(seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "y": rng.normal(0, 3, 4).astype(np.float32),
        "boxes": rng.normal(0, 9, (5, 4)).astype(np.float32),
    }


def as_graph() -> onnx.ModelProto:
    """The network in ONNX."""
    text = """<ir_version: 8, opset_import: ["" : 17]>
    network (float[n, 3, 12, 16] x, float[n, 12, 16] mask) => (float[n, 4] y, float[n, 5, 4] boxes)
    <int64[1] zero = {0}, int64[1] one = {1}, int64[3] first = {0, 0, 0}, int64[3] a = {1, 1, 4},
     int64[2] b = {1, 0}, int64[2] c = {2, 4}, int64[3] d = {1, 0, 0}, int64[3] e = {2, 5, 4},
     int64[3] channels = {1, 2, 3}, int64[2] rows = {1, 2}, float twenty = {20}>
    {
        corner = Slice (x, first, a, channels)
        corner_row = Squeeze (corner, rows)
        masked = Slice (mask, b, c, rows)
        mask_row = Squeeze (masked, one)
        y = Sub (corner_row, mask_row)
        part = Slice (x, d, e, channels)
        found = Squeeze (part, one)
        boxes = Mul (found, twenty)
    }"""
    return onnx.parser.parse_model(text)


class Network(nn.Module):
    """Numbers of both of its inputs."""

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return x[:, 0, 0, :4] - mask[:, 1, :4], 20 * x[:, 1, :5, :4]
