"""Random pipelines of `post` as graphs, in ONNX Runtime against the reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from onnx_graphs import Graph, check_post, graphs
from random_post import detector, outputs_of_model, sizes_that_fit
from support import compiled, random_array
from test_random_pipelines import post_pipelines

from procdsl.reference.probe import picture
from procdsl.types.array import Array


def check_detector(seed: int) -> None:
    """A batch, each sample of a picture of its own size but where tiles want one of all."""
    pipeline = compiled(detector(seed))
    sizes = sizes_that_fit(pipeline, seed)
    pictures = [{v.name: picture(v, size) for v in pipeline.inputs} for size in sizes]
    samples = outputs_of_model(pipeline, sizes, seed)
    check_post(pipeline, Graph(graphs(pipeline)["post"]), samples, pictures)


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
