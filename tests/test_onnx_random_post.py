"""Random pipelines of `post` as graphs, in ONNX Runtime against the reference."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from onnx_graphs import Graph, check_post, graphs
from random_post import detector, found_by_model
from support import compiled, random_array
from test_random_pipelines import post_pipelines

from procdsl.ir.pipeline import Pipeline
from procdsl.reference.probe import axis_sizes, check_size, picture, shape_of
from procdsl.types.array import Array


def check_detector(seed: int) -> None:
    """A batch, each sample of a picture of its own size but where tiles want one of all."""
    pipeline = compiled(detector(seed))
    sizes = sizes_that_fit(pipeline, seed)
    rng = np.random.default_rng(seed)
    samples = []
    for size in sizes:
        tiles = axis_sizes(pipeline, size)
        sample = {}
        for value in pipeline.model.outputs:
            assert isinstance(value.type, Array)
            sample[value.name] = found_by_model(rng, value.type, shape_of(value.type, size, tiles))
        samples.append(sample)
    pictures = [{v.name: picture(v, size) for v in pipeline.inputs} for size in sizes]
    check_post(pipeline, Graph(graphs(pipeline)["post"]), samples, pictures)


def sizes_that_fit(pipeline: Pipeline, seed: int) -> list[tuple[int, int]]:
    """Up to three sizes of pictures that pass `pre`."""
    rng, found = Random(seed), []
    for _ in range(40):
        size = rng.randint(1, 40), rng.randint(1, 40)
        try:
            check_size(pipeline, size)
        except ValueError:
            continue
        found.append(size)
    if not found:
        pytest.skip("no picture of such a size passes")
    tiles = "tile" in axis_sizes(pipeline, found[0])
    return found[:1] * 3 if tiles else found[:3]


@pytest.mark.parametrize("seed", range(30))
def test_detectors(seed: int) -> None:
    check_detector(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30, 530))
def test_five_hundred_detectors(seed: int) -> None:
    check_detector(seed)


def check_text(text: str, seed: int) -> None:
    pipeline = compiled(text)
    (value,) = pipeline.model.outputs
    assert isinstance(value.type, Array)
    rng = np.random.default_rng(seed)
    samples = [random_array(rng, value.type, (4, 3)) for _ in range(2)]
    if samples[0].size > 3:
        samples[0].ravel()[rng.integers(0, samples[0].size, 2)] = (np.nan, np.inf)
    graph = Graph(graphs(pipeline)["post"])
    check_post(pipeline, graph, [{value.name: x} for x in samples], [{}, {}])


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(post_pipelines())
def test_post(drawn: tuple[str, int]) -> None:
    check_text(*drawn)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(post_pipelines())
def test_four_hundred_posts(drawn: tuple[str, int]) -> None:
    check_text(*drawn)
