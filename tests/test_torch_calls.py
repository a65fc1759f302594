"""torch's `Preprocess` against the torch calls that training code makes, bits equal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from support import build
from torch.nn import functional

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
FIVE_LINES = f"""proc 1
pipeline five_lines
input raw: u8[c=3, h, w] rgb
pre {{
    to_float(scale=1/255)
    normalize(mean={MEAN}, std={STD})
    resize(h=224, w=224, sampler=torch.bilinear)
}}
model x: f32[c=3, h=224, w=224] rgb -> logits: f32[class=5]
post {{
    probabilities = softmax(logits, over=class)
    confidence, prediction = max(probabilities, over=class)
}}
output prediction, confidence
"""
RESIZED_FIRST = f"""proc 1
pipeline resized_first
input raw: f32[c=3, h, w] rgb
pre {{
    resize(h=224, w=224, sampler=torch.bilinear)
    normalize(mean={MEAN}, std={STD})
}}
model x: f32[c=3, h=224, w=224] rgb -> logits: f32[class=5]
"""
MODULES = {text: build(text, ["torch"]).modules["torch"] for text in (FIVE_LINES, RESIZED_FIRST)}


def normalized(x: torch.Tensor) -> torch.Tensor:
    mean, std = (torch.tensor(numbers).view(3, 1, 1) for numbers in (MEAN, STD))
    return (x - mean) / std


def resized(x: torch.Tensor) -> torch.Tensor:
    return functional.interpolate(x, size=(224, 224), mode="bilinear", align_corners=False)


BY_HAND: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    FIVE_LINES: lambda x: resized(normalized(x.contiguous().float() / 255.0)),
    RESIZED_FIRST: lambda x: normalized(resized(x.contiguous())),
}


def strided(x: torch.Tensor) -> torch.Tensor:
    """The same numbers, every second and third of a larger memory, from the end of the planes."""
    n, c, h, w = x.shape
    wide = torch.zeros(n, 2 * c, h + 3, 3 * w, dtype=x.dtype)
    wide[:, 1::2, 2:-1, ::3] = x
    return wide[:, 1::2, 2:-1, ::3]


MEMORY: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "contiguous": lambda x: x,
    "channels_last": lambda x: x.contiguous(memory_format=torch.channels_last),
    "strided": strided,
    "from pictures": lambda x: x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
    "turned": lambda x: x.transpose(2, 3).contiguous().transpose(2, 3),
    "expanded": lambda x: x[:1].expand(x.shape),
    "one channel expanded": lambda x: x[:, :1].expand(x.shape),
}


@pytest.mark.parametrize("size", [(256, 256), (97, 331), (224, 224), (500, 224), (1, 1), (5, 1)])
@pytest.mark.parametrize("memory", MEMORY)
@pytest.mark.parametrize("text", [FIVE_LINES, RESIZED_FIRST], ids=["five lines", "resized first"])
def test_the_bits_of_the_calls(text: str, memory: str, size: tuple[int, int]) -> None:
    """On planes in one piece, which is how the calls are written; of a batch and of one."""
    module = MODULES[text]
    x = torch.from_numpy(np.random.default_rng(3).integers(0, 256, (3, 3, *size), np.uint8))
    given = MEMORY[memory](x if text == FIVE_LINES else x / 255)
    wanted = BY_HAND[text](given)
    preprocess = module.Preprocess()
    assert torch.equal(preprocess(given), wanted)
    assert torch.equal(module.preprocess_batch(given), wanted)
    for one, bits in zip(given, wanted, strict=True):
        assert torch.equal(preprocess(one), bits)
        assert torch.equal(module.preprocess(one), bits)


def test_the_decision_of_the_calls() -> None:
    logits = torch.from_numpy(np.random.default_rng(4).standard_normal((6, 5), np.float32) * 3)
    wanted = functional.softmax(logits, dim=1).max(dim=1)
    for one, confidence, prediction in zip(logits, *wanted, strict=True):
        found = MODULES[FIVE_LINES].postprocess(one)
        assert found.prediction == prediction
        assert abs(found.confidence - confidence) < 1e-6
