"""The comments and blank lines of a file, and the nodes at which they stand."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence, Set

from lark import Token

from procdsl.records import dataclass, field
from procdsl.source import Source, Span
from procdsl.syntax import tree

_COMMENT = re.compile(r"# ?([^\n]*)")


def comments_in(source: Source, tokens: Sequence[Token]) -> tuple[tree.Comment, ...]:
    """The comments of a file, which stand in the line ends among its tokens."""
    found: list[tree.Comment] = []
    for token in tokens:
        if token.type == "_NL" and "#" in token:
            offset = token.start_pos or 0
            for match in _COMMENT.finditer(token):
                text = match[1].rstrip()
                start, end = match.start(), match.start(1) + len(text)
                found.append(tree.Comment(Span(source, offset + start, offset + end), text))
    return tuple(found)


@dataclass(frozen=True)
class Trivia:
    """What stands round the nodes of a tree beside the language itself."""

    above: Mapping[tree.Node, Sequence[tree.Comment]] = field(default_factory=dict)
    """On lines of their own before a node."""
    behind: Mapping[tree.Node, tree.Comment] = field(default_factory=dict)
    """On the line on which a node ends."""
    opening: Mapping[tree.Node, tree.Comment] = field(default_factory=dict)
    """Behind the bracket that a node opens."""
    closing: Mapping[tree.Node, Sequence[tree.Comment]] = field(default_factory=dict)
    """On lines of their own before the bracket that a node closes, or at the end of the file."""
    apart: Set[tree.Node] = frozenset()
    """What stands below a blank line: statements, their documentation and comments between them."""
    spread: Set[tree.Node] = frozenset()
    """The nodes with a comment between their first and their last token."""


def trivia(file: tree.File) -> Trivia:
    """Each comment of a file at a node, and its blank lines."""
    finder = _Finder(file)
    finder.visit(file)
    apart = {node for node in finder.lines(file) if _is_apart(node.span)}
    return Trivia(finder.above, finder.behind, finder.opening, finder.closing, apart, finder.spread)


class _Finder:
    """Goes through a tree in the order of the text and takes the comments as they come."""

    def __init__(self, file: tree.File) -> None:
        self.left = deque(file.comments)
        self.above: dict[tree.Node, list[tree.Comment]] = defaultdict(list)
        self.behind: dict[tree.Node, tree.Comment] = {}
        self.opening: dict[tree.Node, tree.Comment] = {}
        self.closing: dict[tree.Node, list[tree.Comment]] = defaultdict(list)
        self.spread: set[tree.Node] = set()

    def _take(self, end: int) -> Iterator[tree.Comment]:
        """The next comments that begin before an offset."""
        while self.left and self.left[0].span.start < end:
            yield self.left.popleft()

    def visit(self, node: tree.Node) -> None:
        """Take the comments from the documentation of a node to its end."""
        docs = docs_of(node)
        for line in (*docs[1:], node) if docs else ():
            for comment in self._take(line.span.start):
                self.above[line].append(comment)
        if self.left and self.left[0].span.start < node.span.end:
            self.spread.add(node)
            before = None
            for part in _parts(node):
                first = next(iter(docs_of(part)), part)
                self._between(node, before, first, first.span.start)
                self.visit(part)
                before = part
            self._between(node, before, None, node.span.end)

    def _between(
        self, node: tree.Node, before: tree.Node | None, after: tree.Node | None, end: int
    ) -> None:
        """Take the comments between two parts of a node, or before or after all of them."""
        for comment in self._take(end):
            if before is not None and _on_one_line(before, comment):
                self.behind[before] = comment
            elif before is None and not _is_alone(comment):
                self.opening[node] = comment
            elif after is not None:
                self.above[after].append(comment)
            else:
                self.closing[node].append(comment)

    def lines(self, node: tree.Node) -> Iterator[tree.Node]:
        """The statements in a file or block, with the documentation and comments on their lines."""
        if isinstance(node, tree.File | tree.Pre | tree.Post | tree.Branch):
            for statement in _parts(node):
                for line in (*docs_of(statement), statement):
                    yield from (*self.above.get(line, ()), line)
                yield from self.lines(statement)
            yield from self.closing.get(node, ())


def docs_of(node: tree.Node) -> tree.Docs:
    """The documentation of a node, which none but statements have."""
    return node.docs if isinstance(node, tree.Documented | tree.Step | tree.Branch) else ()


def _parts(node: tree.Node) -> Sequence[tree.Node]:
    """The nodes in a node that may stand on lines of their own, in their order."""
    match node:
        case tree.File():
            return node.parts
        case tree.Pre() | tree.Post() | tree.Branch():
            return node.steps
        case tree.Step():
            return (*node.targets, node.call)
        case tree.Call():
            return node.arguments
        case tree.Argument() | tree.Let() | tree.Param():
            return (node.value,)
        case tree.Group():
            return node.items
        case tree.Model():
            return (*node.inputs, *node.outputs)
        case tree.Output():
            return node.names
    return ()


def _is_alone(comment: tree.Comment) -> bool:
    """Whether nothing stands before it on its line."""
    source, start = comment.span.source, comment.span.start
    return not source.text[source.line_start(start) : start].strip()


def _on_one_line(before: tree.Node, comment: tree.Comment) -> bool:
    return "\n" not in comment.span.source.text[before.span.end : comment.span.start]


def _is_apart(span: Span) -> bool:
    """Whether the line before it is blank."""
    text, start = span.source.text, span.source.line_start(span.start)
    above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start]
    return start > 0 and not above.strip()
