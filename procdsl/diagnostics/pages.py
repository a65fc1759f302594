"""The pages of diagnostics, ops, colours, kinds, samplers and `extern`, as `explain` prints them.

A diagnostic's page lies in `pages/`: a title, an explanation, a bad block that must fail with just
that code, and a good block that must not fail. That of a difference shows a pipeline before and
after. Those of the words of the language and of the dtypes lie in `pages/words/`, with an example
that must not fail. The pages are tests of their own.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from procdsl import discovery, registry
from procdsl.opdef.arguments import Argument, arguments_of
from procdsl.types.colour import colour_names, colour_page
from procdsl.types.constants import show
from procdsl.types.kind import Kind, kind, kind_names, kind_page
from procdsl.types.numerics import ErrorBound

_FOLDER = Path(__file__).parent / "pages"
_WORDS = _FOLDER / "words"


def codes() -> list[str]:
    """Every code that has a page."""
    return sorted(path.stem for path in _FOLDER.glob("E*.md"))


def rules() -> list[str]:
    """Every code of a difference between two pipelines; each has a page."""
    return sorted(path.stem for path in _FOLDER.glob("D*.md"))


def words() -> list[str]:
    """Every word of the language and every dtype that has a page."""
    return sorted(path.stem for path in _WORDS.glob("*.md"))


def names() -> list[str]:
    """Everything that has a page."""
    rooms = (*registry.op_names(), *colour_names(), *kind_names(), *registry.sampler_names())
    return [*codes(), *rules(), *words(), *rooms, "samplers", "extern"]


def page(name: str) -> str:
    """The page of one of `names`."""
    if name in registry.op_names():
        return f"# {name}\n\n```\n{signature(name)}\n```\n\n{registry.op_page(name)}\n"
    if name in colour_names():
        return f"# {name}\n\n{colour_page(name)}\n"
    if name in kind_names():
        return f"# {name}\n\n{kind_page(name)}\n\n{_allowed(kind(name))}\n"
    if name in registry.sampler_names():
        return f"# {name}\n\n{registry.sampler_page(name)}\n"
    if name in words():
        return (_WORDS / f"{name}.md").read_text(encoding="utf-8")
    if name == "extern":
        return f"# extern\n\n{discovery.documentation('procdsl.ir.extern')}\n"
    if name == "samplers":
        return f"# samplers: how close each comes, on every backend\n\n{sampler_table()}"
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")


def title(name: str) -> str:
    """What the page of one of `names` is about, in a line."""
    text = registry.op_page(name) if name in registry.op_names() else page(name)
    lines = [line for line in text.splitlines() if line]
    if not lines[0].startswith("# "):
        return lines[0]
    return lines[0].removeprefix("# ").partition(": ")[2] or lines[1]


def signature(name: str) -> str:
    """An op as it is called: the values it takes, and its arguments as its class declares them."""
    op = registry.op(name)
    arguments = arguments_of(op)
    more = ["..."] * (op.variadic or bool(arguments))
    count = op.outputs if isinstance(op.outputs, int) else "several"  # as its arguments ask for
    gives = "" if count == 1 else f" gives {count} values"
    width = max((len(_written(argument)) for argument in arguments), default=0) + 2
    lines = [f"{name}({', '.join((*op.inputs, *more))}){gives}"]
    for argument in arguments:
        lines += textwrap.wrap(
            f"{argument.kind.described}; {_need(argument)}",
            100,
            initial_indent=f"    {_written(argument):{width}}",
            subsequent_indent=" " * (width + 4),
        )
    return "\n".join(lines)


def _written(argument: Argument) -> str:
    if argument.rest:
        return f"{argument.name} ..."
    return argument.name if argument.positional else f"{argument.name}="


def _need(argument: Argument) -> str:
    need = "required" if argument.required else "optional"
    if not argument.required and argument.default is not None:
        need = f"default {show(argument.default)}"
    return need + ", without its name" * argument.positional


def _allowed(kind: Kind) -> str:
    """The dtypes and the range of a kind, as its file states them."""
    dtypes = f"{', '.join(kind.dtypes[:-1])} or {kind.dtypes[-1]}"
    lie = f"; its values lie in {kind.range} where the dtype does not say so" if kind.range else ""
    return f"It is of {dtypes}{lie}."


def sampler_table() -> str:
    """Each sampler's numerics by dtype, as its file states them."""
    lines = ["| sampler | u8 | f32 | other dtypes |", "|---|---|---|---|"]
    for name in registry.sampler_names():
        numerics = registry.sampler(name).numerics
        others = {_numerics(bound) for kind, bound in numerics.items() if kind not in ("u8", "f32")}
        cells = [_numerics(numerics[kind]) if kind in numerics else "-" for kind in ("u8", "f32")]
        lines.append(f"| `{name}` | {' | '.join(cells)} | {', '.join(sorted(others)) or '-'} |")
    return "\n".join(lines) + "\n"


def _numerics(bound: ErrorBound | None) -> str:
    return "exact" if bound is None else f"within {bound.absolute:g}"
