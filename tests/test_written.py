"""What is written says what it is of: what was changed, mixed or left old is found."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from command_line import GOOD, WRITTEN, imported, said
from hypothesis import given
from hypothesis import strategies as st

import procdsl
from procdsl import seal

MODULES = [name for name in WRITTEN if name.endswith(".py")]
ROOT = Path(__file__).parent.parent
STRAY = ".procdsl-{node}-{pid}-abc.tmp"


# The hash in a head


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60))
def test_a_hash_is_of_every_character(rest: str) -> None:
    """Of every one but a carriage return, which modules have none of."""
    text = seal.sealed(f'"""Doc.\n\n{seal.UNSEALED}\n"""\n{rest}')
    head = seal.head(text)
    assert head is not None
    assert head.whole
    for changed in (text + "x", text.replace("Doc", "Dog"), text.replace("sha256 ", "sha256 0", 1)):
        other = seal.head(changed)
        assert other is None or not other.whole


def test_documentation_that_looks_like_a_head(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The user's own text stands before the head, and is not taken for it."""
    doc = f"## x\n##\n##     procdsl compile y.proc\n##\n## manifest  sha256 {'1' * 64}\n"
    doc += f"## {seal.UNSEALED}\n"
    (folder / "good.proc").write_text(GOOD.replace("pipeline", f"{doc}pipeline", 1))
    assert said(capsys, "compile", "good.proc")[0] == 0
    found = seal.head((folder / "small_numpy.py").read_text())
    assert found is not None
    assert (found.made_from, found.whole) == ("good.proc", True)
    manifest = json.loads((folder / "small.manifest.json").read_text())
    assert found.manifest == seal.fingerprint(manifest)
    imported(folder / "small_numpy.py").self_check()


@pytest.mark.parametrize("name", MODULES)
def test_self_check_finds_what_was_changed(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "good.proc")
    path = folder / name
    imported(path).self_check()
    text = path.read_text()
    path.write_bytes(text.replace("\n", "\r\n").encode())
    imported(path).self_check()  # as a checkout may end lines
    path.write_text(f"{text}# a note\n")
    with pytest.raises(RuntimeError, match=f"{name} was changed since procdsl wrote it"):
        imported(path).self_check()


def test_self_check_finds_a_mixed_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "compile", "good.proc")
    (folder / "good.proc").write_text(GOOD.replace("1/255", "1/256"))
    said(capsys, "compile", "good.proc", "--target", "numpy")
    imported(folder / "small_numpy.py").self_check()
    with pytest.raises(RuntimeError, match="was not written together with .*small.manifest.json"):
        imported(folder / "small_cv2.py").self_check()
    manifest = folder / "small.manifest.json"
    data = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**data, "provenance": {"epoch": 3}}))
    imported(folder / "small_numpy.py").self_check()
    manifest.write_text("[]")
    with pytest.raises(RuntimeError, match="is no manifest that can be read"):
        imported(folder / "small_numpy.py").self_check()
    manifest.unlink()
    imported(folder / "small_cv2.py").self_check()


def test_load_tells_of_modules_of_another_manifest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "good.proc")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        procdsl.load("small.manifest.json")
    (folder / "good.proc").write_text(GOOD.replace("1/255", "1/256"))
    said(capsys, "compile", "good.proc", "--target", "numpy")
    with pytest.warns(UserWarning, match="small_cv2.py, small_torch.py: not written together"):
        procdsl.load("small.manifest.json")


# What is old


def test_what_a_run_leaves_old_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "compile", "good.proc")[2] == ""
    assert said(capsys, "compile", "good.proc", "--target", "numpy")[2] == ""
    (folder / "good.proc").write_text(GOOD.replace("1/255", "1/256"))
    words = ("compile", "good.proc", "--target", "numpy")
    wanted = [
        f"small_{target}.py is of another manifest than what was written: write it anew, too"
        for target in ("cv2", "torch")
    ]
    code, _, err = said(capsys, *words)
    assert (code, err.splitlines()) == (0, [f"procdsl: {line}" for line in wanted])
    code, _, err = said(capsys, *words, "--check")
    assert (code, err.splitlines()) == (1, wanted)
    assert said(capsys, "compile", "good.proc")[2] == ""


def test_a_renamed_pipeline_of_a_source_whose_name_is_not_ascii(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = folder / "\u00fc.proc"
    source.write_text(GOOD)
    assert said(capsys, "compile", source.name)[0] == 0
    source.write_text(GOOD.replace("pipeline small", "pipeline other"))
    code, _, err = said(capsys, "compile", source.name)
    assert code == 0
    assert err.count("delete it, if the pipeline was renamed") == len(WRITTEN)


def test_the_name_of_a_source_is_one_line_of_a_head() -> None:
    found = seal.named('a\n"""\nimport os\x1b[31m\u2028\u00fc\udcff.proc')
    assert found == 'a\\n"""\\nimport os\\x1b[31m\\u2028\\xfc\\udcff.proc'


def test_what_a_renamed_pipeline_leaves_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "good.proc")
    (folder / "other.proc").write_text(GOOD.replace("small", "another"))
    said(capsys, "compile", "other.proc")
    (folder / "good.proc").write_text(GOOD.replace("small", "large"))
    for more in ((), ("--check",)):
        code, _, err = said(capsys, "compile", "good.proc", *more)
        assert code == 0
        told = [line.split()[1] for line in err.splitlines()]
        assert told == WRITTEN
        assert "delete it, if the pipeline was renamed" in err


def test_line_ends_change_no_byte(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for ending in ("\n", "\r\n"):
        (folder / "good.proc").write_bytes(GOOD.replace("\n", ending).encode())
        assert said(capsys, "compile", "good.proc", "-o", f"out{len(ending)}")[0] == 0
    for name in WRITTEN:
        assert (folder / "out1" / name).read_bytes() == (folder / "out2" / name).read_bytes()
