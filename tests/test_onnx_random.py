"""Random pipelines of `pre` as graphs, in ONNX Runtime against the reference."""

from __future__ import annotations

import re

import numpy as np
import pytest
from onnx_graphs import Graph, check_pre, graphs
from random_pre import REFUSED, pre_pipeline
from support import compiled, of_a_size_that_passes, random_array

from procdsl.codegen.refusals import refused
from procdsl.reference.interpreter import preprocess
from procdsl.types.array import Array


def check_seed(seed: int) -> None:
    """A batch of two gives what the reference gives, or fails where the reference refuses it.

    Of each fourth one so does the graph without rewrites that only make it faster.
    """
    drawn = pre_pipeline(seed)
    pipeline = compiled(drawn.text)
    if refused(pipeline, "onnx"):
        pytest.skip("a graph does not hold it")
    with of_a_size_that_passes():
        graph = Graph(graphs(pipeline)["pre"])
    (value,) = pipeline.inputs
    assert isinstance(value.type, Array)
    rng = np.random.default_rng(seed)
    pictures = [{value.name: random_array(rng, value.type, drawn.size)} for _ in range(2)]
    try:
        preprocess(pipeline, pictures[0])
    except ValueError as error:
        assert re.search(REFUSED, str(error))  # noqa: PT017 - the picture may not fit
        with pytest.raises(Exception, match="ONNXRuntimeError"):
            graph({value.name: pictures[0][value.name][None]})
        return
    check_pre(pipeline, graph, pictures)
    if seed % 4 == 0:
        check_pre(pipeline, Graph(graphs(pipeline, optimize=False)["pre"]), pictures)


@pytest.mark.parametrize("seed", range(24))
def test_pre(seed: int) -> None:
    check_seed(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24, 524))
def test_five_hundred_pre_pipelines(seed: int) -> None:
    check_seed(seed)
