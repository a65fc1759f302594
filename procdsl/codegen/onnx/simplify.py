"""Nodes that nothing takes are left out: what an operator made on the way to another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from onnx import NodeProto


def needed(nodes: Sequence[NodeProto], results: Iterable[str]) -> list[NodeProto]:
    """The nodes of which a result depends, in their order."""
    wanted = set(results)
    kept = []
    for made in reversed(nodes):
        if wanted.intersection(made.output):
            kept.append(made)
            wanted.update(taken([made]))
    return kept[::-1]


def taken(nodes: Iterable[NodeProto]) -> Iterator[str]:
    """The names that nodes take, also in their branches."""
    for made in nodes:
        yield from made.input
        for attribute in made.attribute:
            yield from taken(attribute.g.node)
            yield from (result.name for result in attribute.g.output)
