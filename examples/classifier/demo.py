"""The main job: one photograph through all three modules, and through a model.

`make demo` compiles `classifier.proc` into `build/` and runs this.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

HERE = Path(__file__).parent
BUILD = Path("build")
sys.path[:0] = [str(HERE), str(BUILD)]

from model import trained  # noqa: E402 - it lies beside this file


def main() -> int:
    image = cv2.imread(str(HERE / "chelsea.png"))
    torch_module = importlib.import_module("classifier_torch")
    numpy_module = importlib.import_module("classifier_numpy")
    cv2_module = importlib.import_module("classifier_cv2")

    digests = {
        "torch": digest_of(torch_module.preprocess(torch.from_numpy(image)).numpy()),
        "numpy": digest_of(numpy_module.preprocess(image)),
        "cv2": digest_of(cv2_module.preprocess(image)),
    }
    print(f"\nchelsea.png, {image.shape[1]} x {image.shape[0]}, as the model's input:")
    for name, digest in digests.items():
        print(f"  {name:5}  {digest}")
    agree = len(set(digests.values())) == 1
    print("the three modules agree to the bit" if agree else "THE MODULES DIFFER")

    with torch.no_grad():
        found = torch_module.WithProcessing(trained())(torch.from_numpy(image))
    print(f"\nthe model sees: {found.label} ({float(found.confidence):.1%})")
    for name, share in zip(torch_module.Postprocess().table, found.probabilities, strict=True):
        print(f"  {name:9} {float(share):6.1%}  {'#' * round(40 * float(share))}")
    return 0 if agree else 1


def digest_of(x: np.ndarray) -> str:
    """SHA-256 of the bytes."""
    return hashlib.sha256(x.tobytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
