"""Which of the known words was probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant."""
    from difflib import get_close_matches

    matches = get_close_matches(word.lower(), sorted(words), n=1, cutoff=0.6)
    return matches[0] if matches else None


def meant(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant; `hsv` stands for `cv2.hsv` where there is no other."""
    words = sorted(words)
    bare = [other for other in words if other.partition(".")[2] == word.lower()]
    return bare[0] if len(bare) == 1 else nearest(word, words)
