"""Targets: how they are found, what they say of what they cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import said
from support import compiled, converting
from test_pages import blocks

from procdsl import codegen
from procdsl.codegen.python import macros
from procdsl.codegen.refusals import refused
from procdsl.codegen.targets import standard, targets
from procdsl.compiler import generate

HELD = converting("u8[h, w, c=3] rgb", "crop(center, h=8, w=9)", "flip(horizontal)")
OTHER = converting("u8[h, w, c=3] rgb", "flip(horizontal)", "resize(h=8, w=9, sampler=cv2.linear)")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder of a toy target beside that of the Python ones, and nothing else."""
    monkeypatch.setattr(
        codegen, "__path__", [*codegen.__path__, str(Path(__file__).parent / "toy_targets")]
    )
    targets.cache_clear()
    yield
    targets.cache_clear()


def test_the_standard_targets() -> None:
    assert standard() == ("torch", "numpy", "cv2")
    assert tuple(targets())[:3] == standard()


@pytest.mark.usefixtures("toy")
def test_a_folder_is_a_target() -> None:
    assert "toy" in targets()
    assert standard() == ("torch", "numpy", "cv2")
    files = generate(compiled(HELD), ["toy"])
    assert files["p.toy"] == "crop\nflip\n"
    assert set(files) == {"p.toy", "p.manifest.json"}


@pytest.mark.usefixtures("toy")
def test_what_a_target_cannot_hold_is_refused() -> None:
    ((step, why),) = refused(compiled(OTHER), "toy")
    assert (step.op.name, why.reason) == ("resize", "toy has no `resize`")
    with pytest.raises(ValueError, match="toy cannot hold `resize`: toy has no `resize`"):
        generate(compiled(OTHER), ["toy"])
    assert refused(compiled(OTHER), "numpy") == []


@pytest.mark.usefixtures("toy")
def test_the_command_line_shows_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.proc"
    file.write_text(OTHER)
    code, out, err = said(capsys, "compile", str(file), "--target", "toy")
    assert (code, out) == (1, "")
    assert "error[E403]: toy cannot hold `resize`" in err
    assert f"{file}:6:5" in err
    assert "found: toy has no `resize`" in err
    assert "only crop, flip, to_float, layout, softmax" in err
    assert [path.name for path in tmp_path.iterdir()] == ["p.proc"]


@pytest.mark.usefixtures("toy")
def test_the_page() -> None:
    words, bad, good = blocks("E403")
    assert words == "--target toy"
    assert [step.op.name for step, _ in refused(compiled(bad), "toy")] == ["resize"]
    assert refused(compiled(good), "toy") == []


def test_an_unknown_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.proc"
    file.write_text(HELD)
    code, _, err = said(capsys, "compile", str(file), "--target", "none")
    assert code == 2
    assert f"there is no target 'none': --target {', '.join(targets())}" in err


def test_a_template_without_a_macro_states_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing macro is a declared refusal with a reason, or a failure."""
    (step,) = compiled(converting("u8[h, w, c=3] rgb", "flip(horizontal)")).serving()
    real = macros.macro
    monkeypatch.setattr(macros, "macro", lambda t, n, form="": None if n == "cv2" else real(t, n))
    with pytest.raises(LookupError, match=r"ops/geometry/flip\.j2 has no macro for cv2, and no re"):
        targets()["cv2"].unsupported(step)
    monkeypatch.setattr(macros, "reason", lambda template, name: "cv2 has no mirrors")
    why = targets()["cv2"].unsupported(step)
    assert why is not None
    assert why.reason == "cv2 has no mirrors"
