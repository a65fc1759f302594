"""A folder with a package of its own, whose functions a pipeline calls."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from PIL import Image, ImageFilter
from support import BACKENDS, Built

from procdsl.checker.check import check
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline, Step
from procdsl.source import Source
from procdsl.workspace import externs

FILTERS = """
import numpy as np
from PIL import Image, ImageFilter


def denoise(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).filter(ImageFilter.MedianFilter(3)))
"""
RGB = "u8[h, w, c=3] rgb"
SHOP_DENOISE = f'denoise from "shop.filters:denoise" ({RGB}) -> {RGB}'
DENOISE = f"extern {SHOP_DENOISE}\n"
PIPELINE = f"""proc 1
pipeline shop
{DENOISE}
input image: u8[h, w, c=3] bgr
pre {{
    convert(rgb)
    denoise()
    resize(h=16, w=24, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h=16, w=24] rgb -> logits: f32[class=4]
"""
_count = itertools.count()


def loaded(code: str) -> ModuleType:
    return load(code, f"extern_{next(_count)}")


class Project:
    """A folder with a package `shop` that Python finds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def compiled(self, text: str) -> Pipeline:
        checked = check(Source(str(self.folder / "p.proc"), text), find=externs.find)
        assert checked.pipeline is not None, [(d.code, d.found) for d in checked.diagnostics]
        return checked.pipeline

    def build(self, text: str, backends: Sequence[str] = BACKENDS, fuse: bool = True) -> Built:
        pipeline = self.compiled(text)
        files = generate(pipeline, backends, options=Options(optimize=fuse, format=False))
        modules = {backend: loaded(files[f"{pipeline.name}_{backend}.py"]) for backend in backends}
        return Built(pipeline, modules, files)

    def codes(self, text: str) -> list[tuple[str, str]]:
        checked = check(Source(str(self.folder / "p.proc"), text), find=externs.find)
        return [(d.code, d.found) for d in checked.diagnostics]


def forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def denoised(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).filter(ImageFilter.MedianFilter(3)))


def calling(function: Callable[..., Any]) -> Callable[[Step, Sequence[np.ndarray]], Any]:
    """The function as what the interpreter calls for an extern of one result."""
    return lambda step, given: [function(*given)]


def file(extern: str, *steps: str, image: str = RGB, model: str = RGB, post: str = "") -> str:
    pre = "".join(f"    {step}\n" for step in steps)
    return (
        f"proc 1\npipeline p\nextern {extern}\ninput image: {image}\npre {{\n{pre}}}\n"
        f"model x: {model} -> y: f32[n=4]\n{post}"
    )


# Frames of coordinates


DETECTOR = f"""proc 1
pipeline p
extern denoise from "shop.filters:denoise" ({RGB} @image) -> {RGB} @image
input image: {RGB}
pre {{
    resize(h=40, w=50, sampler=cv2.linear)
    denoise()
}}
model x: u8[h=40, w=50, c=3] rgb -> boxes: f32[n, box=4] boxes(xyxy, pixels)
post {{
    found = back_to(boxes, image)
}}
output found
"""
