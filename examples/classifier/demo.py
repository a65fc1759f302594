"""The main job: one photograph through all three modules, and through the model file alone.

`make demo` compiles `classifier.proc` into `build/`, exports the model there, puts the pipeline
into its file, and runs this.
"""

from __future__ import annotations

import hashlib
import importlib
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

import procdsl

HERE = Path(__file__).parent
BUILD = Path("build")
MODEL = BUILD / "classifier.pt2"
sys.path.insert(0, str(BUILD))


def main() -> int:
    image = cv2.imread(str(HERE / "chelsea.png"))
    print(f"\nchelsea.png, {image.shape[1]} x {image.shape[0]}, as the model's input:")
    digests = set()
    for name in ("torch", "numpy", "cv2"):
        module = importlib.import_module(f"classifier_{name}")
        given = torch.from_numpy(image) if name == "torch" else image
        digests.add(digest := hashlib.sha256(np.asarray(module.preprocess(given))).hexdigest())
        print(f"  {name:5}  {digest}")
    agree = len(digests) == 1
    print("the three modules agree to the bit" if agree else "THE MODULES DIFFER")

    processor = procdsl.load(MODEL)
    found = processor(image)
    print(f"\nserved from {MODEL} alone, the model sees: {found.label} ({found.confidence:.1%})")
    table = ("astronaut", "cat", "coffee", "rocket")
    for name, share in zip(table, found.probabilities, strict=True):
        print(f"  {name:9} {share:6.1%}  {'#' * round(40 * share)}")

    print("\nthe same model with the processing of another:")
    wrong = BUILD / "wrong.proc"
    wrong.write_text((HERE / "classifier.proc").read_text().replace("h=64, w=64", "h=56, w=56"))
    embed = ["embed", str(wrong), str(MODEL), "--force", "-o", str(BUILD / "wrong.pt2")]
    subprocess.run([sys.executable, "-m", "procdsl", *embed], check=True)
    try:
        procdsl.load(BUILD / "wrong.pt2")
    except ValueError as error:
        print(error)
        return 0 if agree else 1
    print("IT IS SERVED")
    return 1


if __name__ == "__main__":
    sys.exit(main())
