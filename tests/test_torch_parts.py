"""torch's `Preprocess` works on long batches in parts, with the bits of all at once."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from extern_project import RGB, Project, file
from support import build, converting

from kernels.runtime.can_write_into_torch import can_write_into
from kernels.runtime.in_parts_torch import in_parts, is_long, part_size
from procdsl.compiler import generate

HEAD = "proc 1\npipeline p\ninput image: %s\npre {\n%s\n}\nmodel x: %s -> y: f32[n=1]\n"
RESIZED = HEAD % (
    "f32[c=3, h, w] rgb",
    "resize(h=60, w=50, sampler=torch.bilinear)\nnormalize(mean=(0.1, 0.2, 0.3), std=(2, 3, 4))",
    "f32[c=3, h=60, w=50] rgb",
)
OPEN = HEAD % (
    "u8[h, w, c=3] rgb",
    "crop(center, fraction=1/2)\nto_float(scale=1/255)",
    "f32[h, w, c=3] rgb",
)
ORDER = HEAD % (
    "u8[h, w, c=3] rgb|bgr",
    "resize(h=60, w=50, sampler=cv2.linear)\nto_float(scale=1/255)\nlayout(c, h, w)",
    "f32[c=3, h=60, w=50] rgb",
)
SEVERAL = (
    "proc 1\npipeline p\ninput left: u8[h, w, c=3] rgb\ninput right: f32[h, w] gray\n"
    "pre {\n"
    "    a = resize(left, h=20, w=24, sampler=cv2.linear)\n"
    "    b = pad(right, h=240, w=350, anchor=center, fill=0.5)\n"
    "}\n"
    "model a: u8[h=20, w=24, c=3] rgb, b: f32[h=240, w=350] gray -> y: f32[n=1]\n"
)


def module(text: str) -> Any:
    return build(text, ["torch"]).modules["torch"]


def images(*shape: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(8).integers(0, 256, shape, np.uint8))


def test_a_part_is_of_half_a_million_numbers_or_of_one_sample() -> None:
    x = images(64, 3, 256, 256)
    assert part_size([x], 3 * 224 * 224) == 2
    assert part_size([x], 3 * 640 * 640) == 1
    assert part_size([x[..., :8, :8]], 0) == (1 << 19) // (3 * 64)
    assert part_size([x, x], 0) == 1
    assert part_size([images(2, 5, 0)], 0) == 1 << 19


def test_when_a_batch_is_long() -> None:
    x = torch.rand(64, 3, 100, 100)
    assert is_long([x], [3], 0)
    assert not is_long([x[:17]], [3], 0)
    assert is_long([x[:17]], [3], 3 * 224 * 224)
    assert not is_long([x[0]], [3], 1 << 20)
    assert not is_long([x[:1]], [3], 1 << 20)
    assert not is_long([x[:0]], [3], 1 << 20)
    assert not is_long([x.to("meta")], [3], 0)
    assert not is_long([x.clone().requires_grad_()], [3], 0)
    with torch.no_grad():
        assert is_long([x.clone().requires_grad_()], [3], 0)


@pytest.mark.parametrize(
    ("text", "given", "named"),
    [
        (RESIZED, [images(9, 3, 300, 301) / 255], {}),
        (OPEN, [images(9, 300, 301, 3)], {}),
        (ORDER, [images(9, 300, 301, 3)], {"order": "bgr"}),
        (SEVERAL, [images(9, 130, 140, 3), images(9, 230, 340) / 255], {}),
        (SEVERAL, [images(9, 130, 140, 3)[:, ::2], images(9, 230, 680)[..., ::2] / 255], {}),
    ],
)
def test_the_bits_of_one_by_one(
    text: str, given: list[torch.Tensor], named: dict[str, str]
) -> None:
    made = module(text)
    preprocess = made.Preprocess()
    assert is_long(given, [x.dim() - 1 for x in given], 0)
    found = preprocess(*given, **named)
    scripted = torch.jit.script(preprocess)(*given, **named)
    batch = made.preprocess_batch(*given, **named)
    for i in range(9):
        wanted = made.preprocess(*(x[i] for x in given), **named)
        for results in (found, scripted, batch):
            fields = zip(results, wanted, strict=True) if isinstance(wanted, tuple) else None
            for several, one in fields or [(results, wanted)]:
                assert torch.equal(several[i], one)


def test_a_result_goes_into_memory_of_its_own() -> None:
    preprocess = module(RESIZED).Preprocess()
    into = torch.empty(40, 3, 60, 50)
    assert preprocess(torch.rand(40, 3, 300, 301), out=into).is_set_to(into)
    kept = torch.rand(10, 3, 60, 50)
    wanted = preprocess(kept[:9])
    for made in (0, 1 << 18):
        memory = kept.clone()  # each sample's result would lie where the next sample is
        found = in_parts(preprocess.forward, [memory[:9]], made, {"out": memory[1:]})
        assert torch.equal(found, wanted)
    memory = kept.clone()
    assert torch.equal(module(RESIZED).preprocess(memory[0], out=memory[0]), wanted[0])
    assert torch.equal(memory[0], wanted[0])


def test_an_out_of_another_shape_is_refused() -> None:
    preprocess = module(RESIZED).Preprocess()
    x = torch.rand(9, 3, 300, 301)
    for shape in ([8, 3, 60, 50], [10, 3, 60, 50], [9, 3, 50, 60]):
        wanted = re.escape(
            f"expected a tensor of torch.float32 [9, 3, 60, 50], got torch.float32 {shape}"
        )
        with pytest.raises(ValueError, match=wanted):
            preprocess(x, out=torch.empty(shape))


def test_what_can_be_written_into() -> None:
    memory = torch.zeros(2, 4)
    assert not can_write_into(memory[1], memory[0])
    assert not can_write_into(memory[1], memory.view(torch.uint8)[0])
    assert can_write_into(memory, torch.zeros(2, 4))
    assert not can_write_into(memory, torch.zeros(2, 4, requires_grad=True))
    assert not can_write_into(memory, torch.zeros(2, 4, device="meta"))
    both = np.zeros(8, np.float32)  # one memory that torch takes for two
    assert not can_write_into(torch.from_numpy(both[2:]), torch.from_numpy(both[:4]))
    assert can_write_into(torch.from_numpy(both[4:]), torch.from_numpy(both[:4]))
    scripted = torch.jit.script(can_write_into)
    assert scripted(memory, torch.zeros(2, 4, dtype=torch.uint8))
    assert not scripted(memory[1], memory.view(torch.uint8)[0])
    assert not scripted(memory, torch.zeros(2, 4))  # of which it cannot know


def test_scripted_into_memory_of_another_dtype() -> None:
    text = converting("u8[h, w, c=3] rgb", "to_float(scale=1/255)", "layout(c, h, w)")
    preprocess = build(text, ["torch"]).modules["torch"].Preprocess()
    memory = torch.arange(240).to(torch.uint8)
    image, out = memory[:60].view(4, 5, 3), memory.view(torch.float32).view(3, 4, 5)
    wanted = preprocess(image.clone())
    assert torch.equal(torch.jit.script(preprocess)(image, out=out), wanted)


def test_gradients_of_a_long_batch() -> None:
    preprocess = module(RESIZED).Preprocess()
    x = (images(9, 3, 300, 301) / 255).requires_grad_()
    found = preprocess(x)
    assert torch.equal(found.detach(), preprocess(x.detach()))
    found[4].sum().backward()
    assert x.grad is not None
    assert x.grad[4].sum() != 0
    assert x.grad[[0, 1, 2, 3, 5, 6, 7, 8]].abs().sum() == 0
    out = torch.empty(3, 60, 50)
    made = module(RESIZED).preprocess(x[2], out=out)
    assert torch.equal(made, found[2].detach())
    assert not out.requires_grad


@pytest.mark.parametrize("asked", [(torch.compiler, "is_compiling"), (torch.jit, "is_tracing")])
def test_a_graph_takes_any_number(asked: tuple[Any, str], monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.rand(20, 3, 300, 301)
    assert is_long([x], [3], 0)
    monkeypatch.setattr(*asked, lambda: True)
    assert not is_long([x], [3], 0)


def test_externs_see_a_whole_batch(project: Project) -> None:
    """So that results of several shapes are refused wherever in the batch they are."""
    text = file(f'denoise from "shop.filters:denoise" ({RGB}) -> {RGB}', "denoise()", model=RGB)
    pipeline = project.compiled(text)
    assert "_in_parts" not in generate(pipeline, ["torch"])[f"{pipeline.name}_torch.py"]
