"""Finds ops and samplers by the names of their files: to add one is to add its file."""

from __future__ import annotations

from functools import cache

from procdsl import discovery
from procdsl.opdef.op import Op
from procdsl.opdef.sampler import Sampler


def op_names() -> tuple[str, ...]:
    """Every op, in the order of the alphabet."""
    return tuple(discovery.modules("ops"))


@cache
def op(name: str) -> type[Op]:
    """The class of the op of this name, which must be one of `op_names`."""
    module = discovery.module("ops", name)
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Op) and value.__module__ == module.__name__
    )


def op_page(name: str) -> str:
    """The documentation of an op."""
    return discovery.page("ops", name)


def sampler_names() -> tuple[str, ...]:
    """Every sampler as the language writes it: `cv2.linear`."""
    return discovery.dotted("samplers")


@cache
def sampler(name: str) -> Sampler:
    """The sampler of this name, which must be one of `sampler_names`."""
    found: Sampler = discovery.module("samplers", name).SAMPLER
    return found


def sampler_page(name: str) -> str:
    """The documentation of a sampler."""
    return discovery.page("samplers", name)
