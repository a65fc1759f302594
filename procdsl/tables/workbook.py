"""A table of steps as an xlsx workbook, by XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from procdsl.tables.steps import COLUMNS, Row

_MOST = 32_767
"""How many characters a cell of a workbook may have."""
_WIDEST = 60
_MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""The stated time, so that the same table gives the same bytes."""


def workbook(rows: Sequence[Row]) -> bytes:
    """The file's bytes. A text is written as a text, and never as a formula or a link.

    An ImportError says that XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise ImportError("xlsx needs XlsxWriter: pip install 'procdsl[xlsx]'") from None
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("steps")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(COLUMNS):
            cells = [row[column] for row in rows]
            width = max(len(str(cell)) for cell in (name, *cells))
            sheet.set_column(column, column, min(width + 1, _WIDEST))
            sheet.write_string(0, column, name, bold)
            for line, cell in enumerate(cells, start=1):
                if isinstance(cell, int):
                    sheet.write_number(line, column, cell)
                else:
                    sheet.write_string(line, column, _fitting(cell))
    return file.getvalue()


def _fitting(cell: str) -> str:
    """A text that a cell can hold: the end of a longer one is left out, and said to be."""
    if len(cell) <= _MOST:
        return cell
    end = f"... ({len(cell):,} characters, and a cell holds {_MOST:,})"
    return cell[: _MOST - len(end)] + end
