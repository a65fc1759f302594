"""The way back of a flow: that of a map for each of its two planes, and of its vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.geometric import GeometricOp, followed
from procdsl.ops.coordinates._maps import WayBack
from procdsl.types.array import Array
from procdsl.types.coordinates import Placement

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Variable

SAYS = ("xy", "pixels")


def is_flow(x: object) -> bool:
    return isinstance(x, Array) and x.kind == "flow"


def expect_flow(x: Array, op: str) -> Array:
    """A plane of a flow f32[xy=2, h, w]; or a `Problem`."""
    if x.names == ("xy", "h", "w") and x.shape[0] == 2 and x.dtype == "f32" and x.says == SAYS:
        return x.without("xy").with_(kind=None)
    raise Problem(
        "E319",
        f"`{op}` of a flow that it does not know",
        found=x.described(),
        wanted="f32[xy=2, h, w] flow(xy, pixels): along xy to the right, then downwards",
        help="declare it so; vectors in places of the map become pixels by `scale(multiply=...)`",
        then=x,
    )


def moving(steps: Sequence[GeometricOp]) -> list[int]:
    """Which steps change vectors, last one first: those that scale, turn or mirror."""
    changed = [i for i, step in enumerate(steps) if step.scales or step.undone()]
    return changed[::-1]


def lower_flow(build: Builder, way: WayBack, x: Variable, size: Variable) -> Variable:
    plane = x.array.without("xy").with_(kind=None)
    opened = plane.with_(axes=tuple(type(axis)(axis.name) for axis in plane.axes))
    planes = []
    for index, name in enumerate(("across", "down")):
        one = build.temporary(name, plane)
        select = {"axis": -3, "start": None, "stop": None, "index": index}
        build.call("ops/axes/select", [x], attributes=select, result=one)
        planes.append(way.lower(build, one, size, build.temporary(name, opened)))
    result = build.result()
    x = build.like(result)
    build.call("coordinates/flow_of_planes", planes, attributes={}, result=x)
    places = build.follow(way.steps, build.sides(size))
    for i in moving(way.steps):
        back = build.like(result)
        named = {"at": places[i]}
        build.call("coordinates/flow_back", [x], attributes={}, named=named, result=back)
        x = back
    return x


def flow_back(way: WayBack, x: np.ndarray, type_: Array, size: tuple[int, int]) -> np.ndarray:
    """The reference: the flow [xy=2, h, w] in a picture of this size."""
    plane = type_.without("xy").with_(kind=None)
    u, v = (way.reference(part, plane, size) for part in x)
    places = followed(way.steps, *size)
    for i in moving(way.steps):
        u, v = _vectors_back(places[i], u, v)
    return np.stack([u, v])


def _vectors_back(at: Placement, u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if at.transposed:
        u, v = v, u
    u = u * np.float32(at.x.source) / np.float32(at.x.content)
    return u, v * np.float32(at.y.source) / np.float32(at.y.content)
