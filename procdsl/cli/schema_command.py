"""`procdsl schema`."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser  # the command takes none


def run(given: argparse.Namespace) -> int:
    """Print the JSON Schema of the manifest."""
    from procdsl.manifest.schema import text

    print(text(), end="")
    return 0
