"""Operators on sizes for those that an exported program cannot be saved with.

`torch.export` takes `math.floor` and `math.ceil` of open sizes, and `torch.export.save` does not
(torch 2.11 to 2.13). What stands for them computes the same numbers of any float.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def with_saved_operators(program: torch.export.ExportedProgram) -> None:
    """Write a program's graph with them."""
    from torch.fx import Node

    graph = program.graph
    for node in list(graph.nodes):
        if node.target not in (math.floor, math.ceil):
            continue

        def call(function: Callable[..., Any], *given: Any, of: dict[str, Any] = node.meta) -> Node:
            made = graph.call_function(function, given)
            values = [x.meta["val"] if isinstance(x, Node) else x for x in given]
            made.meta = {**of, "val": function(*values)}
            return made

        (x,) = node.args
        with graph.inserting_before(node):
            if node.target is math.floor:
                made = call(math.trunc, call(operator.floordiv, x, 1))
            else:  # the same from the other side
                down = call(math.trunc, call(operator.floordiv, call(operator.neg, x), 1))
                made = call(operator.neg, down)
        node.replace_all_uses_with(made)
        graph.erase_node(node)
    program.graph_module.recompile()
