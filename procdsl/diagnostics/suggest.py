"""Words of hints: what was probably meant, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from procdsl import limits
from procdsl.records import dataclass


@dataclass(frozen=True)
class Meaning:
    """What a name from elsewhere is called here, or in words what it may be."""

    here: str = ""
    said: str = ""


def choices(question: str, *options: str) -> str:
    """What is to be chosen, and below it what each choice computes."""
    return "\n- ".join((f"{question}:", *options))


def one_of(word: str, words: Sequence[str]) -> str:
    """The words that one may be; of many those that are spelt alike."""
    if len(words) <= _LISTED:
        return "one of " + ", ".join(sorted(words))
    import difflib  # only such a mistake needs it

    alike = sorted(difflib.get_close_matches(word, words[: limits.NAMES], _ALIKE))
    return f"one of the {len(words):,} there are{', such as ' * bool(alike)}{', '.join(alike)}"


_LISTED, _ALIKE = 40, 8
"""So many words are told at most, and of more so many."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that another one is a slip of: one letter off, two in a long one, and no other is
    as near.

    What tells two names apart is never a slip: a digit, a part of one letter (`mean_r`), a prefix
    (`denormalize`).
    """
    low = word.lower()
    near_enough = {other for other in words if abs(len(other) - len(low)) <= _FAR}
    if len(near_enough) > limits.NAMES:
        return None
    found = sorted((_distance(low, other.lower()), other) for other in near_enough)
    if not found or [d for d, _ in found].count(found[0][0]) > 1:
        return None
    distance, near = found[0]
    longer = max(len(near), len(word))
    slip = distance <= (longer >= 4) + (longer >= 8) and not _told_apart(low, near.lower())
    return near if slip else None


_FAR = 2
"""How many letters a slip is off at most."""


def _told_apart(a: str, b: str) -> bool:
    """Whether two names differ in what changes their meaning."""
    if [c for c in a if c.isdigit()] != [c for c in b if c.isdigit()]:
        return True
    if abs(len(a) - len(b)) > 1 and (a.endswith(b) or b.endswith(a)):
        return True
    parts = a.split("_"), b.split("_")
    if len(parts[0]) != len(parts[1]):
        return False
    other = [pair for pair in zip(*parts, strict=True) if pair[0] != pair[1]]
    return bool(other) and all(len(part) <= 1 for pair in other for part in pair)


def _distance(a: str, b: str) -> int:
    """How many letters are to be put in, taken out, exchanged, or turned round with the next."""
    rows = [[min(j, _FAR + 1) for j in range(len(b) + 1)]]
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(b) + 1):
            if abs(i - j) > _FAR:  # so far off are more letters than any slip
                row.append(_FAR + 1)
                continue
            near = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 1] + b[j - 2]:
                near = min(near, rows[-2][j - 2] + 1)
            row.append(near)
        rows.append(row)
    return rows[-1][-1]
