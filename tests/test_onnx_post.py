"""What graphs of `post` give, and refuse."""

from __future__ import annotations

import numpy as np
import pytest
from onnx_graphs import Graph, graphs
from support import compiled

LOOKUP = """proc 1
pipeline p
model x: f32[n=1] -> ids: i64[k=2]
post {
    y = lookup(ids, table=(70, 7, 8))
}
output y
"""


def test_an_id_outside_the_table_fails() -> None:
    graph = Graph(graphs(compiled(LOOKUP))["post"])
    assert graph({"ids": np.array([[2, 0]])})["y"].tolist() == [[8, 70]]
    for wrong in (-1, 3):
        with pytest.raises(Exception, match="out of data bounds"):
            graph({"ids": np.array([[0, wrong]])})
