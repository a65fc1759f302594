"""Kernels run where their input lies; and `make cuda`, a part of it, on the processor."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from device import bundle
from support import arrays, build, source_of

from procdsl import registry
from procdsl.opdef.op import Case

ROOT = Path(__file__).parent.parent
NOT_NEEDED = ["PIL", "black", "cv2", "jinja2", "jsonschema", "lark", "pytest"]
CASES = [
    pytest.param(case, id=f"{name}-{number}", marks=[pytest.mark.slow] if number % 16 else [])
    for name in registry.op_names()
    for number, case in enumerate(registry.op(name).cases())
    if case.pre and number % 4 == 0 and case.image != "bytes"  # files are decoded on the host
]


@pytest.mark.parametrize("case", CASES)
def test_pre_waits_for_nothing_and_leaves_its_device(case: Case) -> None:
    """Tensors without numbers: a transfer, a look at a number and a mix of devices are errors."""
    built = build(source_of(case), ["torch"])
    if built.pipeline.externs:
        pytest.skip("an extern runs on the host")
    inputs, _ = arrays(case, built.pipeline)
    module = built.modules["torch"]
    given = [torch.from_numpy(x) for x in inputs.values()]
    wanted = module.Preprocess()(*given)
    found = module.Preprocess().to("meta")(
        *(x.to("meta")[None].repeat_interleave(2, 0) for x in given)
    )
    pairs = zip(found, wanted, strict=True) if isinstance(wanted, tuple) else [(found, wanted)]
    for several, one in pairs:
        assert several.device.type == "meta"
        assert several.dtype == one.dtype
        assert several.shape == (2, *one.shape)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("device") / "device.zip"
    assert bundle.write(path, every=40) > 20
    return path


def checked(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `make cuda` runs, without what its Python need not have."""
    start = (
        "import runpy, sys\n"
        f"sys.modules.update(dict.fromkeys({NOT_NEEDED!r}))\n"
        f"sys.argv = ['check.py', {str(path)!r}]\n"
        "runpy.run_path('tests/device/check.py', run_name='__main__')\n"
    )
    return subprocess.run(
        [sys.executable, "-c", start],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_a_part_of_the_checks_on_the_processor(bundled: Path) -> None:
    done = checked(bundled, DEVICE="cpu")
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(bundled) as made:
        count = sum(name.endswith(".npz") for name in made.namelist())
    assert f"torch {torch.__version__} on cpu" in done.stdout
    counts = [int(word) for word in done.stdout.splitlines()[1].split() if word.isdigit()]
    assert counts[0] + counts[1] == count
    assert counts[2] == 0
    for workload in ("ImageNet by Pillow", "ImageNet by OpenCV", "letterbox", "YOLOv8 post"):
        assert f"{workload}" in done.stdout


def test_a_wrong_result_is_seen(bundled: Path, tmp_path: Path) -> None:
    """What a case must give is changed by one in one number."""
    path = tmp_path / "device.zip"
    with zipfile.ZipFile(bundled) as made, zipfile.ZipFile(path, "w") as changed:
        wrong = next(n for n in made.namelist() if "/resize" in n and n.endswith(".npz"))
        for name in made.namelist():
            data = made.read(name)
            if name == wrong:
                kept = dict(np.load(io.BytesIO(data)))
                kept["fed0."].flat[-1] += 1
                np.savez(into := io.BytesIO(), **kept)
                data = into.getvalue()
            changed.writestr(name, data)
    done = checked(path, DEVICE="cpu")
    assert done.returncode == 1
    assert f"{wrong[6:-4]}: 1 off, 0 allowed" in done.stdout
    assert " 1 wrong" in done.stdout


def test_without_an_accelerator_it_says_so_in_one_line(bundled: Path) -> None:
    done = checked(bundled, CUDA_VISIBLE_DEVICES="", DEVICE="")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "make cuda: torch sees no accelerator here; DEVICE=cpu runs it on the processor\n"
    )


def test_a_bundle_that_is_missing(tmp_path: Path) -> None:
    done = checked(tmp_path / "none.zip", DEVICE="cpu")
    assert done.returncode == 2
    assert "none.zip is missing: `make bundle` writes it" in done.stdout
