"""Finds formats by their files, and the format of a model by its content."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from procdsl import discovery
from procdsl.modelfile.data import BadModelFile
from procdsl.modelfile.format import Format, Model


@cache
def formats() -> Sequence[Format]:
    """Every format."""
    return [discovery.module("formats", name).FORMAT for name in discovery.modules("formats")]


def recognised(model: Model) -> Format | None:
    """The format of a model; None where procdsl knows it not."""
    found = [format for format in formats() if format.recognises(model)]
    if len(found) > 1:
        titles = " and of ".join(format.title for format in found)
        raise BadModelFile(f"its bytes are of {titles} at once")
    return found[0] if found else None


def format_of(model: Model) -> Format:
    """The format of a model, which must have one."""
    format = recognised(model)
    if format is None:
        titles = ", ".join(format.title for format in formats())
        raise BadModelFile(f"it is no model file that procdsl knows: {titles}")
    return format
