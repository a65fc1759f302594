"""Finds ops and samplers by the names of their files: to add one is to add its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from procdsl import rooms
from procdsl.numerics import Bound
from procdsl.op import Op

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Sampler:
    """A named way to resize: `reference(x, h, w)` on [h, w, c], and its numerics by dtype."""

    numerics: Mapping[str, Bound | None]
    reference: Callable[[np.ndarray, int, int], np.ndarray]
    per_channel: bool = True
    """Whether a channel comes out the same whatever its place among the others."""
    picks: bool = False
    """Whether each pixel is one of the source's, and no mean of several."""
    lobe: float = 0.0
    """The most that a pixel's weights below 0 come to along an axis, whatever the sizes."""


def op_names() -> tuple[str, ...]:
    """Every op, in the order of the alphabet."""
    return rooms.names("ops")


@cache
def op(name: str) -> type[Op]:
    """The class of the op of this name, which must be one of `op_names`."""
    module = rooms.module("ops", name)
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Op) and value.__module__ == module.__name__
    )


def op_page(name: str) -> str:
    """The documentation of an op."""
    return rooms.page("ops", name)


def sampler_names() -> tuple[str, ...]:
    """Every sampler as the language writes it: `cv2.linear`."""
    return rooms.dotted("samplers")


@cache
def sampler(name: str) -> Sampler:
    """The sampler of this name, which must be one of `sampler_names`."""
    found: Sampler = rooms.module("samplers", name).SAMPLER
    return found


def sampler_page(name: str) -> str:
    """The documentation of a sampler."""
    return rooms.page("samplers", name)
