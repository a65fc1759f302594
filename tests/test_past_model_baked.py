"""What goes past a model, between the host and a file."""

from __future__ import annotations

from pathlib import Path

import onnx
import onnx.parser
import pytest
import torch
from past_model import PAST, Network, as_graph
from planning import crossing, of, places
from support import (
    compiled,
)

from procdsl.bake.bake import bake
from procdsl.bake.samples import built_in
from procdsl.bake.source import ModelSource
from procdsl.bake.target import target
from procdsl.ir.pipeline import Pipeline
from procdsl.plan.places import plan
from procdsl.records import replace


@pytest.mark.parametrize(
    ("refused", "placed", "takes", "gives"),
    [
        ("", "mmmmm mmmm", ["image", "person"], ["moved", "shown", "boxes", "near"]),
        (
            "add",
            "mmmmm hhmm",
            ["image", "person"],
            ["shown", "boxes", "near", "y"],
        ),
        (
            "scale",
            "mmmhm mmmm",
            ["image", "person", "after_scale"],
            ["moved", "shown", "boxes"],
        ),
        (
            "select",
            "hhhmm mmmm",
            ["person", "after_to_float", "mask", "image_size"],
            ["moved", "shown", "boxes", "near"],
        ),
        (
            "multiply",
            "mmmmm mhhm",
            ["image", "person"],
            ["boxes", "near", "moved", "x", "mask"],
        ),
    ],
)
def test_crossing(refused: str, placed: str, takes: list[str], gives: list[str]) -> None:
    found, two = of(PAST, refused)
    assert places(found) == placed
    assert crossing(two) == (takes, gives)


def baked(pipeline: Pipeline, to: str, keep: set[tuple[str, int]], folder: Path) -> Path:
    into = target(to)
    runtime = into.runtimes[0]
    found = plan(pipeline, to, runtime, lambda s, given: into.why_not(s, runtime, given), keep)
    path = folder / "model"
    if to == "onnx":
        onnx.save(as_graph(), path)
    else:
        torch.jit.save(torch.jit.script(Network()), path)
    source = ModelSource(str(path), target("onnx" if to == "onnx" else "torchscript").format, "")
    whole = replace(pipeline, plan=found)
    bake(whole, into, source, built_in(whole), str(folder / "baked"))
    return folder / "baked"


@pytest.mark.parametrize("to", ["onnx", "torchscript"])
@pytest.mark.parametrize(
    "keep",
    [
        set(),
        pytest.param({("post", 1)}, marks=pytest.mark.slow),
        pytest.param({("pre", 4)}, marks=pytest.mark.slow),
        {("pre", 3), ("post", 3)},
    ],
)
def test_baked(to: str, keep: set[tuple[str, int]], tmp_path: Path) -> None:
    """Each seam is held against the reference before the file is written."""
    assert baked(compiled(PAST), to, keep, tmp_path).stat().st_size
