"""`make demo`: its commands, as the Makefile has them, in a folder of their own."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.integrations
def test_the_demo_compiles_embeds_serves_and_refuses(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    recipe = (ROOT / "Makefile").read_text().partition("\ndemo:")[2].partition("\n\n")[0]
    python = {
        "$(BIN)/procdsl": [sys.executable, "-m", "procdsl"],
        "$(BIN)/python": [sys.executable],
    }
    said = ""
    for line in recipe.splitlines()[1:]:
        command, *words = shlex.split(line)
        done = subprocess.run(
            [*python[command], *words], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        said += done.stdout
    assert "the three modules agree to the bit" in said
    assert "served from build/classifier.pt2 alone, the model sees: cat" in said
    assert re.search(r"build/wrong.pt2 is refused:\n  the input `x` is f32\[\?, 3, 56, 56\]", said)
