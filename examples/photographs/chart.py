"""The picture of the table: a bar for each row, with what is lost and how sure the answers are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from mistakes import Row

WIDTH, HEADER, HEIGHT, FOOTER = 880, 74, 34, 46
LEFT, BARS, THICK = 284, 330, 18
"""Where the bars begin, how long one of 100 % is, and how thick."""
KEPT, LOST, LOUD, DARK, FAINT = "#5b7c99", "#f2cfd3", "#c23b4e", "#24292f", "#6b7681"


def drawn(rows: Sequence[Row]) -> str:
    """As SVG; the first row is what the others are held against."""
    height = HEADER + len(rows) * HEIGHT + FOOTER
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" font-family="Helvetica, Arial, sans-serif" font-size="14">',
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
        _text(24, 32, "What a mistake in the processing costs", DARK, size=18, weight="bold"),
        _text(24, 54, "the same network, the same 1000 files", FAINT),
        _text(LEFT + BARS + 132, 54, "told by", FAINT),
    ]
    for i, row in enumerate(rows):
        parts += _bar(row, rows[0], HEADER + i * HEIGHT)
    parts += _legend(HEADER + len(rows) * HEIGHT + 26)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(row: Row, right: Row, top: float) -> Iterator[str]:
    middle, y = top + HEIGHT / 2 + 5, top + (HEIGHT - THICK) / 2
    kept, whole = BARS * row.accuracy, BARS * right.accuracy
    first = row is right
    weight = "bold" if first else "normal"
    yield _text(LEFT - 14, middle, row.title.replace("`", ""), DARK, "end", weight=weight)
    yield _rect(LEFT, y, kept, KEPT)
    yield _rect(LEFT + kept, y, whole - kept, LOST)
    yield _rect(LEFT + BARS * row.confidence - 1.5, y - 4, 3, DARK, THICK + 8)
    yield _text(LEFT + BARS + 56, middle, f"{row.accuracy:.1%}", DARK, "end", weight=weight)
    if not first:
        lost = f"{100 * (row.accuracy - right.accuracy):z.1f}".replace("-", "\N{MINUS SIGN}")
        yield _text(LEFT + BARS + 112, middle, lost, LOUD, "end")
        told = f"check ({row.check}), diff" if row.check else "diff"
        yield _text(LEFT + BARS + 132, middle, told, DARK if row.check else FAINT)


def _legend(y: float) -> Iterator[str]:
    said = ((KEPT, 18, "told right"), (LOST, 18, "lost"), (DARK, 3, "how sure the answers are"))
    x = LEFT
    for colour, width, words in said:
        yield _rect(x, y - 10, width, colour, 12)
        yield _text(x + width + 8, y, words, FAINT)
        x += width + 8 + 7 * len(words) + 24


def _rect(x: float, y: float, width: float, colour: str, height: float = THICK) -> str:
    size = f'width="{width:.1f}" height="{height}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{colour}"/>'


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start", **font: object) -> str:
    more = "".join(f' font-{name}="{value}"' for name, value in font.items())
    place = f'x="{x}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"'
    return f"<text {place}{more}>{escape(text)}</text>"
