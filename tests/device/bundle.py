"""Writes what `make cuda` takes along: the torch modules of the cases of all ops, with their
arguments and what the references make of them, and the modules whose speed is measured.

`python tests/device/bundle.py build/device.zip [EVERY]`, with only each EVERY-th case.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "templates")]

from support import arrays, bound_of, build, height_width, source_of  # noqa: E402

from procdsl import registry  # noqa: E402
from procdsl.ir.pipeline import Value  # noqa: E402
from procdsl.opdef.op import Case  # noqa: E402
from procdsl.reference.interpreter import postprocess, preprocess  # noqa: E402
from procdsl.reference.magnitude import Magnitude  # noqa: E402
from procdsl.types.value import PictureSize  # noqa: E402

MEAN_STD = "normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))"
IMAGENET = """proc 1
pipeline {name}
input image: u8[h, w, c=3] rgb
pre {{
    resize({size}, sampler={sampler})
    crop(center, h=224, w=224)
    to_float(scale=1/255)
    {mean_std}
    layout(c, h, w)
}}
model x: f32[c=3, h=224, w=224] rgb -> logits: f32[class=4]
"""
MEASURED = (
    IMAGENET.format(
        name="imagenet_pil", size="short=256", sampler="pil.bilinear", mean_std=MEAN_STD
    ),
    IMAGENET.format(name="imagenet_cv2", size="short=256", sampler="cv2.linear", mean_std=MEAN_STD),
    (ROOT / "tests" / "golden" / "yolov8" / "yolov8.proc").read_text(),
)


def described(case: Case) -> tuple[str, dict[str, Any], dict[str, np.ndarray]]:
    """The module of a case, what there is to do with it, and the arrays for that."""
    built = build(source_of(case), ["torch"])
    pipeline = built.pipeline
    inputs, outputs = arrays(case, pipeline)
    sizes = {value.name: height_width(value.type, inputs[value.name]) for value in pipeline.inputs}
    met, met_after = Magnitude(), Magnitude()
    fed = preprocess(pipeline, inputs, watch=met)
    found = postprocess(pipeline, outputs, sizes, watch=met_after) if pipeline.outputs else []
    taken = {v.number: v.type for step in pipeline.post for v in step.inputs}
    named = [t.input for _, t in sorted(taken.items()) if isinstance(t, PictureSize)]
    kept: dict[str, np.ndarray] = {}
    entry = {
        "inputs": _kept(kept, "input", inputs.values()),
        "outputs": _kept(kept, "output", outputs.values()) if pipeline.outputs else [],
        "sizes": [sizes[name] for name in named],
        "fed": _wanted(kept, "fed", (*pipeline.fed, *pipeline.kept), fed, met),
        "found": _wanted(kept, "found", pipeline.outputs, found, met_after),
    }
    return built.files[f"{pipeline.name}_torch.py"], entry, kept


def _kept(kept: dict[str, np.ndarray], name: str, values: Any) -> list[str]:
    names = []
    for number, value in enumerate(values):
        names.append(f"{name}{number}")
        kept[names[-1]] = value
    return names


def _wanted(
    kept: dict[str, np.ndarray], name: str, values: Sequence[Value], results: Any, met: Magnitude
) -> list[dict[str, Any]]:
    """What each value must be: a text, or arrays by the names of fields, and how far off."""
    entries: list[dict[str, Any]] = []
    for number, (value, wanted) in enumerate(zip(values, results, strict=True)):
        if isinstance(wanted, str | list):
            entries.append({"text": wanted})
            continue
        fields: Mapping[str, Any] = wanted if isinstance(wanted, dict) else {"": wanted}
        places = {}
        for field, array in fields.items():
            places[field] = f"{name}{number}.{field}"
            kept[places[field]] = np.asarray(array)
        bound = 0.0 if isinstance(wanted, dict) else bound_of(value, wanted, met)
        if isinstance(wanted, dict):
            bound = max(bound_of(value, array, met) for array in fields.values())
        entries.append({"arrays": places, "bound": bound})
    return entries


def write(path: Path, every: int = 1) -> int:
    """The bundle; the number of cases in it."""
    cases = [
        (f"{name}-{number}", case)
        for name in registry.op_names()
        for number, case in enumerate(registry.op(name).cases())
        if case.image != "bytes"  # files are decoded on the host
    ][::every]
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, case in cases:
            text, entries[name], kept = described(case)
            bundle.writestr(f"cases/{name}.py", text)
            data = io.BytesIO()
            np.savez(data, **kept)  # type: ignore[arg-type]  # names are given to arrays
            bundle.writestr(f"cases/{name}.npz", data.getvalue())
        for text in MEASURED:
            files = build(text, ["torch"]).files
            (file,) = (name for name in files if name.endswith("_torch.py"))
            bundle.writestr(f"measured/{file}", files[file])
        bundle.writestr("cases.json", json.dumps(entries))
    return len(cases)


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), *map(int, sys.argv[2:])), "cases")
