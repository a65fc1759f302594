"""The tokens round a syntax error: which statement they belong to, and how to read on after it."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from procdsl.records import dataclass
from procdsl.source import Source, Span

PARTS = {
    "PROC": "proc",
    "PIPELINE": "pipeline",
    "USE": "use",
    "LET": "let",
    "PARAM": "param",
    "INPUT": "input",
    "EXTERN": "extern",
    "PRE": "pre",
    "MODEL": "model",
    "POST": "post",
    "OUTPUT": "output",
}
WORDS = {**PARTS, "TRAIN": "train", "SERVE": "serve", "FROM": "from", "ALLOW": "allow"}

SAID = {
    **{kind: f"`{word}`" for kind, word in WORDS.items()},
    "NAME": "a name",
    "BYTES": "`bytes`",
    "NUMBER": "a number",
    "STRING": "a string",
    "DOC": "documentation",
    "_NL": "the end of the line",
    "$END": "the end of the file",
    "_ARROW": "`->`",
    "_TO": "`..`",
    "VBAR": "`|`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "DOT": "`.`",
    "SLASH": "`/`",
    "AT": "`@`",
}


def span_of(source: Source, token: Token) -> Span:
    """The place of a token."""
    return Span(source, token.start_pos or 0, token.end_pos or 0)


def kind_at(tokens: Sequence[Token], index: int) -> str:
    """The type of the token at an index that may lie outside."""
    if index < 0:
        return "$START"
    return tokens[index].type if index < len(tokens) else "$END"


def continues(tokens: Sequence[Token], newline: int) -> bool:
    """Whether the statement goes on after the line break at this index."""
    before, after = kind_at(tokens, newline - 1), kind_at(tokens, newline + 1)
    return before in {"LPAR", "COMMA", "_ARROW"} or after in {"RPAR", "_ARROW"}


def stray_documentation(span: Span) -> Diagnostic:
    """Documentation where nothing takes it."""
    sign = Span(span.source, span.start, span.start + 2)
    return Diagnostic(
        "E115",
        span,
        "this documentation belongs to nothing",
        found="`##`",
        wanted="documentation before a pipeline, param, input, extern, step, model or output",
        fixes=(Fix.only("make it a comment: `#`", Edit(sign, "#")),),
    )


def _block_brace(kinds: Sequence[str]) -> int | None:
    """Where a statement opens a block; a brace in parentheses is of a text that lost its quotes."""
    depth = 0
    for index, kind in enumerate(kinds):
        depth += {"LPAR": 1, "RPAR": -1}.get(kind, 0)
        if kind == "LBRACE" and depth <= 0:
            return index
    return None


@dataclass(frozen=True)
class Mistake:
    """A diagnostic, the statement it is about, and the tokens to read on with."""

    diagnostic: Diagnostic
    statement: Span
    tokens: list[Token]


class Place:
    """Where the parser stopped: at the token of this index, or past the last one."""

    def __init__(self, source: Source, tokens: list[Token], index: int, accepted: set[str]) -> None:
        self.source = source
        self.tokens = tokens
        self.index = index
        self.accepted = accepted
        if self._ended_early():
            self.index -= 1  # the slip is in the line before
        self.kind = self.kind_at(self.index)
        self.before = self.kind_at(self.index - 1)

    def kind_at(self, index: int) -> str:
        return kind_at(self.tokens, index)

    def is_word(self, index: int) -> bool:
        """Whether the word of the language at this index stands where it belongs."""
        before, after = self.kind_at(index - 1), self.kind_at(index + 1)
        match self.kind_at(index):
            case "FROM":
                return before == "NAME" and after == "STRING"
            case "ALLOW":
                return before in {"RPAR", "STRING"} and after == "NAME"
        return before == "_NL" and after not in {"EQUAL", "LPAR", "COMMA"}

    def _ended_early(self) -> bool:
        """The line before ended where the grammar let it go on, and it did not go on."""
        at_line = self.kind_at(self.index - 1) == "_NL" and not self.continues(self.index - 1)
        at_statement = self.accepted & {"PROC", "RBRACE"} or self.kind_at(self.index - 2) == "DOC"
        return at_line and not at_statement

    def depth(self, opening: str, closing: str, start: int) -> int:
        kinds = [token.type for token in self.tokens[start : self.index]]
        return kinds.count(opening) - kinds.count(closing)

    def block(self) -> str:
        """The word of the block that is open here, or nothing."""
        opened: list[str] = []
        for i, token in enumerate(self.tokens[: self.index]):
            if token.type == "LBRACE":
                opened.append(self.kind_at(i - 1))
            elif token.type == "RBRACE" and opened:
                opened.pop()
        return opened[-1] if opened else ""

    def touches(self) -> bool:
        return self.tokens[self.index - 1].end_pos == self.tokens[self.index].start_pos

    def continues(self, newline: int) -> bool:
        return continues(self.tokens, newline)

    def statement(self) -> tuple[int, int]:
        """The first token of the broken statement, and the line break that ends it."""
        start = self.index
        while start and not (
            self.tokens[start - 1].type == "_NL" and not self.continues(start - 1)
        ):
            start -= 1
        end = self.index
        while end < len(self.tokens) and not (
            self.tokens[end].type == "_NL" and not self.continues(end)
        ):
            end += 1
        return start, end

    def at_statement(self) -> bool:
        return self.statement()[0] == self.index

    def after_documentation(self) -> bool:
        return self.index >= 2 and self.tokens[self.index - 2].type == "DOC"

    def line_start(self) -> int:
        start = self.index
        while start and self.tokens[start - 1].type != "_NL":
            start -= 1
        return start

    def line_end(self, index: int) -> int:
        """The index of the line break that ends the statement in which the token stands."""
        while index < len(self.tokens) and not (
            self.tokens[index].type == "_NL" and not self.continues(index)
        ):
            index += 1
        return index

    def new_step_begins(self) -> bool:
        """The line began like a step, on a line that continues an open parenthesis."""
        start = self.line_start()
        kinds = [token.type for token in self.tokens[start : self.index]]
        if start == self.statement()[0] or not kinds:
            return False
        named = self.kind == "LPAR" and "EQUAL" in kinds
        return (kinds == ["NAME"] and self.kind == "LPAR") or named

    def parts_values(self, index: int) -> bool:
        """Whether the tokens before and at this index are two values, and cannot be one.

        Two numbers are one with a blank in it as well, unless they stand in parentheses of their
        own.
        """
        kinds = self.kind_at(index - 1), self.kind_at(index)
        if kinds[1] == "NAME" and self.kind_at(index + 1) == "EQUAL":
            return kinds[0] in {"NAME", "NUMBER", "STRING", "RPAR"}
        gap = self.span(self.tokens[index - 1]).end, self.span(self.tokens[index]).start
        if not self.source.text[slice(*gap)].isspace():
            return False
        inner = [token.type for token in self.tokens[self.statement()[0] : index]]
        nested = inner.count("LPAR") - inner.count("RPAR") > 1
        return kinds[0] == kinds[1] and (
            kinds[0] in {"NAME", "STRING"} or (kinds[0] == "NUMBER" and nested)
        )

    # Reading on

    def breaks(self, diagnostic: Diagnostic, end: int | None = None) -> Mistake:
        """Put a placeholder in the place of the statement, up to the line break at `end`.

        The documentation above goes with it. Of a block whose head is broken the steps are read.
        """
        start, stop = self.statement()
        stop = stop if end is None else end
        kinds = [token.type for token in self.tokens[start:stop]]
        block = kinds[:1] in (["PRE"], ["POST"], ["TRAIN"], ["SERVE"]) and self.index > start
        brace_at = _block_brace(kinds)
        if block and (brace_at is not None or self._steps_follow(stop)):
            brace = Token.new_borrow_pos("LBRACE", "{", self.tokens[start])
            head = [self.tokens[start], brace]
            return self.mistake(diagnostic, [*self.tokens[:start], *head, *self.tokens[stop:]])
        if brace_at is not None:
            stop = self.block_end(start + brace_at)
        while self.kind_at(start - 2) == "DOC":
            start -= 2
        stand_in = [] if kinds == ["BROKEN"] else [self.broken(start, stop)]
        if stop >= len(self.tokens) or self._begins_line(stop):
            # It went on at the end of the file, or took the line breaks before this into itself.
            stand_in.append(Token.new_borrow_pos("_NL", "\n", self.tokens[stop - 1]))
        return self.mistake(diagnostic, [*self.tokens[:start], *stand_in, *self.tokens[stop:]])

    def _steps_follow(self, index: int) -> bool:
        """Whether the next brace closes a block, or is that of a branch, before a part begins."""
        ends = {*PARTS, "LBRACE", "RBRACE"}
        at = next((i for i in range(index, len(self.tokens)) if self.kind_at(i) in ends), -1)
        return self.kind_at(at) == "RBRACE" or self.kind_at(at - 1) in {"TRAIN", "SERVE"}

    def broken(self, start: int, stop: int) -> Token:
        place = self.tokens[min(start, len(self.tokens) - 1)]
        broken = Token.new_borrow_pos("BROKEN", "\x00", place)
        broken.end_pos = self.tokens[max(start, stop - 1)].end_pos
        return broken

    def block_end(self, brace: int) -> int:
        """The index after the brace that closes the one at `brace`."""
        depth = 0
        for i in range(brace, len(self.tokens)):
            depth += {"LBRACE": 1, "RBRACE": -1}.get(self.tokens[i].type, 0)
            if depth == 0:
                return i + 1
        return len(self.tokens) - 1

    def _begins_line(self, index: int) -> bool:
        """Whether a token that is no line break is the first of its line."""
        token = self.tokens[index]
        before = self.source.text[: token.start_pos or 0].rpartition("\n")[2]
        return token.type != "_NL" and not before.strip()

    def mistake(self, diagnostic: Diagnostic, tokens: list[Token]) -> Mistake:
        return Mistake(diagnostic, self.line(), tokens)

    def closes(self, closing: str, opening: str) -> bool:
        """Whether the next bracket of its kind in the statement closes one."""
        kinds = [token.type for token in self.tokens[self.index : self.statement()[1]]]
        return next((kind == closing for kind in kinds if kind in (closing, opening)), False)

    def closing(self, opening: str, closing: str) -> Span | None:
        """The place of the token that closes the one here, in this statement."""
        depth = 0
        for token in self.tokens[self.index : self.statement()[1]]:
            depth += {opening: 1, closing: -1}.get(token.type, 0)
            if depth == 0:
                return self.span(token)
        return None

    # Words and places

    def found(self) -> str:
        if self.kind in {"NAME", "NUMBER"}:
            return f"`{self.tokens[self.index]}`"
        return SAID.get(self.kind, f"`{self.kind}`")

    def here(self) -> Span:
        if self.kind == "$END":
            return Span(self.source, len(self.source.text), len(self.source.text))
        if self.kind == "_NL":
            start = self.tokens[self.index].start_pos or 0
            return Span(self.source, start, start)
        return self.span(self.tokens[self.index])

    def line(self) -> Span:
        """The broken statement."""
        start, end = self.statement()
        if start >= end:
            return self.here()
        first, last = self.tokens[start], self.tokens[end - 1]
        return Span(self.source, first.start_pos or 0, last.end_pos or 0)

    def span(self, token: Token) -> Span:
        return span_of(self.source, token)
