"""The project's pages say what is so: their files, their commands, their Python, their links."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import documents
import numpy as np
import pytest
import torch
from command_line import PHOTOGRAPH
from documents import BAKED, PAGES, README, ROOT, TRACKING, Block, blocks
from PIL import Image

from procdsl import discovery, registry
from procdsl.checker.check import check
from procdsl.cli.main import COMMANDS
from procdsl.source import Source
from procdsl.syntax.format import formatted
from procdsl.types.dtypes import DTYPES

FILES = list(documents.of("proc"))
WHOLE = [(page, block) for page, block in FILES if "\npipeline " in block.text]
RUN = ("console", "python", "pycon")
FOLLOWED = [
    page
    for page in PAGES
    if any(block.language in RUN for block in blocks(page))
    and not page.name.startswith("adding-")  # which have a test of their own
    and page != TRACKING  # which test_trackers.py follows where the trackers are
    and page != BAKED  # which test_baked_example.py runs where the files are
]


def title(given: Path | Block) -> str:
    return str(given.relative_to(ROOT)) if isinstance(given, Path) else f"line {given.line}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, with a photograph; what is imported from it is forgotten."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "build"), str(tmp_path), *sys.path])
    shutil.copy(PHOTOGRAPH, "cat.png")
    Image.open(PHOTOGRAPH).convert("RGB").save("cat.jpg")
    for name in [n for n in sys.modules if re.fullmatch(r"\w+_(numpy|cv2|torch)", n)]:
        del sys.modules[name]  # a module that another test has made, which may be called alike
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def classifier(x: np.ndarray) -> np.ndarray:
    """A model that is sure of the first class, in the place of the reader's own."""
    return np.array([[2, 1, 0, -1]] * len(x), np.float32)


def network() -> torch.nn.Module:
    """The same as a network."""
    last = torch.nn.Linear(3 * 256 * 256, 4)
    last.weight.data.zero_()
    last.bias.data.copy_(torch.tensor([2.0, 1.0, 0.0, -1.0]))
    return torch.nn.Sequential(torch.nn.Flatten(), last).eval()


@pytest.mark.parametrize("page", FOLLOWED, ids=title)
def test_what_a_page_shows_is_what_happens(page: Path, folder: Path) -> None:
    given = {"__name__": "page", "model": classifier, "network": network()}
    documents.follow(page, given)


@pytest.mark.parametrize(("page", "block"), FILES, ids=title)
def test_files_on_pages_stand_in_the_one_style(page: Path, block: Block) -> None:
    assert formatted(Source("t.proc", block.text)).text == block.text


@pytest.mark.parametrize(("page", "block"), WHOLE, ids=title)
def test_files_on_pages_are_clean_or_fail_with_their_code(
    page: Path, block: Block, folder: Path
) -> None:
    for other in blocks(page):
        if documents.named(other):
            path = folder / other.words
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(other.text)
    wanted = set(re.findall(r"E\d{3}", block.words))
    (folder / "this.proc").write_text(block.text)
    code, said = documents.ran("check", "this.proc")
    assert set(re.findall(r"^error\[(E\d{3})\]", said, re.M)) == wanted, said
    assert code == bool(wanted)


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, part = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = page.parent / path if path else page
        assert there.exists(), target
        if part:
            titles = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.M)
            assert part in [re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles]


def test_every_page_is_linked_from_another() -> None:
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    }
    assert [p for p in PAGES if p != README and p not in linked] == []


# The README


def test_the_readme_shows_the_error_of_the_file_without_a_line(folder: Path) -> None:
    file = next(block for block in blocks(README) if block.language == "proc")
    shown = next(block for block in blocks(README) if block.text.startswith("error["))
    (folder / file.words).write_text(file.text.replace("    convert(rgb)\n", ""))
    code, said = documents.ran("check", file.words)
    assert (code, said.partition("\n\nerror")[0].rstrip() + "\n") == (1, shown.text)


def test_the_commands_of_the_readme_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = re.findall(r"^make (\S+) ", README.read_text(encoding="utf-8"), re.M)
    assert shown == ["demo", "training", "mistakes", "baked", "test"]
    for name in shown:
        assert re.search(rf"^{name}: ", makefile, re.M)


def test_the_readme_counts_the_configurations() -> None:
    count = len(list((ROOT / "tests" / "configurations").rglob("*.proc")))
    assert f"\n{count} configurations of " in README.read_text(encoding="utf-8")


def test_the_page_of_numerics_counts_what_is_held_against_libraries() -> None:
    count = 0
    for path in (ROOT / "tests" / "libraries").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
                assert ast.unparse(node.target) == "MADE"
                count += len(node.value.keys)
    page = (ROOT / "docs" / "numerics.md").read_text(encoding="utf-8")
    assert f"| {count} of them against albumentations and transformers" in page


# What pages list


def test_the_page_of_commands_names_them_all() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## `procdsl (\w+)", text, re.M)) == set(COMMANDS)


def test_the_page_of_the_language_names_all_that_there_is() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    words = {word for quoted in re.findall(r"`([^`\n]+)`", text) for word in quoted.split()}
    colours = discovery.dotted("colours")
    assert words >= {*registry.op_names(), *colours, *DTYPES}
    listed = text.partition("\n## What there is\n")[2].partition("\n\n`convert`")[0]
    assert sorted(re.findall(r"`(\w+)`", listed)) == list(registry.op_names())
    (kinds,) = re.findall(r"^- \*\*kind\*\*.*: (.+)\.$", text, re.M)
    unknown = "proc 1\npipeline p\nmodel x: f32[n] nothing -> y: f32[n]\n"
    (diagnostic,) = check(Source("t.proc", unknown)).diagnostics
    assert diagnostic.code == "E204"
    both = set(re.findall(r"[\w.]+", diagnostic.wanted.removeprefix("one of ")))
    assert {*re.findall(r"`(\w+)`", kinds), *colours} == both


def test_the_order_of_the_parts() -> None:
    """The table of the language's page, against what the checker says of parts out of order."""
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)[^|]*\| (once|at most once|any number) \|", text, re.M)
    assert [name for name, _ in rows] == [
        *("proc", "pipeline", "use", "input", "pre", "model", "post", "output")
    ]
    assert rows == [(name, often(name)) for name, _ in rows]


def often(part: str) -> str:
    """How often the checker wants a part: once, at most once, or any number of times.

    Without `post`, which alone wants an output, that may be missing.
    """
    lines = {
        "proc": "proc 1",
        "pipeline": "pipeline p",
        "use": "let a = 1",
        "input": "input image: u8[h=8, w=8, c=3] rgb",
        "pre": "pre {\n    flip(vertical)\n}",
        "model": "model x: u8[h=8, w=8, c=3] rgb -> y: f32[class=4]",
        "post": "post {\n    p = softmax(y, over=class)\n}",
        "output": "output p",
    }

    def codes(count: int) -> set[str]:
        counts = {**dict.fromkeys(lines, 1), part: count}
        if part == "output" and not count:
            counts["post"] = 0
        text = "".join(f"{line}\n" * counts[name] for name, line in lines.items())
        return {d.code for d in check(Source("t.proc", text)).diagnostics}

    if not codes(2) & {"E207"} or part in ("use", "input"):
        return "any number"
    return "once" if "E221" in codes(0) or "E101" in codes(0) else "at most once"
