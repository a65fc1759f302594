"""`procdsl diff` of files as commits of git have them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from command_line import GOOD, said
from documents import ROOT
from extern_project import Project
from test_compile_command import git
from test_diff_command import OTHER, RENAMED, WIDER

from procdsl.cli.main import main


@pytest.fixture
def repository(folder: Path) -> Path:
    """A git repository with `good.proc` committed."""
    git(folder, "init", "-q")
    git(folder, "add", "good.proc")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def commit(folder: Path, *names: str) -> None:
    git(folder, "add", *names)
    git(folder, "commit", "-q", "-m", "more")


def test_a_file_against_a_commit(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "diff", "good.proc", "--against", "git:HEAD")[0] == 0
    (repository / "good.proc").write_text(OTHER)
    code, out, _ = said(capsys, "diff", "good.proc", "--against", "git:HEAD")
    assert code == 4
    assert "- git:HEAD:good.proc:6: resize" in out
    assert "+ good.proc:6: resize" in out
    assert said(capsys, "diff", "git:HEAD:good.proc", "good.proc")[1] == out


def test_several_files_against_a_commit(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "below").mkdir()
    (repository / "below" / "b.proc").write_text(GOOD)
    commit(repository, "below")
    (repository / "good.proc").write_text(RENAMED)
    (repository / "below" / "b.proc").write_text(WIDER)
    (repository / "new.proc").write_text(GOOD)
    files = ("good.proc", "below/b.proc", "new.proc")
    code, out, err = said(capsys, "diff", *files, "--against", "git:HEAD")
    assert (code, err) == (5, "procdsl: new.proc is new since HEAD\n")
    assert re.findall(r"^[a-z ]+: git:HEAD:\S+ -> (\S+)$", out, re.M) == list(files[:2])
    code, out, _ = said(capsys, "diff", *files, "--against", "git:HEAD", "--format", "json")
    assert [one["exit_code"] for one in json.loads(out)] == [3, 5]


def test_what_a_file_uses_comes_from_the_same_commit(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(folder, "init", "-q")
    used = GOOD.replace("param size = 8\n", 'use "../common.proc"\n')
    (folder / "pipelines").mkdir()
    (folder / "pipelines" / "a.proc").write_text(used)
    (folder / "common.proc").write_text("proc 1\n\nlet size = 8\n")
    commit(folder, "pipelines", "common.proc")
    (folder / "common.proc").write_text("proc 1\n\nlet size = 16\n")
    code, out, _ = said(capsys, "diff", "pipelines/a.proc", "--against", "git:HEAD")
    assert code == 5
    assert "resize(h=8, w=8, sampler=cv2.linear)" in out
    assert "resize(h=16, w=16, sampler=cv2.linear)" in out


@pytest.mark.parametrize(
    ("path", "wanted"),
    [("../../out.proc", "lies outside the project's folder"), ("none.proc", "does not exist")],
)
def test_what_cannot_be_used_in_a_commit(
    folder: Path, capsys: pytest.CaptureFixture[str], path: str, wanted: str
) -> None:
    git(folder, "init", "-q")
    (folder / "a.proc").write_text(GOOD.replace("param size = 8\n", f'use "{path}"\n'))
    commit(folder, "a.proc")
    code, _, err = said(capsys, "diff", "git:HEAD:a.proc", "git:HEAD:a.proc")
    assert code == 1
    assert wanted in err


def test_a_project_bounds_what_is_used_in_a_commit(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(folder, "init", "-q")
    (folder / "inner").mkdir()
    (folder / "inner" / "pyproject.toml").write_text("")
    (folder / "common.proc").write_text("proc 1\n\nlet size = 8\n")
    (folder / "inner" / "a.proc").write_text(
        GOOD.replace("param size = 8\n", 'use "../common.proc"\n')
    )
    commit(folder, "inner", "common.proc")
    code, _, err = said(capsys, "diff", "git:HEAD:inner/a.proc", "git:HEAD:inner/a.proc")
    assert (code, "lies outside the project's folder inner" in err) == (1, True)


def test_the_python_of_an_extern_comes_from_the_same_commit(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.folder)
    declared = 'extern double from "shop.filters:double" (f32[n=3]) -> f32[n=3]\n'
    text = f"proc 1\npipeline p\n{declared}input x: f32[n=3]\npre {{\n    double()\n}}\n"
    (project.folder / "a.proc").write_text(f"{text}model y: f32[n=3] -> z: f32[n=3]\n")
    project.write("shop/filters.py", "def double(x):\n    return x * 2\n")
    git(project.folder, "init", "-q")
    commit(project.folder, "a.proc", "shop")
    assert said(capsys, "diff", "a.proc", "--against", "git:HEAD")[0] == 0
    project.write("shop/filters.py", "def double(x):\n    return x + x\n")
    code, out, _ = said(capsys, "diff", "a.proc", "--against", "git:HEAD")
    assert code == 4
    assert "numerics[D205]: the function of step 1 of `pre`, `double`, is another" in out
    assert out.startswith("numerics changed: by how much is not known, no extern is run: ")


def test_what_is_no_file_in_a_commit(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "link.proc").symlink_to("good.proc")
    (repository / "below").mkdir()
    (repository / "below" / "x").write_text("")
    (repository / "large.proc").write_bytes(b"#" * 4_000_001)
    commit(repository, "link.proc", "below", "large.proc")
    for path, wanted in (
        ("link.proc", "is a link, not a file"),
        ("below", "is a folder, not a file"),
        ("large.proc", "is of 4,000,001 bytes, more than are read"),
        ("none.proc", "does not exist"),
        ("*.proc", "does not exist"),
        (".", "does not exist"),
    ):
        code, _, err = said(capsys, "diff", f"git:HEAD:{path}", "good.proc")
        assert (code, wanted in err) == (2, True), err


@pytest.mark.parametrize("ref", ["--output=x", "-h", "none", "HEAD..HEAD", "HEAD^{tree}", "$(id)"])
def test_a_ref_is_a_commit_and_no_option(
    repository: Path, capsys: pytest.CaptureFixture[str], ref: str
) -> None:
    before = sorted(repository.iterdir())
    code, _, err = said(capsys, "diff", "good.proc", f"--against=git:{ref}")
    assert (code, "is no commit that git knows" in err) == (2, True)
    assert sorted(repository.iterdir()) == before


def test_what_git_sets_for_its_hooks_does_not_count(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, "elsewhere")
    assert said(capsys, "diff", "good.proc", "--against", "git:HEAD")[0] == 0


def test_a_working_tree_elsewhere(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "below").mkdir()
    git(repository / "below", "init", "-q")
    (repository / "below" / "a.proc").write_text(GOOD)
    git(repository / "below", "add", "a.proc")
    git(repository / "below", "commit", "-q", "-m", "inner")
    assert said(capsys, "diff", "below/a.proc", "--against", "git:HEAD")[0] == 0
    (repository / "below" / "link.proc").symlink_to(repository / "good.proc")
    code, _, err = said(capsys, "diff", "below/link.proc", "--against", "git:HEAD")
    assert (code, "lies outside the repository" in err) == (2, True)


# Hooks


def test_the_hooks_run(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each hook as pre-commit runs it: its entry, its arguments, the files."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    hooks = re.findall(r"id: (\S+)(?:.|\n)*?entry: (.+)\n(?:  args: \[(.*)\]\n)?", text)
    assert [name for name, *_ in hooks] == ["procdsl-check", "procdsl-fmt", "procdsl-diff"]
    (repository / "good.proc").write_text(WIDER)
    codes = {}
    for name, entry, arguments in hooks:
        program, *words = shlex.split(entry)
        assert program == "procdsl"
        codes[name] = main([*words, *filter(None, arguments.split(", ")), "good.proc"])
    assert codes == {"procdsl-check": 0, "procdsl-fmt": 0, "procdsl-diff": 5}
