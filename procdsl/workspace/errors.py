"""What the edges refuse."""

from __future__ import annotations


class Misuse(Exception):
    """The command cannot be carried out as it was given; the text says why. Exit code 2."""
