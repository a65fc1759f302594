"""The wheel, an editable install and a bare checkout find their grammar and templates anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    resize(h=8, w=8, sampler=cv2.linear)
}
model x: u8[h=8, w=8, c=3] rgb -> y: f32[n=3]
"""
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def works(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Check and compile from a folder that has nothing to do with the checkout."""
    folder.mkdir(exist_ok=True)
    (folder / "p.proc").write_text(SOURCE)
    for arguments in (["check", "p.proc"], ["compile", "p.proc"], ["explain", "E213"], ["schema"]):
        done = subprocess.run(
            [*command, *arguments],
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    assert (folder / "p_torch.py").exists()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*PIP, *build], check=True)
    (found,) = folder.glob("*.whl")
    return found


def test_wheel(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    subprocess.run([*PIP, "install", "--no-deps", "--target", str(site), str(wheel)], check=True)
    works([sys.executable, "-P", "-m", "procdsl"], tmp_path / "work", {"PYTHONPATH": str(site)})


def test_wheel_holds_what_it_should(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "procdsl/grammar/procdsl.lark",
        "procdsl/templates/ops/geometry/crop.j2",
        "procdsl/templates/kernels/resize/cv2_linear_torch.py",
        "procdsl/diagnostics/pages/E213.md",
        "procdsl/manifest/manifest.schema.json",
        "procdsl/py.typed",
    ):
        assert wanted in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"procdsl"}


def test_editable(tmp_path: Path) -> None:
    """In a virtual environment of its own that sees this one's packages, but not procdsl."""
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = tmp_path / "env" / "lib" / version / "site-packages"
    (site / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ["install", "--no-deps", "--no-build-isolation", "--target", str(site)]
    subprocess.run([*PIP, *install, "--editable", str(ROOT)], check=True)
    works([str(python), "-P", "-m", "procdsl"], tmp_path / "work", {"PYTHONPATH": ""})


def test_bare_checkout(tmp_path: Path) -> None:
    works([sys.executable, "-P", "-m", "procdsl"], tmp_path / "work", {"PYTHONPATH": str(ROOT)})
