"""What `post` gives in a graph: no texts, no results as long as it happens.

A target whose programs run in graphs computes ids for texts, and rows with room for as many as
there may be, with a count. Behind the graph they become what the file says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from procdsl.codegen.python.functions import Function, Returned
from procdsl.types.value import Record


def in_graph(post: Function) -> dict[str, Any]:
    """How the skeleton lays out the results of `post` and of its graph, where these differ."""
    differs = any(r.count or r.texts for r in post.results)
    return {
        "differs": differs,
        "type": "GraphOutput" if differs else "Output",
        "exported": [pair for result in post.results for pair in _exported(result)],
    }


def tuples(post: Function) -> list[dict[str, Any]]:
    """The NamedTuples of a graph: a record with its count, and all results."""
    if not in_graph(post)["differs"]:
        return []
    found: dict[str, dict[str, Any]] = {}
    for result in post.results:
        if isinstance(result.value.type, Record) and result.count:
            fields = [(name, "torch.Tensor") for name, _ in result.parts]
            found[_graph_type(result)] = {
                "name": _graph_type(result),
                "doc": f"`{result.value.type.name}` in a graph: of each sample `counts` rows, and "
                "zeros behind them.",
                "fields": [*fields, ("counts", "torch.Tensor")],
            }
    doc = "What `Postprocess` gives in a graph: ids for texts, room for as many rows as may be."
    return [*found.values(), {"name": "GraphOutput", "doc": doc, "fields": _fields(post.results)}]


def _graph_type(result: Returned) -> str:
    assert isinstance(result.value.type, Record), "only a record has a type of its own"
    return f"Graph{result.value.type.name}" if result.count else result.value.type.name


def _fields(results: Sequence[Returned]) -> list[tuple[str, str]]:
    found = []
    for result in results:
        record = isinstance(result.value.type, Record)
        found.append((result.name, _graph_type(result) if record else "torch.Tensor"))
        if result.count and not record:
            found.append((f"{result.name}_counts", "torch.Tensor"))
    return found


def _exported(result: Returned) -> list[dict[str, str]]:
    """The results of an exported program: a name, what it is of the graph's, the variable."""
    name = result.value.name
    hangs = f"{result.name}." if result.parts else f"{result.name}_"
    found = [
        {"name": f"{name}.{part}", "of": f"{hangs}{part}", "variable": variable}
        for part, variable in result.parts
    ] or [{"name": name, "of": result.name, "variable": result.variable}]
    count = {"name": f"{name}.counts", "of": f"{hangs}counts", "variable": result.count}
    return [*found, count] if result.count else found
