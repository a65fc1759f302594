"""The pages of the project, and what stands in their blocks of code.

What follows the language of a block says what it is: a file's name, the code it fails with, or
`from` and the file that it is a part of.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procdsl.cli.main import main

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_FOLDERS = ("docs", "examples", "templates")
PAGES = sorted([*ROOT.glob("*.md"), *(p for f in _FOLDERS for p in ROOT.glob(f"{f}/**/*.md"))])
TRACKING = ROOT / "docs" / "tracking.md"
BAKED = ROOT / "examples" / "baked" / "README.md"

PART = "from "


@dataclass(frozen=True)
class Block:
    """A block of code on a page."""

    language: str
    words: str
    """What follows the language in the same line."""
    text: str
    line: int
    """The line of the page on which the text begins."""


def blocks(page: Path) -> list[Block]:
    """Every block of code on a page."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(m[2], m[3].strip(), m[4], text.count("\n", 0, m.start(4)) + 1)
        for m in re.finditer(r"^(```+)(\w*)([^\n]*)\n(.*?)^\1$", text, re.M | re.S)
    ]


def of(language: str) -> Iterator[tuple[Path, Block]]:
    """The blocks of a language on all pages."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == language:
                yield page, block


def named(block: Block) -> bool:
    """Whether a block is a file that is to be written."""
    return "." in block.words and not block.words.startswith(PART)


def follow(
    page: Path, given: Mapping[str, Any], shell: Callable[[str], None] | None = None
) -> None:
    """Do what a page shows, in the working directory: write its files, type its commands, run its
    Python. What it says of their output must be true. `shell` takes the lines for a shell, which
    other programs than procdsl are in."""
    names = dict(given)
    for block in blocks(page):
        if named(block):
            file = Path(block.words)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text)
        elif block.words.startswith(PART):
            file = Path(block.words.removeprefix(PART))
            assert block.text in file.read_text(), f"{page.name}:{block.line}: not in {file}"
        elif block.language == "console":
            _type(block, page)
        elif block.language == "python":
            exec(compile("\n" * (block.line - 1) + block.text, page.name, "exec"), names)
        elif block.language == "pycon":
            _try(block, page, names)
        elif block.language == "sh" and shell:
            for line in block.text.splitlines():
                shell(line)


def _type(block: Block, page: Path) -> None:
    """The commands of procdsl in a block, each with what it prints."""
    for shown in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
        command, _, wanted = shown.partition("\n")
        program, *words = shlex.split(command)
        assert program == "procdsl", f"{page.name}: {command}"
        assert is_shown(ran(*words)[1], wanted), f"{page.name}: {command}"
    importlib.invalidate_caches()  # what a command wrote may be imported


def is_shown(printed: str, wanted: str) -> bool:
    """Whether a page shows what is printed: `...` at the end of a line stands for its rest, and for
    all lines up to the next one that is shown."""
    pattern = re.escape(wanted).replace(re.escape("...") + "\\\n", r"[^\n]*\n(?:.*\n)*?")
    return bool(re.fullmatch(pattern, printed))


def ran(*words: str) -> tuple[int, str]:
    """A command's exit code, and what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = main(words)
    return code, printed.getvalue()


def _try(block: Block, page: Path, names: dict[str, Any]) -> None:
    """A session of Python, with what each line of it gives."""
    parser, said = doctest.DocTestParser(), io.StringIO()
    test = parser.get_doctest(block.text, names, page.name, str(page), block.line - 1)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    found = runner.run(test, out=said.write, clear_globs=False)
    assert found.attempted, f"{page.name}:{block.line}: nothing to try"
    assert not found.failed, said.getvalue()
    names.update(test.globs)
