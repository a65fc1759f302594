"""Paths, as the words of a command give them."""

from __future__ import annotations

import argparse
import re
import sys

from procdsl.workspace.sources import STREAM

_UNTOLD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Controls, ends of lines, and what stands for bytes that are no text: no manifest and no list of
files holds a name with one of them."""


def path(word: str) -> str:
    """The type of an argument that is a path: some text, on one line."""
    why = why_not(word) if word else "an empty path"
    if why:
        raise argparse.ArgumentTypeError(why)
    return word


def why_not(word: str) -> str:
    """Why nothing is done with a file of this name; empty where something is."""
    found = _UNTOLD.search(word)
    if found is None:
        return ""
    why = "holds a control character or the end of a line"
    if "\ud800" <= found[0] <= "\udfff":
        why = f"is no text in {sys.getfilesystemencoding()}, the encoding of names of files here"
    return f"{ascii(word)} {why}: rename the file or the folder"


def word(path: str) -> str:
    """A path as a word of a command: one that begins as an option does is given from its folder."""
    return f"./{path}" if path.startswith("-") and path != STREAM else path
