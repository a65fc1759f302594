"""A syntax tree as the text of a `.proc` file: the only place that knows how a file looks."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.syntax import tree
from procdsl.syntax.comments import Trivia, docs_of
from procdsl.types.dtypes import BYTES

WIDTH = 100
_INDENT = "    "
_BESIDE = "    "  # between a line and its comment


def text(file: tree.File, trivia: Trivia | None = None) -> str:
    """The text of a file without broken statements, in the one style that files have.

    A call or a tuple that is too wide for a line, or has comments in it, is broken over lines.
    """
    return "".join(f"{line}\n" for line in _Printer(trivia or Trivia()).file(file))


def one_line(node: tree.Node) -> str:
    """A node without documentation and comments on one line, however long that gets."""
    match node:
        case tree.Name() | tree.Literal():
            return node.text
        case tree.Group():
            return f"({_listed(node.items)}{',' * (len(node.items) == 1)})"
        case tree.Argument():
            return f"{node.name.text}={one_line(node.value)}" if node.name else one_line(node.value)
        case tree.Call():
            return f"{node.op.text}({_listed(node.arguments)})"
        case tree.Step():
            targets = f"{_listed(node.targets)} = " if node.targets else ""
            return targets + " ".join(map(one_line, (node.call, *node.allowed)))
        case tree.Allowance():
            return f"allow {node.code.text} {node.reason.text}"
        case tree.Axis():
            return f"{node.name.text}={node.size.text}" if node.size else node.name.text
        case tree.Type() if node.dtype.text == BYTES:
            return BYTES
        case tree.Type():
            tag = f" {node.tag.text}" if node.tag else ""
            tag += f"|{node.other.text}" if node.other else ""
            tag += f"({_listed(node.says)})" if node.says else ""
            span = f" {one_line(node.range)}" if node.range else ""
            space = f" @{node.space.text}" if node.space else ""
            return f"{node.dtype.text}[{_listed(node.axes)}]{tag}{span}{space}"
        case tree.Range():
            return f"{node.low.text}..{node.high.text}"
        case tree.Typed():
            return f"{node.name.text}: {one_line(node.type)}"
        case tree.Doc():
            return f"## {node.text}".rstrip()
        case tree.Comment():
            return f"# {node.text}".rstrip()
        case tree.Edition():
            return f"proc {node.number.text}"
        case tree.Pipeline():
            return f"pipeline {node.name.text}"
        case tree.Use():
            return f"use {node.path.text}"
        case tree.Listed():
            return node.path.text
        case tree.Let() | tree.Param():
            return _definition(node) + one_line(node.value)
        case tree.Input():
            return f"input {one_line(node.typed)}"
        case tree.Extern():
            declared = f"extern {node.name.text} from {node.target.text}"
            return f"{declared} ({_listed(node.inputs)}) -> {_listed(node.outputs)}"
        case tree.Model():
            return f"model {_listed(node.inputs)} -> {_listed(node.outputs)}"
        case tree.Output():
            return f"output {_listed(node.names)}"
    raise TypeError(f"a {type(node).__name__} does not stand on one line")


def _listed(nodes: Sequence[tree.Node]) -> str:
    return ", ".join(map(one_line, nodes))


def _definition(node: tree.Let | tree.Param) -> str:
    word = "let" if isinstance(node, tree.Let) else "param"
    return f"{word} {node.name.text} {'from' if isinstance(node.value, tree.Listed) else '='} "


class _Printer:
    """Gives the lines of nodes. `pad` is what a line of the node begins with."""

    def __init__(self, trivia: Trivia) -> None:
        self.trivia = trivia

    # Statements

    def file(self, file: tree.File) -> list[str]:
        lines: list[str] = []
        before: tree.Part | None = None
        for part in file.parts:
            head = self._head(part, "")
            if before and not _together(before, part) and "" not in head:
                head.insert(0, "")
            lines += [*head, *self._statement(part, "")]
            before = part
        return _from_first([*lines, *self._comments(self.trivia.closing.get(file, ()), "")])

    def _head(self, node: tree.Node, pad: str) -> list[str]:
        """The comments and the documentation above a statement, with blank lines among them."""
        lines: list[str] = []
        documented = False
        for line in (*docs_of(node), node):
            for above in (*self.trivia.above.get(line, ()), line):
                if above in self.trivia.apart and not documented:
                    lines.append("")
                if above is not node:
                    lines.append(pad + one_line(above))
                documented = isinstance(above, tree.Doc)
        return lines

    def _statement(self, node: tree.Node, pad: str) -> list[str]:
        lines = self._lines(node, pad)
        return [*lines[:-1], lines[-1] + self._behind(node)]

    def _lines(self, node: tree.Node, pad: str) -> list[str]:
        match node:
            case tree.Pre() | tree.Post() | tree.Branch():
                return self._block(node, pad)
            case tree.Step():
                *lines, first = self._fill(node.targets, pad, pad + _INDENT, last=" = ") or [pad]
                allowed = "".join(f" {one_line(allowance)}" for allowance in node.allowed)
                return [*lines, *self._value(node.call, first, pad, last=allowed)]
            case tree.Let() | tree.Param():
                return self._value(node.value, pad + _definition(node), pad)
            case tree.Model() if not self._fits(node, pad):
                outputs = self._fill(node.outputs, f"{_INDENT}-> ", 2 * _INDENT)
                return [*self._fill(node.inputs, "model ", _INDENT), *outputs]
            case tree.Output():
                return self._fill(node.names, "output ", _INDENT)
        return [pad + one_line(node)]

    def _block(self, node: tree.Pre | tree.Post | tree.Branch, pad: str) -> list[str]:
        word = node.mode if isinstance(node, tree.Branch) else type(node).__name__.lower()
        inner = pad + _INDENT
        lines: list[str] = []
        for step in node.steps:
            lines += [*self._head(step, inner), *self._statement(step, inner)]
        lines += self._comments(self.trivia.closing.get(node, ()), inner)
        return [f"{pad}{word} {{{self._opening(node)}", *_from_first(lines), f"{pad}}}"]

    # Values

    def _fits(self, node: tree.Node, first: str, last: str = "") -> bool:
        return node not in self.trivia.spread and len(first + one_line(node) + last) <= WIDTH

    def _value(self, node: tree.Node, first: str, pad: str, last: str = "") -> list[str]:
        """The lines of a value or call; `first` begins the first of them, `last` ends the last."""
        inner = pad + _INDENT
        match node:
            case tree.Argument(name=name):
                return self._value(node.value, f"{first}{name.text}=" if name else first, pad, last)
            case tree.Call(arguments=[_, *_]) if not self._fits(node, first, last):
                opening, lines = f"{node.op.text}(", self._arguments(node, inner)
            case tree.Group() if not self._fits(node, first, last):
                opening, lines = "(", self._items(node, inner)
            case _:
                return [first + one_line(node) + last]
        lines += self._comments(self.trivia.closing.get(node, ()), inner)
        return [first + opening + self._opening(node), *lines, f"{pad}){last}"]

    def _arguments(self, call: tree.Call, pad: str) -> list[str]:
        """The arguments of a broken call: on one line of their own, or else one a line."""
        together = pad + _listed(call.arguments)
        if call not in self.trivia.spread and len(together) <= WIDTH:
            return [together]
        return [line for argument in call.arguments for line in self._item(argument, pad)]

    def _item(self, item: tree.Node, pad: str) -> list[str]:
        above = self._comments(self.trivia.above.get(item, ()), pad)
        *lines, last = self._value(item, pad, pad, last=",")
        return [*above, *lines, last + self._behind(item)]

    def _items(self, group: tree.Group, pad: str) -> list[str]:
        """The values of a broken tuple: as many on a line as fit."""
        lines = self._fill(group.items, pad, pad, last=",")
        alone = len(lines) == 1 and len(group.items) > 1 and group not in self.trivia.spread
        return [lines[0].removesuffix(",")] if alone else lines

    def _fill(self, nodes: Sequence[tree.Node], first: str, pad: str, last: str = "") -> list[str]:
        """As many nodes on a line as fit, with commas between them and `last` after them."""
        lines: list[str] = []
        line, fresh = first, True
        for node in nodes:
            end = last if node is nodes[-1] else ","
            above = self.trivia.above.get(node, ())
            on_line = f"{line} {one_line(node)}{end}"
            if not fresh and (above or node in self.trivia.spread or len(on_line) > WIDTH):
                lines.append(line)
                line, fresh = pad, True
            lines += self._comments(above, line[: len(line) - len(line.lstrip())])
            *broken, line = self._value(node, line, pad, end) if fresh else [on_line]
            lines += broken
            fresh = bool(broken) or node in self.trivia.behind
            if fresh:
                lines.append(line + self._behind(node))
                line = pad
        return lines if fresh else [*lines, line]

    # Comments

    def _comments(self, comments: Sequence[tree.Comment], pad: str) -> list[str]:
        lines: list[str] = []
        for comment in comments:
            lines += [""] * (comment in self.trivia.apart)
            lines.append(pad + one_line(comment))
        return lines

    def _behind(self, node: tree.Node) -> str:
        return _beside(self.trivia.behind.get(node))

    def _opening(self, node: tree.Node) -> str:
        return _beside(self.trivia.opening.get(node))


def _beside(comment: tree.Comment | None) -> str:
    return f"{_BESIDE}{one_line(comment)}" if comment else ""


def _together(before: tree.Part, part: tree.Part) -> bool:
    """Whether two parts may stand without a blank line between them."""
    constants = (tree.Use, tree.Let, tree.Param)
    return any(isinstance(before, k) and isinstance(part, k) for k in (constants, tree.Input))


def _from_first(lines: list[str]) -> list[str]:
    """The lines without a blank one before all others."""
    return lines[1:] if lines[:1] == [""] else lines
