"""Some runs of each fuzzer (`tests/fuzzing.py`, `make fuzz`), which go on for longer by hand."""

from __future__ import annotations

import multiprocessing
import re

import fuzzing
import pytest
from fuzzing import TARGETS, fuzz, fuzz_in_turns, turn

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


def test_one_process_after_the_other_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "TURN", 0.1)
    said = re.fullmatch(
        r"manifests: ([\d,]+) runs, the slowest \d\.\d\d s, (\d+) MB",
        fuzz_in_turns("manifests", 2, 7),
    )
    assert said is not None
    assert int(said[1].replace(",", "")) > 10
    assert 50 < int(said[2]) < fuzzing.MEMORY


def test_what_one_process_finds_ends_all(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="no_target: a find at 11 or behind it, exit 1"):
        fuzz_in_turns("no_target", 60, 11)
    assert "KeyError: 'no_target'" in capfd.readouterr().err


def test_too_much_memory_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "MEMORY", 20)
    ours, its = multiprocessing.Pipe(duplex=False)
    with pytest.raises(AssertionError, match=r"\d+ MB: manifests, \d+ runs from 5 on"):
        turn("manifests", 0.05, 5, its)
    assert not ours.poll()


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
