"""A step of scipy in the middle of `pre`: up to it is on the host, the rest is in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from baking import baked, inside, laid_out, network, opened, photograph, ran, refused, same_numbers
from scipy.ndimage import median_filter
from support import converting

import procdsl
from procdsl.codegen.python.loading import load

PIPELINE = """proc 1
pipeline detector
extern denoise from "shop.filters:denoise" (u8[h, w, c=3] rgb @image) -> u8[h, w, c=3] rgb @image
input image: u8[h, w, c=3] bgr
pre {
    convert(rgb)
    denoise()
    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=64, w=64] rgb -> raw: f32[feature=7, anchor=40]
post {
    boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)
    found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=20)
    found = back_to(found, image)
    names = lookup(found.classes, table=("cat", "dog", "bird"))
}
output found, names
"""
FILTERS = """
from scipy.ndimage import median_filter


def denoise(image):
    return median_filter(image, size=(3, 3, 1))
"""
ALLOWED = {"allow_externs": ["shop.filters:denoise"]}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a project, in which the detector is baked."""
    folder = laid_out(tmp_path_factory.mktemp("shop"))
    (folder / "shop").mkdir()
    (folder / "shop" / "filters.py").write_text(FILTERS)
    (folder / "detector.proc").write_text(PIPELINE)
    with inside(folder):
        baked("detector", "torchscript")
        yield folder


def whole(image: np.ndarray) -> Any:
    """What the compiled pipeline makes of a picture, with the network between."""
    code, _, _ = ran("compile", "detector.proc", "-o", "whole", "--target", "numpy")
    assert code == 0
    module = load(Path("whole/detector_numpy.py").read_text(), "whole_detector_numpy")
    with torch.no_grad():
        raw = network("detector")(torch.from_numpy(module.preprocess(image))[None])[0]
    return module.postprocess(raw.numpy(), image)


def test_it_is_served_by_load(shop: Path) -> None:
    processor = procdsl.load("out/detector.torchscript", **ALLOWED)  # type: ignore[arg-type]
    assert processor.plan is not None
    hosted = [step.title for step in processor.plan.steps if step.place == "host"]
    assert hosted == ["pre.1", "pre.2", "post.4"]
    for image in (photograph(), photograph(61, 83)):
        found, wanted = processor(image), whole(image)
        assert found.names == wanted.names
        for one, other in zip(found.found, wanted.found, strict=True):
            same_numbers(one, other)
    many = processor([photograph(61, 83), photograph(40, 40), photograph(61, 83)])
    assert [one.names for one in many[::2]] == [whole(photograph(61, 83)).names] * 2


def test_the_file_is_called_straight(shop: Path) -> None:
    """By torch alone: what it takes says what must have been done."""
    graph, image = opened(Path("out/detector.torchscript"), "torchscript"), photograph(61, 83)
    denoised = median_filter(image[..., ::-1], size=(3, 3, 1))
    assert [argument.name for argument in graph.forward.schema.arguments][1:] == ["after_denoise"]
    with torch.no_grad():
        found = graph(after_denoise=torch.from_numpy(denoised[None].copy()))
    count, wanted = int(found["found.counts"][0]), whole(image)
    same_numbers(found["found.boxes"][0][:count], wanted.found.boxes)
    same_numbers(found["found.classes"][0][:count], wanted.found.classes)
    with pytest.raises(Exception, match="after_denoise: expected dtype "):
        graph(torch.zeros(1, 3, 64, 64))


def test_what_must_not_happen_twice_or_never(shop: Path) -> None:
    processor = procdsl.load("out/detector.torchscript", **ALLOWED)  # type: ignore[arg-type]
    processed = np.zeros((3, 64, 64), np.float32)
    with pytest.raises(TypeError, match="image: expected dtype uint8, got float32"):
        processor(processed)
    with pytest.raises(
        ValueError,
        match=r"`after_denoise`: expected u8\[1, \?, \?, 3\], .* got f32\[1, 3, 64, 64\]",
    ):
        processor.run(processed)
    with pytest.raises(ValueError, match="names Python that would be imported and run: shop.filt"):
        procdsl.load("out/detector.torchscript")


def test_another_source_of_the_extern_is_refused(shop: Path) -> None:
    source = shop / "shop" / "filters.py"
    source.write_text(FILTERS.replace("(3, 3, 1)", "(5, 5, 1)"))
    try:
        with pytest.raises(ValueError, match="was .* when the pipeline was compiled"):
            procdsl.load("out/detector.torchscript", **ALLOWED)  # type: ignore[arg-type]
    finally:
        source.write_text(FILTERS)


def test_the_modules_know_their_file_and_no_other(shop: Path) -> None:
    host = load(Path("out/detector_host_numpy.py").read_text(), "shop_host_numpy")
    host.check_model("out/detector.torchscript")
    assert ran("compile", "detector.proc", "-o", "whole", "--target", "numpy")[0] == 0
    complete = load(Path("whole/detector_numpy.py").read_text(), "shop_whole_numpy")
    with pytest.raises(
        ValueError,
        match="expected a model that takes what `preprocess` of the whole pipeline "
        "gives, for which this module is, got a baked one that takes after_denoise: u8",
    ):
        complete.check_model("out/detector.torchscript")
    with pytest.raises(ValueError, match="expected a baked one that takes after_denoise: u8"):
        host.require(complete.MANIFEST_TEXT)


def test_a_file_whose_extern_only_it_names_is_not_baked_again(shop: Path) -> None:
    (shop / "m.json").write_text(Path("whole/detector.manifest.json").read_text())
    words = ("--to", "torchscript", "-o", "out/y", "--factory", "networks:detector")
    told = refused(shop, "m.json", *words)
    assert "is no `.proc` file, and names Python that would be imported" in told


# What `load` makes of batches and sizes


def test_pictures_of_many_sizes_are_run_by_size(tmp_path: Path) -> None:
    """What the model is fed has an open width: pictures of one width are a batch."""
    path, batches = tmp_path / "p.proc", []

    def width(x: np.ndarray) -> np.ndarray:
        batches.append(len(x))
        return np.full((len(x), 1), x.shape[2], np.float32)

    path.write_text(converting("u8[h, w, c=3] rgb", "to_float(scale=1/255)"))
    processor = procdsl.load(path, model=width)
    widths = [30, 44, 30, 7]
    found = processor([np.zeros((20, w, 3), np.uint8) for w in widths])
    assert [int(x[0]) for x in found] == widths
    assert batches == [2, 1, 1]


def test_sizes_beside_the_inputs(shop: Path, tmp_path: Path) -> None:
    words = ("--to", "torchscript", "-o", str(tmp_path / "kept"), "--keep", "letterbox")
    assert ran("bake", "detector.proc", *words, "--factory", "networks:detector")[0] == 0
    processor = procdsl.load(tmp_path / "kept", **ALLOWED)  # type: ignore[arg-type]
    image = photograph(61, 83)
    fed = processor.preprocess(image)
    boxes, scores, classes = processor.run(fed, (61, 83))
    found = processor(image).found
    for one, other in zip((boxes, scores, classes), found, strict=True):
        same_numbers(one, other)
    listed = processor.run(np.stack([fed, fed]), [(61, 83), (122, 166)])
    assert np.allclose(listed[0][1], 2 * listed[0][0], atol=1e-3)
    with pytest.raises(
        TypeError, match="expected `image_size` of pictures beside the inputs, got 0"
    ):
        processor.run(fed)
    with pytest.raises(ValueError, match=r"image_size: expected the \(height, width\) of each pic"):
        processor.run(fed, (61, 0))
    plain = procdsl.load("detector.proc", model=network("detector"))
    with pytest.raises(TypeError, match="expected no sizes beside the inputs, got 1"):
        plain.run(plain.preprocess(image), (61, 83))
