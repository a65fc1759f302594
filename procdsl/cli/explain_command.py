"""`procdsl explain`."""

from __future__ import annotations

import argparse

from procdsl.diagnostics.suggest import nearest
from procdsl.workspace.errors import Misuse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name",
        nargs="?",
        help="a code such as E213, an op, a colour, a kind, a sampler, `samplers`, a word of the "
        "language, `type` or a dtype"
        " (default: list them)",
    )


def run(given: argparse.Namespace) -> int:
    """Print a page, or the list of them."""
    from procdsl.diagnostics import pages

    if given.name is None:
        for name in pages.names():
            print(f"{name:20} {pages.title(name)}")
        return 0
    names = {name.lower(): name for name in pages.names()}
    if given.name.lower() not in names:
        near = nearest(given.name, names)
        guess = f"; did you mean {names[near]}?" if near else ""
        raise Misuse(f"there is no page for {given.name!r}{guess} (procdsl explain lists them)")
    print(pages.page(names[given.name.lower()]), end="")
    return 0
