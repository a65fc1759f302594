"""Each family as one file of ONNX: from a picture's pixels to the answer, the host's texts aside.

`bake` itself holds what a file gives against the pipeline's meaning; here it must go through, and
nothing that a graph can hold may stay on the host.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from baking import inside, ran
from family_anchors import FAMILIES
from onnx_networks import constant
from test_families import FOLDER, array_of, given_by

from procdsl.checker.check import check
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.workspace import sources

pytestmark = pytest.mark.integrations

NAMES = sorted(path.stem for path in FOLDER.glob("*.proc"))
TEXTS = {"lookup", "tags"}
"""Steps that give texts, which no graph holds: it gives their ids."""
OPEN = 6
"""The size of an axis that the contract leaves open."""


def given(name: str, pipeline: Pipeline) -> dict[str, np.ndarray]:
    """What the model gives for a picture: known objects, or what it could give for one."""
    if name in FAMILIES:
        return given_by(name, pipeline)[0]
    rng = np.random.default_rng(1)
    return {value.name: _raw(rng, value) for value in pipeline.model.outputs}


def _raw(rng: np.random.Generator, value: Value) -> np.ndarray:
    """Places anywhere, and of the scores of many anchors a few that are high."""
    type_ = array_of(value)
    shape = [axis.size or OPEN for axis in type_.axes]
    if type_.dtype == "i64":
        return rng.integers(0, 3, shape)
    x = rng.random(shape, dtype=np.float32)
    if type_.kind in ("logits", "flow"):
        return 8 * x - 4
    if type_.kind is None and len(shape) == 2:  # a column of box and scores for each anchor
        x[4:] *= rng.random(shape[1], dtype=np.float32) < 40 / shape[1]
        x[:4] *= 60
    return x


@pytest.mark.parametrize("name", NAMES)
def test_a_family_is_one_file(name: str, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    with inside(tmp_path):
        pipeline = check(sources.read_source(f"{name}.proc"), load=sources.load).pipeline
        assert pipeline is not None
        onnx.save(constant(pipeline, given(name, pipeline)), "network.onnx")
        words = ("--model", "network.onnx", "-o", "baked.onnx")
        code, _, told = ran("bake", f"{name}.proc", "--to", "onnx", *words)
        assert code == 0, told
        host = json.loads(Path(f"{name}_host.manifest.json").read_text())
    left = {step["operation"] for step in host["plan"]["steps"] if step["place"] == "host"}
    assert left <= TEXTS, "what a graph can hold stays on the host"
