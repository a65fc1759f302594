"""`make demo`: its commands, as the Makefile has them, in a folder of their own."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_demo_runs_and_its_modules_agree(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    recipe = (ROOT / "Makefile").read_text().partition("\ndemo:")[2].partition("\n\n")[0]
    compiling, running = (line.strip() for line in recipe.splitlines()[1:])
    python = {
        "$(BIN)/procdsl": [sys.executable, "-m", "procdsl"],
        "$(BIN)/python": [sys.executable],
    }
    said = ""
    for line in (compiling, running):
        command, *words = shlex.split(line)
        done = subprocess.run(
            [*python[command], *words], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        said += done.stdout
    assert "the three modules agree to the bit" in said
    assert "the model sees: cat" in said
