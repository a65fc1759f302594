"""`procdsl compile` of several files, and the helpers that they share."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import GOOD, MYPY_CACHE, PHOTOGRAPH, WRITTEN, names, said

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("imagenet_pil", "segmenter", "yolov8")
TARGETS = ("torch", "numpy", "cv2")
OTHER = GOOD.replace("pipeline small", "pipeline other").replace("cv2.linear", "pil.bilinear")


def test_several_files_in_one_call(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.proc").write_text(OTHER)
    code, out, err = said(capsys, "compile", "good.proc", "other.proc")
    assert (code, err) == (0, "")
    more = [name.replace("small", "other") for name in WRITTEN]
    assert sorted(out.split()) == sorted([*WRITTEN, *more])
    assert said(capsys, "compile", "good.proc", "other.proc", "--check") == (0, "", "")


def test_one_bad_file_among_good_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "worse.proc").write_text(GOOD.replace("8", "-8", 1))
    before = names(folder)
    code, out, err = said(capsys, "compile", "good.proc", "bad.proc", "worse.proc")
    assert (code, out) == (1, "")
    assert "bad.proc:6" in err
    assert "worse.proc:6" in err
    assert names(folder) == before


def test_two_pipelines_of_one_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.proc").write_text(OTHER.replace("pipeline other", "pipeline small"))
    before = names(folder)
    code, _, err = said(capsys, "compile", "good.proc", "other.proc")
    assert code == 2
    assert "small_torch.py would be written twice: two of the pipelines are called small" in err
    assert names(folder) == before


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with modules that share their helpers, and a package of such modules."""
    folder = tmp_path_factory.mktemp("shared")
    sources = [str(GOLDEN / name / f"{name}.proc") for name in NAMES]
    (folder / "package").mkdir()
    (folder / "package" / "__init__.py").touch()
    for place in (folder, folder / "package"):
        done = _procdsl("compile", *sources, "--kernels", "shared", "-o", str(place))
        assert done.returncode == 0, done.stderr
    return folder


def _procdsl(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "procdsl", *words]
    return subprocess.run(command, capture_output=True, text=True)


def test_shared_helpers_stand_once(shared: Path) -> None:
    for target in TARGETS:
        helpers = shared / f"procdsl_kernels_{target}.py"
        defined = _functions(helpers)
        assert len(defined) == len(set(defined))
        for name in NAMES:
            alone = set(_functions(GOLDEN / name / f"{name}_{target}.py"))
            assert {f"_{d}" for d in defined} & alone, "this pipeline has helpers"
            assert not {f"_{d}" for d in defined} & set(_functions(shared / f"{name}_{target}.py"))


def _functions(path: Path) -> list[str]:
    body = ast.parse(path.read_text()).body
    return [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def test_a_package_imports_its_own_helpers(shared: Path) -> None:
    text = (shared / "package" / "imagenet_pil_numpy.py").read_text()
    assert "from .procdsl_kernels_numpy import " in text
    assert "from procdsl_kernels_numpy import " in (shared / "imagenet_pil_numpy.py").read_text()


@pytest.mark.parametrize("package", ["", "package."])
def test_shared_helpers_give_the_same_bits(shared: Path, package: str) -> None:
    program = f"""
import importlib, sys
import numpy as np, torch
from PIL import Image
sys.path.insert(0, {str(shared)!r})
picture = np.asarray(Image.open({str(PHOTOGRAPH)!r}).convert("RGB"))
for name in {NAMES!r}:
    for target in {TARGETS!r}:
        module = importlib.import_module({package!r} + name + "_" + target)
        module.self_check()
        sys.modules.pop(name + "_" + target, None)
        given = picture if name != "segmenter" else np.ascontiguousarray(picture[..., 0])
        sys.path.insert(0, {str(GOLDEN)!r} + "/" + name)
        alone = importlib.import_module(name + "_" + target)
        if target == "torch":
            tensor = torch.from_numpy(given.copy())
            found, wanted = module.Preprocess()(tensor), alone.Preprocess()(tensor)
            found, wanted = found.numpy(), wanted.numpy()
        else:
            found, wanted = module.preprocess(given), alone.preprocess(given)
        assert alone.__file__ != module.__file__
        assert found.tobytes() == wanted.tobytes()
        del sys.modules[name + "_" + target]
        sys.path.pop(0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--isolated"],
        pytest.param(
            ["black", "--check", "--quiet", "--line-length", "100"], marks=pytest.mark.slow
        ),
        pytest.param(
            ["mypy", "--config-file=", f"--cache-dir={MYPY_CACHE}"], marks=pytest.mark.slow
        ),
    ],
    ids=lambda command: command[0],
)
def test_shared_helpers_pass_as_hand_written_code_does(shared: Path, command: list[str]) -> None:
    modules = [path.name for path in shared.glob("*.py")]
    done = subprocess.run(
        [sys.executable, "-m", *command, *modules], cwd=shared, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_helpers_do_not_depend_on_who_calls_them(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in NAMES:
        shutil.copy(GOLDEN / name / f"{name}.proc", tmp_path)
    shutil.copy(GOLDEN / "common.proc", tmp_path.parent)
    one = str(tmp_path / "segmenter.proc")
    assert said(capsys, "compile", one, "--kernels", "shared")[0] == 0
    for target in TARGETS:
        helpers = f"procdsl_kernels_{target}.py"
        assert (tmp_path / helpers).read_bytes() == (shared / helpers).read_bytes()
    assert said(capsys, "compile", one, "--kernels", "shared", "--check")[0] == 0
    code, _, err = said(capsys, "compile", one, "--check")
    assert code == 1
    assert "segmenter_torch.py is stale" in err


# stages


@pytest.mark.parametrize(
    ("stage", "part"),
    [
        ("typed", "resize(%0, h=8, w=8, sampler=cv2.linear)"),
        ("rewritten", "resize"),
        ("lowered", "postprocess\n"),
    ],
)
def test_dump_prints_a_stage_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], stage: str, part: str
) -> None:
    before = names(folder)
    code, out, err = said(capsys, "compile", "good.proc", "--dump", stage)
    assert (code, err) == (0, "")
    assert part in out
    assert names(folder) == before
