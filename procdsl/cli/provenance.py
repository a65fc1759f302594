"""Values for the provenance of a manifest, as the command line gives them."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from typing import Any

from procdsl.workspace.errors import Misuse

_VALUE_CHARACTERS = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--set`."""
    parser.add_argument(
        "--set",
        dest="values",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="add to the provenance: JSON such as 50, 0.91 or true, else a text",
    )


def values(written: Sequence[str]) -> dict[str, Any]:
    """The values that are added by name."""
    found: dict[str, Any] = {}
    for setting in written:
        name, equals, value = setting.partition("=")
        if not equals or not name.isidentifier():
            raise Misuse(f"--set {setting}: expected KEY=VALUE, such as --set epoch=50")
        if name in found or name == "procdsl":
            raise Misuse(f"--set {setting}: {name} is set already")
        if len(value) > _VALUE_CHARACTERS:
            raise Misuse(f"--set {name}: {len(value):,} characters, {_VALUE_CHARACTERS:,} at most")
        found[name] = _value(value)
    return found


def _value(text: str) -> Any:
    """A value of JSON, or the text where it is none."""

    def no_number(name: str) -> Any:
        raise ValueError(f"{name} is not a number of JSON")

    def finite(number: str) -> float:
        value = float(number)
        return value if math.isfinite(value) else no_number(number)

    try:
        return json.loads(text, parse_constant=no_number, parse_float=finite)
    except (ValueError, RecursionError):
        return text
