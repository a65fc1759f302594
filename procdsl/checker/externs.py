"""What `extern` declares."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Sequence

from procdsl import limits, registry
from procdsl.checker.constants import Constants, is_discard, text_of
from procdsl.checker.declared import declared
from procdsl.checker.outline import Outline
from procdsl.checker.report import Report
from procdsl.diagnostics import Edit
from procdsl.extern import Extern
from procdsl.source import Source
from procdsl.syntax import tree
from procdsl.types import Array, Frame
from procdsl.values import shorten, show

Finder = Callable[[Source, str, str], str]
"""The SHA-256 of the source of a module (second) that defines a function (third), for a file
(first) that names them; raises `CannotFind`. Empty where nobody looks."""

_TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)


class CannotFind(Exception):
    """Why the function of an extern cannot be found; `meant` is where it would be."""

    def __init__(self, why: str, meant: str = "") -> None:
        super().__init__(why)
        self.meant = meant


def nowhere(source: Source, module: str, function: str) -> str:
    """The finder where there are no files to look into."""
    del source, module, function
    return ""


def externs(
    parts: Outline, constants: Constants, report: Report, find: Finder
) -> dict[str, Extern | None]:
    """The externs by name, None for one that is declared wrongly."""
    found: dict[str, Extern | None] = {}
    for part in parts.externs:
        if is_discard(part.name, report) or _doubled(part.name, found, report):
            continue
        found[part.name.text] = _extern(part, constants, report, find, parts)
    return found


def _doubled(name: tree.Name, found: dict[str, Extern | None], report: Report) -> bool:
    if name.text not in found and name.text not in registry.op_names():
        return False
    what = "an extern already" if name.text in found else "an op of the language"
    report.add(
        "E207",
        name.span,
        f"`{name.text}` is {what}",
        found=f"an extern called `{name.text}`",
        wanted="a name of its own",
        hint=f"write `{name.text}_2`",
        edits=(Edit(name.span, f"{name.text}_2"),),
    )
    return True


def _extern(
    part: tree.Extern, constants: Constants, report: Report, find: Finder, parts: Outline
) -> Extern | None:
    takes = [_declared(node, constants, report, [node]) for node in part.inputs]
    gives = [_declared(node, constants, report, part.inputs) for node in part.outputs]
    known = [type_ for type_ in (*takes, *gives) if type_ is not None]
    target = str(part.target.value)
    if not _well_formed(target):
        _malformed(part, target, report)
        return None
    if len(known) < len(takes) + len(gives):
        return None
    module, _, function = target.partition(":")
    try:
        sha256 = find(part.span.source, module, function)
    except CannotFind as error:
        _not_found(part, error, parts, report)
        return None
    ins, outs = tuple(known[: len(takes)]), tuple(known[len(takes) :])
    return Extern(part.name.text, module, function, ins, outs, text_of(part.docs), sha256)


def _declared(
    node: tree.Type, constants: Constants, report: Report, framed: Sequence[tree.Type]
) -> Array | None:
    """A type, which may be in the frame of one of those given."""
    names = [other.frame.text for other in framed if other.frame]
    return declared(node, constants, report, {name: Frame(name) for name in names})


def _well_formed(target: str) -> bool:
    """Whether it is `package.module:function`, in names of Python and nothing else."""
    words = re.split(r"[.:]", target)
    fits = all(
        len(word) <= limits.NAME_CHARACTERS and not keyword.iskeyword(word) for word in words
    )
    return fits and _TARGET.fullmatch(target) is not None


def _malformed(part: tree.Extern, target: str, report: Report) -> None:
    module, _, function = target.rpartition(".")
    meant = f"{module}:{function}"
    if ":" in target or not _well_formed(meant):
        meant = f"filters:{part.name.text}"
    if not _well_formed(meant):
        meant = "filters:run"
    report.add(
        "E222",
        part.target.span,
        "an extern that names no function of Python",
        found=f"`{shorten(show(target))}`",
        wanted='a module and a function of it: `"shop.filters:denoise"`',
        hint=f"write `{show(meant)}`",
        edits=(Edit(part.target.span, show(meant)),),
    )


def _not_found(part: tree.Extern, error: CannotFind, parts: Outline, report: Report) -> None:
    edits = [Edit(part.target.span, show(error.meant))]
    hint = f"write `{show(error.meant)}`"
    if not error.meant:
        steps = (*tree.steps_of(parts.pre), *tree.steps_of(parts.post))
        calls = [s for s in steps if s.call.op.text == part.name.text and not s.targets]
        edits = [Edit(tree.with_docs(part), ""), *(Edit(step.span, "") for step in calls)]
        hint = "write where it is, or remove the extern and its steps"
    report.add(
        "E222",
        part.target.span,
        f"the function of the extern `{part.name.text}` cannot be found",
        found=str(error),
        wanted="a Python file that defines it: beside this file, in the project's folder or on "
        "Python's path",
        hint=hint,
        edits=tuple(edits),
    )
