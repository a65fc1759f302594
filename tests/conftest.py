"""Fixtures that several files of tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from extern_project import FILTERS, Project, forget


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A folder with a package `shop` that Python finds."""
    made = Project(tmp_path)
    made.write("shop/__init__.py", "")
    made.write("shop/filters.py", FILTERS)
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield made
    forget()
