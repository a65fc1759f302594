"""What the manifest's readers refuse."""

from __future__ import annotations


class BadManifest(ValueError):
    """What is wrong with a manifest, in words."""
