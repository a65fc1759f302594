"""What eight mistakes in the processing cost, and who tells: `mistakes.py MODEL`.

MODEL is a checkpoint that carries its pipeline. Each file of `mistakes/` is that pipeline as
someone writes it again, with one mistake. It prints a table, and draws `build/mistakes.svg`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch

import procdsl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import chart
from crops import LABELS, Sample, write
from serve import weights

MISTAKES = {
    "bgr": "blue first: `cv2.imread` without `cvtColor`",
    "mean_before_scale": "the mean subtracted before the scale",
    "no_mean": "scaled to 0..1, no mean subtracted",
    "other_labels": "two labels in the other order",
    "cv2_linear": "resized by `cv2.resize`, not by Pillow",
    "squashed": "squashed to the square, not cropped",
    "exif_ignored": "EXIF's orientation ignored",
    "softmax_twice": "softmax twice",
}
"""The files, and what they do."""
ALLOWANCE = re.compile(r' allow (E\d+) "[^"]*"')


class Row(NamedTuple):
    """What a pipeline gives on the test files, and what is said of it."""

    title: str
    accuracy: float
    confidence: float
    """The mean over all answers, right or wrong."""
    check: str = ""
    """The codes with which `procdsl check` refuses the file."""
    diff: str = ""
    """The verdict of `procdsl diff` against the model's file."""


def measured(title: str, served: procdsl.Processor, samples: Sequence[Sample]) -> Row:
    found = served([path.read_bytes() for path, _ in samples])
    right = [LABELS[label] == f.label for f, (_, label) in zip(found, samples, strict=True)]
    confidence = sum(float(f.confidence) for f in found) / len(found)
    return Row(title, sum(right) / len(right), round(confidence, 2))


def refused(path: Path) -> str:
    """What `procdsl check` finds in a file, were it not for its allowances."""
    text = ALLOWANCE.sub("", path.read_text())
    return ", ".join(d.code for d in procdsl.check(procdsl.Source(path.name, text)).diagnostics)


def differs(model: Path, path: Path) -> str:
    """The verdict of `procdsl diff`."""
    command = [sys.executable, "-m", "procdsl", "diff", str(model), str(path), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    return str(json.loads(done.stdout)["verdict"])


def rows(model: Path) -> list[Row]:
    """The pipeline in the model's file, then each mistake, the gravest first."""
    net, samples = weights(model), write("test")
    found = []
    for name, title in MISTAKES.items():
        path = HERE / "mistakes" / f"{name}.proc"
        row = measured(title, procdsl.load(path, model=net), samples)
        found.append(row._replace(check=refused(path), diff=differs(model, path)))
    right = measured("as trained", procdsl.load(model, model=net), samples)
    return [right, *sorted(found, key=lambda row: row.accuracy)]


def table(found: Sequence[Row]) -> str:
    """As Markdown."""
    lines = [
        "| | accuracy | lost | confidence | `check` | `diff` |",
        "|---|---:|---:|---:|---|---|",
    ]
    for row in found:
        lost = f"{100 * (found[0].accuracy - row.accuracy):.1f}" if row.diff else ""
        cells = (f"{row.accuracy:.1%}", lost, f"{row.confidence:.2f}", row.check, row.diff)
        lines.append(f"| {row.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(model: str) -> None:
    torch.set_num_threads(1)
    found = rows(Path(model))
    print(table(found))
    Path("build/mistakes.svg").write_text(chart.drawn(found))


if __name__ == "__main__":
    main(sys.argv[1])
