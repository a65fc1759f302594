"""Some runs of each fuzzer (`tests/fuzzing.py`, `make fuzz`), which go on for longer by hand."""

from __future__ import annotations

import fuzzing
import pytest
from fuzzing import TARGETS, fuzz

from procdsl.workspace import sources

RUNS = {"sources": 60, "hints": 80, "manifests": 400, "models": 300, "images": 2_000}
RUNS |= {"commands": 150, "pipelines": 2}


@pytest.mark.parametrize("target", TARGETS)
def test_some_runs(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    runs, slowest = fuzz(target, 60, most=RUNS[target])
    with capsys.disabled():
        print(f" {target}: {runs:,} runs, the slowest {slowest:.2f} s", end="")
    assert runs > 0


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_minute(target: str) -> None:
    runs, _ = fuzz(target, 60, seed=1_000_000)
    assert runs > RUNS[target]


def test_what_is_raised_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(source: object) -> None:
        raise RecursionError("of a checker made wrong")

    monkeypatch.setattr(fuzzing, "check", check)
    with pytest.raises(RecursionError) as found:
        fuzz("sources", 10, seed=7, most=1)
    assert found.value.__notes__ == ["python tests/fuzzing.py sources 1 7"]


def test_a_bug_of_a_command_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(sources, "read_source", broken)
    with pytest.raises(ZeroDivisionError, match="a bug") as found:
        fuzz("commands", 60, most=200)
    assert found.value.__notes__[0].startswith("procdsl ")


def test_a_circle_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "apply", lambda edits, text: text)
    with pytest.raises(AssertionError, match="leads back to where it was"):
        fuzz("hints", 60, most=200)


def test_too_much_time_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "SECONDS", 0.0)
    with pytest.raises(AssertionError, match="python tests/fuzzing.py manifests 1 3"):
        fuzz("manifests", 60, seed=3, most=1)
