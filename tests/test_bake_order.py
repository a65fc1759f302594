"""Inputs that may come in two orders of channels: a baked file takes the one of `--order`."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from baking import opened, photograph, ran, refused, same_numbers, studio
from onnx_networks import saved
from pipelines import DETECTOR
from support import compiled

import procdsl
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline
from procdsl.ir.plan import Plan
from procdsl.manifest.read import BadManifest, read
from procdsl.plan.halves import halves
from procdsl.plan.keep import kept
from procdsl.plan.places import plan
from procdsl.plan.turned import in_order
from procdsl.records import replace
from procdsl.reference.interpreter import preprocess

__all__ = ["studio"]

EITHER = DETECTOR.replace("input image: u8[h, w, c=3] rgb", "input image: u8[h, w, c=3] rgb|bgr")
BOTH = """proc 1
pipeline both
input image: u8[h, w, c=3] rgb|bgr
pre {
    flipped = flip(image, horizontal)
    code = gamma(flipped, gamma=2.2, form=torchvision)
    small = resize(image, h=8, w=9, sampler=cv2.linear)
}
model small: u8[h=8, w=9, c=3] rgb, code: u8[h, w, c=3] rgb -> y: f32[n=2]
"""
"""Where the `flip` is kept, both the host and the file take the picture."""


def baked(studio: Path, to: str, order: str) -> Path:
    (studio / "detector.proc").write_text(EITHER)
    model = ("--model", saved("detector", studio)) if to == "onnx" else ()
    words = model or ("--factory", "networks:detector")
    path = studio / "out" / f"{order}.{to}"
    given = ("bake", "detector.proc", "--to", to, "--order", order, "-o", str(path), *words)
    code, _, told = ran(*given)
    assert code == 0, told
    return path


def answers(path: Path, to: str, image: np.ndarray) -> dict[str, Any]:
    """What the file gives by its runtime alone."""
    if to == "onnx":
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        names = [one.name for one in session.get_outputs()]
        return dict(zip(names, session.run(names, {"image": image[None]}), strict=True))
    with torch.no_grad():
        found: dict[str, Any] = opened(path, to)(torch.from_numpy(image[None].copy()))
    return found


@pytest.mark.parametrize("to", ["onnx", "torchscript", pytest.param("pt2", marks=pytest.mark.slow)])
def test_a_file_takes_the_order_that_was_said(to: str, studio: Path) -> None:
    rgb = photograph(61, 83)
    bgr = np.ascontiguousarray(rgb[..., ::-1])
    wanted, *others = (
        answers(baked(studio, to, order), to, image)
        for order, image in (("rgb", rgb), ("bgr", bgr))
    )
    assert int(wanted["found.counts"][0]) > 0
    for name, x in wanted.items():
        same_numbers(others[0][name], x)
    manifest = (studio / "out" / "detector_host.manifest.json").read_text()
    told = json.loads(manifest)["plan"]
    assert (told["order"], told["takes"]) == ("bgr", ["image: u8[h, w, c=3] bgr"])
    processor = procdsl.load(studio / "out" / f"bgr.{to}")
    assert processor.plan is not None
    assert processor.plan.order == "bgr"
    count = int(wanted["found.counts"][0])
    for order, image in (("rgb", rgb), ("bgr", bgr)):
        same_numbers(processor(image, order=order).found.boxes, wanted["found.boxes"][0][:count])
    with pytest.raises(ValueError, match="order"):
        processor(bgr)


def test_readers_of_onnx_see_the_order(studio: Path) -> None:
    for order, wanted in (("rgb", "Rgb8"), ("bgr", "Bgr8")):
        model = onnx.load(baked(studio, "onnx", order))
        said = {one.key: one.value for one in model.metadata_props}
        assert said["Image.BitmapPixelFormat"] == wanted
        code, printed, _ = ran("inspect", str(studio / "out" / f"{order}.onnx"))
        assert (code, f"takes image: u8[h, w, c=3] {order}\n" in printed) == (0, True)
        header = (studio / "out" / "detector_host_numpy.py").read_text()[:400]
        assert f"    procdsl bake detector.proc --to onnx --order {order}\n" in header


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), "a file takes one order of channels: --order rgb or --order bgr\n"),
        (("--order", "gray"), "--order rgb or --order bgr, not gray\n"),
        (("--order", "bgr", "--keep", "letterbox"), "--order bgr: nothing that the file takes of "
         "detector comes in two orders\n"),
    ],
)  # fmt: skip
def test_the_order_is_said_where_there_are_two(
    words: tuple[str, ...], wanted: str, studio: Path
) -> None:
    (studio / "detector.proc").write_text(EITHER)
    given = ("detector.proc", "--to", "torchscript", *words)
    bake = (*given, "--factory", "networks:detector", "-o", "out/d")
    assert refused(studio, *bake).endswith(wanted)
    code, printed, told = ran("plan", *given)
    assert (code, printed, told.endswith(wanted)) == (2, "", True)


def test_a_picture_of_one_order_has_none_to_say(studio: Path) -> None:
    words = ("detector.proc", "--to", "torchscript", "--order", "rgb", "-o", "out/d")
    told = refused(studio, *words, "--factory", "networks:detector")
    assert "--order rgb: nothing that the file takes of detector comes in two orders" in told


def planned(text: str, order: str, *keep: str) -> tuple[Pipeline, Plan]:
    pipeline = compiled(text)
    return pipeline, plan(pipeline, "toy", "", lambda *_: "", kept(pipeline, keep), order)


@pytest.mark.parametrize("order", ["rgb", "bgr"])
def test_host_and_file_may_both_take_the_picture(order: str) -> None:
    """By the reference, and by modules of each half: what the whole gives in any order."""
    pipeline, found = planned(BOTH, order, "flip")
    two = halves(pipeline, found)
    assert [str(v.type) for v in two.file.inputs][0] == f"u8[h, w, c=3] {order}"
    assert [v.name for v in two.file.inputs] == ["image", "after_flip"]
    rgb = photograph(20, 31)
    image = rgb if order == "rgb" else np.ascontiguousarray(rgb[..., ::-1])
    wanted = preprocess(pipeline, {"image": rgb})
    given = preprocess(two.host, {"image": image})
    same_numbers(given[0], image)
    names = (value.name for value in two.baked.inputs)
    for x, y in zip(
        preprocess(two.baked, dict(zip(names, given, strict=True))),  # type: ignore[arg-type]
        wanted,
        strict=True,
    ):
        same_numbers(x, y)
    whole = replace(pipeline, plan=found)
    for x, y in zip(preprocess(in_order(whole), {"image": image}), wanted, strict=True):
        same_numbers(x, y)
    module = module_of(two.host)
    for said, picture in (("rgb", rgb), ("bgr", np.ascontiguousarray(rgb[..., ::-1]))):
        for x, y in zip(module.preprocess(picture, order=said), given, strict=True):
            same_numbers(x, y)


def module_of(pipeline: Pipeline) -> ModuleType:
    files = generate(pipeline, ["numpy"], options=Options(format=False))
    return load(str(files[f"{pipeline.name}_numpy.py"]), f"{pipeline.name}_in_order")


def test_the_order_of_a_manifest_is_one_of_the_pipeline_s() -> None:
    pipeline, found = planned(EITHER, "bgr")
    (text,) = generate(replace(pipeline, plan=found), []).values()
    assert read(str(text)).plan == found
    for order, wanted in (
        ("gray", "no input of detector comes in the order gray"),
        ("rgb", "at plan/takes: "),
        ("", "at plan: "),
        (3, "at plan/order: 3 is of another kind"),
    ):
        data = json.loads(text)
        data["plan"]["order"] = order
        with pytest.raises(BadManifest, match=wanted):
            read(json.dumps(data))
