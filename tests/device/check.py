"""`make cuda`: the cases of all ops on a device against the references, and a small benchmark.

It takes the torch and numpy that it finds, and nothing else but the bundle that `make bundle`
wrote. DEVICE names the device; without one it is the accelerator that torch sees.

On a processor results are equal to the bit, or within the pipeline's own bound. Elsewhere the
kernels of a device may round a float once more or less, so floats may be off by `SLACK` of the
largest one, too; whole numbers are equal.
"""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections import Counter
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

import numpy as np
import torch

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[n]) for n in (2, 1)]

from device.speed import measure
from procdsl.codegen.python.loading import load

SLACK = 2.0**-17


def device() -> torch.device | None:
    """Where to run: what DEVICE says, else an accelerator if there is one."""
    named = os.environ.get("DEVICE")
    if named:
        return torch.device(named)
    return torch.device("cuda") if torch.cuda.is_available() else None


def difference(found: Any, wanted: np.ndarray, bound: float, slack: float) -> str:
    """What is wrong with a result; empty where nothing is, "bounded" where it is not the bits."""
    array = found.cpu().numpy() if isinstance(found, torch.Tensor) else np.asarray(found)
    if array.dtype != wanted.dtype or array.shape != wanted.shape:
        return f"{array.dtype} {array.shape}, not {wanted.dtype} {wanted.shape}"
    if np.array_equal(array, wanted, equal_nan=wanted.dtype.kind == "f"):
        return ""
    with np.errstate(invalid="ignore"):
        apart = np.abs(array.astype(np.float64) - wanted.astype(np.float64))
    same = (array == wanted) | (np.isnan(apart) & np.isnan(array) & np.isnan(wanted))
    apart = np.where(same, 0, apart)
    if wanted.dtype.kind == "f":
        finite = np.abs(wanted[np.isfinite(wanted)])
        bound = max(bound, slack * float(finite.max(initial=1.0)))
    if not apart.max() <= bound:
        return f"{apart.max():.3g} off, {bound:.3g} allowed"
    return "bounded"


def compared(results: Any, entries: list[dict[str, Any]], kept: Any, slack: float) -> list[str]:
    """The differences of the results of one call."""
    said = []
    for found, entry in zip(results, entries, strict=True):
        if "text" in entry:
            said.append("" if found == entry["text"] else f"{found!r}, not {entry['text']!r}")
            continue
        for field, place in entry["arrays"].items():
            value = getattr(found, field) if field else found
            said.append(difference(value, kept[place], entry["bound"], slack))
    return said


def run(module: ModuleType, entry: dict[str, Any], kept: Any, where: torch.device) -> list[str]:
    """A case on the device: `pre` on a batch of two and without waiting, then `post`."""
    slack = 0.0 if where.type == "cpu" else SLACK
    said: list[str] = []
    if entry["inputs"]:
        given = [torch.from_numpy(kept[name])[None].to(where) for name in entry["inputs"]]
        batch = [x.expand(2, *x.shape[1:]) for x in given]
        preprocess = module.Preprocess().to(where)
        preprocess(*batch)  # makes the tables of weights
        if where.type == "cuda":
            torch.cuda.set_sync_debug_mode("error")
        try:
            fed = preprocess(*batch)
        finally:
            if where.type == "cuda":
                torch.cuda.set_sync_debug_mode("default")
        fed = fed if isinstance(fed, tuple) else (fed,)
        said += [f"on {x.device}" for x in fed if x.device.type != where.type]
        for number in range(2):
            said += compared([x[number] for x in fed], entry["fed"], kept, slack)
    if entry["found"]:
        outputs = [torch.from_numpy(kept[name]).to(where) for name in entry["outputs"]]
        found = module.postprocess(*outputs, *map(tuple, entry["sizes"]))
        said += compared(found, entry["found"], kept, slack)
    return said


def main(path: Path) -> int:
    where = device()
    if where is None:
        print("make cuda: torch sees no accelerator here; DEVICE=cpu runs it on the processor")
        return 0
    if not path.exists():
        print(f"{path} is missing: `make bundle` writes it, where the compiler is installed")
        return 2
    name = torch.cuda.get_device_name(where) if where.type == "cuda" else str(where)
    print(f"torch {torch.__version__} on {name}")
    start, kinds, wrong = perf_counter(), Counter[str](), 0
    with zipfile.ZipFile(path) as bundle:
        for case, entry in json.loads(bundle.read("cases.json")).items():
            kept = np.load(io.BytesIO(bundle.read(f"cases/{case}.npz")))
            module = load(bundle.read(f"cases/{case}.py").decode(), f"case_{case}")
            try:
                said = run(module, entry, kept, where)
            except Exception as error:  # one case that fails hides no other
                said = [f"{type(error).__name__}: {str(error).splitlines()[0]}"]
            bad = [text for text in said if text not in ("", "bounded")]
            kinds["wrong" if bad else "bounded" if "bounded" in said else "equal"] += 1
            if bad:
                print(f"{case}: {bad[0]}")
        wrong = kinds["wrong"]
        print(
            f"{kinds['equal']} cases are equal to the bit, {kinds['bounded']} within their bound, "
            f"{wrong} wrong; {perf_counter() - start:.0f} s"
        )
        measured = {
            name.removeprefix("measured/").removesuffix("_torch.py"): load(
                bundle.read(name).decode(), name
            )
            for name in bundle.namelist()
            if name.startswith("measured/")
        }
    measure(measured, where)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
