"""Torch modules: scripted, saved, exported, and round a model."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from support import Built, build, picture
from torch import nn


def test_modules_script_and_save(classifier: Built) -> None:
    module = classifier.modules["torch"]
    image = torch.from_numpy(picture())
    scripted = torch.jit.script(module.Preprocess())
    stored = io.BytesIO()
    torch.jit.save(scripted, stored)
    stored.seek(0)
    loaded = torch.jit.load(stored)
    assert torch.equal(loaded(image), module.preprocess(image))
    post = torch.jit.script(module.Postprocess())
    logits = torch.tensor([0.1, 3.0, -1.0, 0.5])
    found, wanted = post(logits), module.postprocess(logits)
    assert wanted.label == "dog"
    assert found.label == wanted.prediction == 1  # a graph has no texts, but ids
    assert torch.equal(found.probabilities, wanted.probabilities)
    with pytest.raises(torch.jit.Error, match="expected shape"):
        scripted(image[..., 0])


def test_detector_scripts(detector: Built) -> None:
    module = detector.modules["torch"]
    raw = torch.rand(7, 40, generator=torch.Generator().manual_seed(0))
    raw[:4] *= 64
    raw[4:] *= 0.3
    found = torch.jit.script(module.Postprocess())(raw, (20, 30)).found
    wanted = module.postprocess(raw, (20, 30)).found
    count = len(wanted.scores)
    assert 1 < count == found.counts < len(found.scores)
    assert torch.equal(found.boxes[:count], wanted.boxes)
    assert not found.boxes[count:].any()


def test_preprocess_exports(classifier: Built) -> None:
    module = classifier.modules["torch"]
    image = torch.from_numpy(picture())
    exported = torch.export.export(module.Preprocess(), (image,))
    other = torch.from_numpy(picture(seed=5))
    assert torch.equal(exported.module()(other), module.preprocess(other))
    assert torch.equal(module.preprocess(image), module.Preprocess()(image))


@pytest.mark.parametrize(
    "step",
    [
        "resize(h=16, w=20, sampler=pil.bilinear)",
        "resize(h=40, w=20, sampler=pil.bicubic)",
        "resize(h=13, w=17, sampler=cv2.area)",
        "resize(h=40, w=50, sampler=cv2.area)",
        "resize(h=13, w=17, sampler=torch.bilinear)",
        "letterbox(h=32, w=32, fill=114, sampler=cv2.linear)",
        "crop(center, h=10, w=11)",
        "convert(gray, luma=pil)",
    ],
)
def test_steps_export_and_script(step: str) -> None:
    text = f"proc 1\npipeline p\ninput image: u8[h=20, w=30, c=3] rgb\npre {{\n{step}\n}}\n"
    size = "h=20, w=30, c=1] gray" if "gray" in step else "h=%s, w=%s, c=3] rgb"
    numbers = [int(n) for n in __import__("re").findall(r"[hw]=(\d+)", step)]
    text += f"model x: u8[{size % tuple(numbers) if numbers else size} -> y: f32[]\n"
    module = build(text, ["torch"]).modules["torch"]
    image = torch.from_numpy(picture())
    wanted = module.preprocess(image)
    assert torch.equal(torch.jit.script(module.Preprocess())(image), wanted)
    exported = torch.export.export(module.Preprocess(), (image,))
    assert torch.equal(exported.module()(image), wanted)


def test_with_processing_wraps_a_model(classifier: Built) -> None:
    torch.manual_seed(0)
    module = classifier.modules["torch"]
    model = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 4)).eval()
    whole = module.WithProcessing(model)
    image = torch.from_numpy(picture())
    with torch.no_grad():
        found = whole(image)
        wanted = module.postprocess(model(module.preprocess(image)[None])[0])
        scripted = torch.jit.script(whole)(image)
    assert found.label == wanted.label
    assert scripted.label == wanted.prediction
    assert torch.equal(found.probabilities, wanted.probabilities)
    assert set(whole.state_dict()) == {"model.2.weight", "model.2.bias"}


def test_preprocess_module_takes_a_batch(classifier: Built) -> None:
    module = classifier.modules["torch"]
    images = torch.from_numpy(np.stack([picture(seed=n) for n in range(3)]))
    assert torch.equal(module.Preprocess()(images), module.preprocess_batch(images))


@pytest.mark.parametrize("name", ["batch", "fed", "found"])
def test_with_processing_has_names_of_its_own(name: str) -> None:
    """Whatever the input is called, whose size is read behind the model."""
    built = build(
        f"""proc 1
pipeline p
input {name}: u8[h, w, c=3] rgb
pre {{
    x = resize({name}, h=4, w=8, sampler=cv2.linear)
}}
model x: u8[h=4, w=8, c=3] rgb -> b: f32[n=1, box=4] boxes(xyxy, pixels) @x
post {{
    b = back_to(b, {name})
}}
output b
""",
        ["torch"],
    )
    whole = built.modules["torch"].WithProcessing(lambda x: torch.tensor([[[0.0, 0, 8, 4]]]))
    found = whole(torch.from_numpy(picture(20, 30)))
    assert found.b.tolist() == [[0, 0, 30, 20]]
