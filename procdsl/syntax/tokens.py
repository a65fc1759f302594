"""The tokens round a syntax error: which statement they belong to, and how to read on after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lark import Token

from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix, apply
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
WORDS = {**PARTS, "TRAIN": "train", "SERVE": "serve", "FROM": "from"}

SAID = {
    **{kind: f"`{word}`" for kind, word in WORDS.items()},
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": "a string",
    "DOC": "documentation",
    "_NL": "the end of the line",
    "$END": "the end of the file",
    "_ARROW": "`->`",
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
    return Diagnostic(
        "E115",
        span,
        "this documentation belongs to nothing",
        found="`##`",
        wanted="documentation before a pipeline, param, input, extern, step, model or output",
        fixes=(
            Fix(
                "make it a comment: `#`",
                (Edit(Span(span.source, span.start, span.start + 2), "#"),),
            ),
        ),
    )


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

    def _ended_early(self) -> bool:
        """The line before ended where the grammar let it go on, and it did not go on."""
        at_line = self.kind_at(self.index - 1) == "_NL" and not self.continues(self.index - 1)
        at_statement = self.accepted & {"PROC", "RBRACE"} or self.kind_at(self.index - 2) == "DOC"
        return at_line and not at_statement

    def depth(self, opening: str, closing: str, start: int) -> int:
        kinds = [token.type for token in self.tokens[start : self.index]]
        return kinds.count(opening) - kinds.count(closing)

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

    def new_step_begins(self) -> bool:
        """The line began like a step, on a line that continues an open parenthesis."""
        start = self.line_start()
        kinds = [token.type for token in self.tokens[start : self.index]]
        if start == self.statement()[0] or not kinds:
            return False
        named = self.kind == "LPAR" and "EQUAL" in kinds
        return (kinds == ["NAME"] and self.kind == "LPAR") or named

    # Reading on

    def breaks(self, diagnostic: Diagnostic, end: int | None = None) -> Mistake:
        """Put a placeholder in the place of the statement, up to the line break at `end`."""
        start, stop = self.statement()
        stop = stop if end is None else end
        kinds = [token.type for token in self.tokens[start:stop]]
        stand_in = [] if kinds == ["BROKEN"] else [self.broken(start, stop)]
        if "LBRACE" in kinds:
            brace = start + kinds.index("LBRACE")
            if kinds[0] in {"PRE", "POST", "TRAIN", "SERVE"}:  # keep its steps
                stand_in = [self.tokens[start], self.tokens[brace]]
            else:
                stop = self.block_end(brace)
        return self.mistake(diagnostic, [*self.tokens[:start], *stand_in, *self.tokens[stop:]])

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

    def mistake(self, diagnostic: Diagnostic, tokens: list[Token]) -> Mistake:
        return Mistake(diagnostic, self.line(), tokens)

    def dotted_call(self) -> int | None:
        """Where the last name stands of a call whose name has the dot here in it."""
        last = self.index + 1
        while self.kind_at(last) == "NAME" and self.kind_at(last + 1) == "DOT":
            last += 2
        called = self.before == self.kind_at(last) == "NAME" and self.kind_at(last + 1) == "LPAR"
        return last if called else None

    def closing(self, opening: str, closing: str) -> Span | None:
        """The place of the token that closes the one here, in this statement."""
        depth = 0
        for token in self.tokens[self.index : self.statement()[1]]:
            depth += {opening: 1, closing: -1}.get(token.type, 0)
            if depth == 0:
                return self.span(token)
        return None

    def named_axes(self) -> tuple[str, list[Edit]]:
        """The type here with names for its bare sizes, the likeliest ones, and the edits for it.

        A leading 1 is the batch, which has no axis.
        """
        if self.depth("LSQB", "RSQB", self.statement()[0]) < 1:
            return "", []
        start = end = self.index
        while self.kind_at(start - 1) != "LSQB":
            start -= 1
        while self.kind_at(end) not in {"RSQB", "_NL", "$END"}:
            end += 1
        firsts = [i for i in range(start, end) if self.kind_at(i - 1) in {"LSQB", "COMMA"}]
        bare = [self.tokens[i] for i in firsts if self.kind_at(i) == "NUMBER"]
        used = {str(self.tokens[i]) for i in firsts if self.kind_at(i) == "NAME"}
        edits = []
        if len(bare) == len(firsts) > 1 and bare[0] == "1" and (self._gives() or len(bare) > 3):
            first, second = (self.span(token) for token in bare[:2])
            edits.append(Edit(Span(self.source, first.start, second.start), ""))
            bare = bare[1:]
        for token, name in zip(bare, self._axis_names(bare, used), strict=False):
            open_ = str(token).startswith("-")
            edits.append(Edit(self.span(token), name if open_ else f"{name}={token}"))
        left, right = self.tokens[max(start - 2, 0)].start_pos or 0, self.tokens[end - 1].end_pos
        moved = [
            Edit(Span(self.source, e.span.start - left, e.span.end - left), e.text) for e in edits
        ]
        return apply(moved, self.source.text[left:right]) + "]", edits

    def _gives(self) -> bool:
        """Whether this is behind an arrow: what the model or an extern gives."""
        return any(
            token.type == "_ARROW" for token in self.tokens[self.statement()[0] : self.index]
        )

    def _axis_names(self, bare: Sequence[Token], used: set[str]) -> list[str]:
        """A name for each of these sizes, beside those that are used."""
        if self._gives() and not used and len(bare) < 3:
            return ["class"] if len(bare) == 1 else ["n", "m"]
        channels = "class" if self._gives() else "c"
        small = [i for i, token in enumerate(bare) if token in {"1", "3", "4"}]
        at = small[0] if small and not {"c", "class"} & used else None
        if at is None and self._gives() and not {"c", "class"} & used:
            at = 0
        sides = [name for name in ("h", "w") if name not in used]
        others = [name for name in ("t", "n", "m", "k", "l") if name not in used]
        count = len(bare) - (at is not None)
        names = [*others[: max(count - len(sides), 0)], *sides[:count]]
        if at is not None:
            names.insert(at, channels)
        return names

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
