"""The fixtures of passes: a pipeline, and its block before and after the pass of the folder's name.

`python tests/pass_fixtures.py` writes what stands before and after anew; the diff is the review.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "templates")]

from support import compiled, converting  # noqa: E402

from procdsl.codegen.targets import targets  # noqa: E402
from procdsl.ir.printer import block_text  # noqa: E402
from procdsl.passes.block import Block  # noqa: E402
from procdsl.passes.schedule import PASSES, steps  # noqa: E402

FOLDER = Path(__file__).parent / "passes"
FILES = sorted(FOLDER.glob("*/*.txt"))


@dataclass(frozen=True)
class Fixture:
    """What stands in a file, and the blocks that it is about."""

    head: str
    before: Block
    after: Block

    @property
    def text(self) -> str:
        parts = (self.head, f"before\n{_text(self.before)}", f"after\n{_text(self.after)}")
        return "\n".join(parts)


def read(path: Path) -> Fixture:
    """The fixture of a file, with the blocks as they are now."""
    head = path.read_text().partition("\nbefore\n")[0].rstrip("\n") + "\n"
    target, _, image, *written = head.splitlines()
    text = converting(image.removeprefix("input image: "), *(line.strip() for line in written))
    pipeline = compiled(text)
    block = Block(pipeline.inputs, pipeline.serving(), pipeline.fed)
    holds = targets()[target.removeprefix("target ")].holds
    blocks = {"": block}
    for pass_, after in steps(block, holds):
        blocks[pass_.name] = after
    names = ["", *(pass_.name for pass_ in PASSES)]
    name = path.parent.name
    return Fixture(head, blocks[names[names.index(name) - 1]], blocks[name])


def _text(block: Block) -> str:
    return block_text(block.inputs, block.steps, block.wanted)


if __name__ == "__main__":
    for file in FILES:
        file.write_text(read(file).text)
