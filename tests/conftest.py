"""Fixtures that several files of tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import BAD, GOOD
from extern_project import FILTERS, Project, forget
from pipelines import CLASSIFIER, DETECTOR, ON_U8, ONE, TWO
from support import Built, build


def pytest_collection_finish() -> None:
    """Python looks through all objects again and again for what can go, and torch and the tests
    themselves, which stay, are most of them: a tenth of the time."""
    gc.freeze()
    gc.set_threshold(20_000)


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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a good and a bad pipeline, in which commands are run."""
    (tmp_path / "good.proc").write_text(GOOD)
    (tmp_path / "bad.proc").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def classifier() -> Built:
    return build(CLASSIFIER)


@pytest.fixture(scope="session")
def detector() -> Built:
    return build(DETECTOR)


@pytest.fixture(scope="session")
def u8() -> Built:
    """Modules for one image of u8."""
    return build(ON_U8.format(dtype="u8"))


@pytest.fixture(scope="session")
def f32() -> Built:
    """Modules for one image of f32."""
    return build(ONE.format(dtype="f32"))


@pytest.fixture(scope="session")
def two() -> Built:
    """Modules of two inputs and two outputs."""
    return build(TWO)
