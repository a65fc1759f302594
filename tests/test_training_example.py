"""`make training`: its commands, as the Makefile has them, with as many workers as one likes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


pytestmark = pytest.mark.integrations  # it takes its time


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder in which the example is compiled, and what is run there."""
    folder = tmp_path_factory.mktemp("training")
    shutil.copytree(ROOT / "examples", folder / "examples")
    recipe = (ROOT / "Makefile").read_text().partition("\ntraining:")[2].partition("\n\n")[0]
    compiling, running = (shlex.split(line) for line in recipe.strip().splitlines()[1:])
    assert compiling[0] == "$(BIN)/procdsl"
    assert running[0] == "$(BIN)/python"
    done = subprocess.run([sys.executable, "-m", "procdsl", *compiling[1:]], cwd=folder)
    assert done.returncode == 0
    return folder, running[1:]


@pytest.fixture(scope="module")
def fed(compiled: tuple[Path, list[str]]) -> dict[int, list[str]]:
    """For a number of workers the digests of what was fed to the model, in both ways."""
    folder, words = compiled
    digests = {}
    for workers in (1, 2):
        command = [sys.executable, *words, "--workers", str(workers)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "every batch and every weight agree to the bit" in done.stdout
        digests[workers] = re.findall("was fed ([0-9a-f]{64})", done.stdout)
    return digests


def test_both_ways_feed_the_same_bits(fed: dict[int, list[str]]) -> None:
    for first, second in fed.values():
        assert first == second


def test_the_number_of_workers_changes_no_bit(fed: dict[int, list[str]]) -> None:
    assert fed[1] == fed[2]
