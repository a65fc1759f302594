"""What `extern` declares."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Sequence

from procdsl import limits
from procdsl.checker.constants import Constants, is_discard, text_of
from procdsl.checker.declared import declared
from procdsl.checker.outline import Outline
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix, Label
from procdsl.ir.extern import Extern
from procdsl.source import Source
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.constants import shorten, show
from procdsl.types.coordinates import CoordinateSpace

Finder = Callable[[Source, str, str], str]
"""The SHA-256 of the source of a module (second) that defines a function (third), for a file
(first) that names them; raises `CannotFind`. Empty where nobody looks."""

_TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)


class CannotFind(Exception):
    """Why the function of an extern cannot be found; `meant` is where it would be.

    With `of_module` it is so of each function of the module, which is looked for once.
    """

    def __init__(self, why: str, meant: str = "", of_module: bool = False) -> None:
        super().__init__(why)
        self.meant = meant
        self.of_module = of_module


def nowhere(source: Source, module: str, function: str) -> str:
    """The finder where there are no files to look into."""
    del source, module, function
    return ""


def externs(
    parts: Outline, constants: Constants, sink: DiagnosticSink, find: Finder
) -> dict[str, Extern | None]:
    """The externs by name, None for one that is declared wrongly."""
    found: dict[str, Extern | None] = {}
    names: dict[str, tree.Name] = {}
    absent: dict[str, CannotFind] = {}
    for part in parts.externs:
        if is_discard(part.name, sink) or _doubled(part.name, names, sink):
            continue
        names[part.name.text] = part.name
        found[part.name.text] = _extern(part, constants, sink, find, absent)
    return found


def _doubled(name: tree.Name, found: dict[str, tree.Name], sink: DiagnosticSink) -> bool:
    first = found.get(name.text)
    if first is None:
        return False
    sink.add(
        "E207",
        name.span,
        f"`{name.text}` is an extern already",
        found=f"an extern called `{name.text}`",
        wanted="a name of its own",
        help="give it another name, and call it by that",
        labels=(Label(first.span, f"the first `{name.text}`"),),
    )
    return True


def _extern(
    part: tree.Extern,
    constants: Constants,
    sink: DiagnosticSink,
    find: Finder,
    absent: dict[str, CannotFind],
) -> Extern | None:
    """What is declared, if it is; `absent` are the modules of which nothing can be found."""
    takes = [_declared(node, constants, sink, [node]) for node in part.inputs]
    gives = [_declared(node, constants, sink, part.inputs) for node in part.outputs]
    known = [type_ for type_ in (*takes, *gives) if type_ is not None]
    target = str(part.target.value)
    if not _well_formed(target):
        _malformed(part, target, sink)
        return None
    if len(known) < len(takes) + len(gives):
        return None
    module, _, function = target.partition(":")
    try:
        if module in absent:
            raise absent[module]
        sha256 = find(part.span.source, module, function)
    except CannotFind as error:
        if error.of_module:
            absent[module] = error
        _not_found(part, error, sink)
        return None
    ins, outs = tuple(known[: len(takes)]), tuple(known[len(takes) :])
    return Extern(part.name.text, module, function, ins, outs, text_of(part.docs), sha256)


def _declared(
    node: tree.Type, constants: Constants, sink: DiagnosticSink, related: Sequence[tree.Type]
) -> Array | None:
    """A type, which may be in the coordinate space of one of those given."""
    names = [other.space.text for other in related if other.space]
    return declared(node, constants, sink, {name: CoordinateSpace(name) for name in names})


def _well_formed(target: str) -> bool:
    """Whether it is `package.module:function`, in names of Python and nothing else."""
    words = re.split(r"[.:]", target)
    fits = all(
        len(word) <= limits.NAME_CHARACTERS and not keyword.iskeyword(word) for word in words
    )
    return fits and _TARGET.fullmatch(target) is not None


def _malformed(part: tree.Extern, target: str, sink: DiagnosticSink) -> None:
    module, _, function = target.rpartition(".")
    meant = f"{module}:{function}"
    clear = function == part.name.text and _well_formed(meant)
    sink.add(
        "E222",
        part.target.span,
        "an extern that names no function of Python",
        found=f"`{shorten(show(target))}`",
        wanted='a module and a function of it: `"shop.filters:denoise"`',
        help="" if clear else "write the module as Python imports it, `:`, and the function's name",
        fixes=(Fix.only(f"write `{show(meant)}`", Edit(part.target.span, show(meant))),)
        if clear
        else (),
    )


def _not_found(part: tree.Extern, error: CannotFind, sink: DiagnosticSink) -> None:
    meant = show(error.meant)
    sink.add(
        "E222",
        part.target.span,
        f"the function of the extern `{part.name.text}` cannot be found",
        found=str(error),
        wanted="a Python file that defines it: beside this file, in the project's folder or on "
        "Python's path",
        help="" if error.meant else "write where it is, or put the file there",
        fixes=(Fix.only(f"write `{meant}`", Edit(part.target.span, meant)),) if error.meant else (),
    )
