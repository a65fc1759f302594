"""Inputs whose caller names the order of the channels: `rgb|bgr`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from command_line import PHOTOGRAPH
from support import BACKENDS, Built, build, compiled, given_to, manifest_of, picture, same, to_numpy

from procdsl.checker.check import check
from procdsl.cli.main import main
from procdsl.ir.unparse import unparse
from procdsl.manifest import read
from procdsl.manifest.canonical import identity
from procdsl.reference.interpreter import preprocess
from procdsl.source import Source
from procdsl.syntax.format import formatted

TEXT = """proc 1

pipeline p

## A frame.
input image: u8[h, w, c=3] rgb|bgr

pre {
    letterbox(h=16, w=16, fill=114, sampler=cv2.linear)
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    layout(c, h, w)
}

model x: f32[c=3, h=16, w=16] rgb -> boxes: f32[n, box=4] boxes(xyxy, pixels)

post {
    boxes = back_to(boxes, image)
}

output boxes
"""
GRAY = """proc 1
pipeline p
input image: {} {}
pre {{
    {}
}}
model x: {} -> y: f32[n]
"""
FILES = {
    "planes": (TEXT, (20, 30, 3)),
    "gray": (
        GRAY.format("u8[h, w, c=3]", "rgb|bgr", "convert(gray, luma=pil)", "u8[h, w, c=1] gray"),
        (20, 30, 3),
    ),
    "bgr": (
        GRAY.format("u8[h, w, c=3]", "bgr|rgb", "flip(vertical)", "u8[h, w, c=3] bgr"),
        (20, 30, 3),
    ),
    "clip": (
        GRAY.format("u8[t, h, w, c=3]", "rgb|bgr", "flip(vertical)", "u8[t, h, w, c=3] rgb"),
        (2, 9, 8, 3),
    ),
    "alpha": (
        GRAY.format(
            "u8[h, w, c=4]",
            "rgba|bgra",
            "convert(rgb, alpha=over, fill=(1, 2, 3))",
            "u8[h, w, c=3] rgb",
        ),
        (20, 30, 4),
    ),
    "floats": (
        GRAY.format("f32[h, w, c=3]", "rgb|bgr", "normalize(mean=(1, 2, 3), std=(2, 4, 8))",
                    "f32[h, w, c=3] rgb"),
        (5, 4, 3),
    ),
    "channels first": (
        GRAY.format("u8[c=3, h, w]", "rgb|bgr", "resize(h=9, w=8, sampler=cv2.linear)",
                    "u8[c=3, h=9, w=8] rgb"),
        (3, 20, 30),
    ),
    "channels between": (
        GRAY.format("u8[h, c=3, w]", "bgr|rgb", "flip(vertical)\n    layout(c, h, w)",
                    "u8[c=3, h, w] bgr"),
        (20, 3, 30),
    ),
    "unchanged": (
        "proc 1\npipeline p\ninput image: u8[h, w, c=3] rgb|bgr\n"
        "model image: u8[h, w, c=3] rgb -> y: f32[n]\n",
        (5, 4, 3),
    ),
}  # fmt: skip


def exchanged(x: Any) -> Any:
    """The other order of the same channels, as memory of its own."""
    axis = next(i for i in reversed(range(x.ndim)) if x.shape[i] in (3, 4))
    order = (slice(None),) * axis + ([2, 1, 0, 3][: x.shape[axis]],)
    return x[order].contiguous() if isinstance(x, torch.Tensor) else x[order].copy()


def random(shape: Sequence[int], dtype: str) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, shape).astype(dtype)


@pytest.fixture(scope="module")
def either() -> Built:
    return build(TEXT)


# What is computed


@pytest.mark.parametrize("fuse", [True, False])
@pytest.mark.parametrize("name", FILES)
def test_both_orders_compute_what_the_file_says(name: str, fuse: bool) -> None:
    text, shape = FILES[name]
    built = build(text, fuse=fuse)
    image = random(shape, "float32" if "f32[h, w, c=3] rgb|bgr" in text else "uint8")
    (wanted,) = preprocess(built.pipeline, {"image": image})
    own, other = built.pipeline.orders
    for backend, module in built.modules.items():
        given = given_to(backend, image)
        for order, x in ((own, given), (other, exchanged(given))):
            found = module.preprocess(x, order=order)
            same(to_numpy(found), wanted, 0, f"{backend} {order}")
            out = found.clone() if backend == "torch" else np.empty_like(found)
            assert module.preprocess(x, out=out, order=order) is out
            same(to_numpy(out), wanted, 0, f"{backend} {order} out")
            batch = module.preprocess_batch([x, x], order=order, workers=2)
            same(to_numpy(batch[1]), wanted, 0, f"{backend} {order} batch")
        wrong = to_numpy(module.preprocess(given, order=other))
        assert not np.array_equal(wrong, to_numpy(module.preprocess(given, order=own)))
        module.self_check()


def test_it_is_the_order_in_which_planes_are_written(either: Built) -> None:
    """No exchange is left over, on any backend."""
    for backend, text in (
        ("numpy", "in enumerate([2, 1, 0])"),
        ("torch", "in enumerate([2, 1, 0])"),
        ("cv2", "_write_border(content, [2, 1, 0]"),
    ):
        code = either.files[f"p_{backend}.py"]
        assert text in code
        assert text.replace("[2, 1, 0]", "[0, 1, 2]") in code


@pytest.mark.parametrize("backend", BACKENDS)
def test_self_check_runs_both(either: Built, backend: str) -> None:
    code = either.files[f"p_{backend}.py"]
    assert code.count("fed = preprocess(_probe(") == 2
    assert '[..., [2, 1, 0]], order="bgr")' in code


TWO = """proc 1
pipeline p
input left: u8[h, w, c=3] rgb|bgr
input right: u8[h, w, c=3] rgb|bgr
input mask: u8[h, w] gray
pre {
    a = flip(left, vertical)
    b = flip(right, horizontal)
}
model a: u8[h, w, c=3] rgb, b: u8[h, w, c=3] rgb, mask: u8[h, w] gray -> y: f32[n]
"""
BRANCHES = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb|bgr
pre {
    train {
        resize(h=8, w=8, sampler=cv2.area)
    }
    serve {
        resize(h=8, w=8, sampler=cv2.linear)
    }
    layout(c, h, w)
}
model x: u8[c=3, h=8, w=8] rgb -> y: f32[n]
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_one_order_is_that_of_all_inputs(backend: str) -> None:
    module = build(TWO, [backend]).modules[backend]
    left, right = (given_to(backend, picture(9, 8, seed)) for seed in (1, 2))
    mask = given_to(backend, np.zeros((3, 4), np.uint8))
    wanted = module.preprocess(left, right, mask, order="rgb")
    found = module.preprocess(exchanged(left), exchanged(right), mask, order="bgr")
    for x, y in zip(found, wanted, strict=True):
        assert np.array_equal(to_numpy(x), to_numpy(y))
    stacked = module.preprocess_batch([left], [right], [mask], order="rgb")
    assert np.array_equal(to_numpy(stacked.a[0]), to_numpy(wanted.a))
    module.self_check()


@pytest.mark.parametrize("backend", BACKENDS)
def test_training_names_it_too(backend: str) -> None:
    module = build(BRANCHES, [backend]).modules[backend]
    image = given_to(backend, picture())
    wanted = module.preprocess_train(image, order="rgb")
    found = module.preprocess_train(exchanged(image), order="bgr")
    assert np.array_equal(to_numpy(found), to_numpy(wanted))
    with pytest.raises(ValueError, match='^order: expected "rgb" or "bgr"'):
        module.preprocess_train(image)


# What is wrong


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("order", ["", "RGB", "gray", None, 3])
def test_an_order_that_is_none(either: Built, backend: str, order: Any) -> None:
    module = either.modules[backend]
    image = given_to(backend, picture())
    said = f'^order: expected "rgb" or "bgr", as the channels given are, got "{order}"$'
    for call, given in ((module.preprocess, image), (module.preprocess_batch, [image])):
        with pytest.raises(ValueError, match=said):
            call(given, order=order)
    if not order:
        with pytest.raises(ValueError, match=said.replace("None", "")):
            module.preprocess(image)
    with pytest.raises(TypeError, match="positional"):
        module.preprocess(image, None, "rgb")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("rgb|bgr", "rgb|rgb", "`rgb|rgb`"),
        ("rgb|bgr", "rgb|gray", "`rgb|gray`"),
        ("rgb|bgr", "rgb|bgra", "`rgb|bgra`"),
        ("[h, w, c=3] rgb|", "[h, w, x=3] rgb|", "`rgb|bgr` of [h, w, x]"),
        ("h=16, w=16] rgb", "h=16, w=16] rgb|bgr", "`rgb|bgr` of no input"),
    ],
)
def test_a_choice_that_is_none(old: str, new: str, found: str) -> None:
    checked = check(Source("p.proc", TEXT.replace(old, new)))
    assert ("E334", found) in [(d.code, d.found) for d in checked.diagnostics]


def test_a_colour_that_is_none_and_two_choices() -> None:
    (unknown,) = check(Source("p.proc", TEXT.replace("|bgr", "|bgrx"))).diagnostics
    assert unknown.code == "E204"
    text = TWO.replace("right: u8[h, w, c=3] rgb|bgr", "right: u8[h, w, c=3] bgr|rgb")
    (two,) = check(
        Source("p.proc", text.replace("b: u8[h, w, c=3] rgb", "b: u8[h, w, c=3] bgr"))
    ).diagnostics
    assert (two.code, two.found) == ("E334", "`bgr|rgb` and `rgb|bgr`")


def test_inside_it_is_the_first_colour() -> None:
    text = TEXT.replace("    to_float", "    convert(bgr)\n    to_float").replace(
        "x: f32[c=3, h=16, w=16] rgb", "x: f32[c=3, h=16, w=16] bgr"
    )
    assert [d.code for d in check(Source("p.proc", text)).diagnostics] == ["E321"]
    same_colour = TEXT.replace("    to_float", "    convert(rgb)\n    to_float")
    assert [d.code for d in check(Source("p.proc", same_colour)).diagnostics] == ["E320"]


# Where it stands


def test_it_is_kept_by_the_printer_and_by_the_manifest(either: Built) -> None:
    assert formatted(Source("p.proc", TEXT)).text == TEXT
    assert unparse(either.pipeline) == TEXT
    assert manifest_of(either)["inputs"][0]["value"] == "image: u8[h, w, c=3] rgb|bgr"
    assert read.read(either.files["p.manifest.json"]) == either.pipeline
    ids = {identity(compiled(TEXT.replace("rgb|bgr", tag))) for tag in ("rgb", "rgb|bgr")}
    assert len(ids) == 2


def test_run_gives_what_pillow_gives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    digests = []
    for tag in ("rgb", "rgb|bgr"):
        file = tmp_path / "p.proc"
        file.write_text(TEXT.replace("rgb|bgr", tag))
        assert main(["run", str(file), str(PHOTOGRAPH), "--backend", "all"]) == 0
        digests.append(re.findall(r"^[0-9a-f]{64}", capsys.readouterr().out, re.M))
    assert digests[0] == digests[1]
    assert len(digests[0]) == 3


# torch


def test_modules_of_torch(either: Built) -> None:
    module = either.modules["torch"]
    rgb = torch.from_numpy(picture())
    wanted = module.preprocess(rgb, order="rgb")
    eager = module.Preprocess()
    scripted = torch.jit.script(eager)
    for call in (eager, scripted):
        assert torch.equal(call(exchanged(rgb), order="bgr"), wanted)
        assert torch.equal(call(rgb, order="rgb"), wanted)
        batch = call(exchanged(rgb)[None], order="bgr")
        assert torch.equal(batch[0], wanted)
    with pytest.raises(ValueError, match='^order: expected "rgb" or "bgr"'):
        eager(rgb)
    with pytest.raises(torch.jit.Error, match='order: expected "rgb" or "bgr"'):
        scripted(rgb)


def test_a_model_with_its_processing_and_export(either: Built) -> None:
    module = either.modules["torch"]
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(768, 8))
    model.append(torch.nn.Unflatten(1, (2, 4)))
    rgb = torch.from_numpy(picture())
    with torch.no_grad():
        whole = module.WithProcessing(model.eval())
        wanted = whole(rgb, order="rgb").boxes
        assert torch.equal(whole(exchanged(rgb), order="bgr").boxes, wanted)
        assert torch.equal(torch.jit.script(whole)(exchanged(rgb), order="bgr").boxes, wanted)
        exported = torch.export.export(module.Preprocess(), (rgb,), {"order": "bgr"}).module()
        found = exported(exchanged(rgb), order="bgr")
    assert torch.equal(found, module.preprocess(rgb, order="rgb"))
