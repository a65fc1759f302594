"""A model whose training called your own Python, where only serving is: none of it is there."""

from __future__ import annotations

from pathlib import Path

import model_files as made
import pytest
from command_line import PHOTOGRAPH, said

import procdsl

PIPELINE = made.PIPELINE.replace(
    "input image",
    'extern vary from "augment:vary" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb\n\ninput image',
).replace("    resize", "    train {\n        vary()\n    }\n    resize")
AUGMENT = "def vary(image):\n    return image\n"


@pytest.fixture
def work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """The folder of a service, with a model from the folder of the training beside it."""
    training, service = tmp_path / "training", tmp_path / "service"
    training.mkdir()
    service.mkdir()
    (training / "a.proc").write_text(PIPELINE)
    (training / "augment.py").write_text(AUGMENT)
    model = service / "model.pt2"
    model.write_bytes(made.exported())
    assert said(capsys, "embed", str(training / "a.proc"), str(model))[0] == 0
    monkeypatch.chdir(service)
    return tmp_path


def verified(capsys: pytest.CaptureFixture[str], *files: str) -> tuple[int, str, str]:
    """The exit code, what is said of the source, and all that is said."""
    code, out, _ = said(capsys, "verify", "model.pt2", *files)
    (line,) = (line for line in out.splitlines() if "externs" in line)
    return code, line, out


def test_verify_where_it_is_not(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, line, out = verified(capsys)
    wanted = "not checked  externs of training: `vary` (augment:vary): no module `augment` in "
    assert (code, line.startswith(wanted)) == (0, True)
    for backend in ("numpy", "cv2", "torch"):
        assert f"ok           self_check, {backend}: " in out


def test_verify_where_it_is(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = work / "training" / "augment.py"
    source.write_text(AUGMENT + "raise RuntimeError('it was imported')\n")
    said(capsys, "embed", "../training/a.proc", "model.pt2", "--force")
    code, line, _ = verified(capsys, "../training/a.proc")
    assert (code, line) == (0, "ok           externs of training: their sources are those")
    source.write_text(AUGMENT)
    code, line, _ = verified(capsys, "../training/a.proc")
    assert (code, line.startswith("FAILED       externs of training: `vary` ")) == (1, True)
    assert " when the pipeline was compiled" in line


def test_run_and_load_need_none_of_it(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "run", "model.pt2", str(PHOTOGRAPH), "--backend", "all")
    assert (code, len({line.split()[0] for line in out.splitlines()})) == (0, 1)
    checks = [finding.check for finding in procdsl.load("model.pt2").checks]
    assert checks == ["contract", "self_check"]


def test_diff_speaks_of_no_extern(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of what serves nothing was left out, so that nothing stands for it."""
    Path("b.proc").write_text(made.OTHER)
    code, out, _ = said(capsys, "diff", "model.pt2", "b.proc")
    assert (code, "is the first to differ" in out) == (4, True)
    assert "no extern was run" not in out
