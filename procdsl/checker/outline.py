"""The parts of a file: each in its place, each as often as it may stand."""

from __future__ import annotations

import re

from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix, Label
from procdsl.records import dataclass, field
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.syntax.tokens import stray_documentation

EDITION = 1

_ORDER: tuple[tuple[type[tree.Node], ...], ...] = (
    (tree.Edition,),
    (tree.Pipeline,),
    (tree.Use, tree.Let, tree.Param, tree.Extern),
    (tree.Input,),
    (tree.Pre,),
    (tree.Model,),
    (tree.Post,),
    (tree.Output,),
)
_ONCE = (tree.Edition, tree.Pipeline, tree.Pre, tree.Model, tree.Post, tree.Output)
_A_MODEL = "model x: f32[c=3, h=224, w=224] rgb -> y: f32[n=10]"
_UNDOCUMENTED = (tree.Edition, tree.Use, tree.Let, tree.Pre, tree.Post)


@dataclass
class Unread:
    """What did not parse, or could not be found: it may define names that seem to be missing.

    A line that uses a file may define any, and so may that of the model.
    """

    texts: list[str]
    """The statements; an empty one stands for a whole file."""

    def may_define(self, name: str) -> bool:
        word = re.compile(rf"\b{re.escape(name)}\b|\A\s*input\W*:|\.proc\"")
        return any(not text or word.search(text) or _MODEL.search(text) for text in self.texts)

    def inputs(self) -> list[str]:
        """The names of the inputs whose lines did not parse: of what begins like one, or is a name
        and its type."""
        lines = (re.sub(r"^\s*##.*\n", "", text, flags=re.M) for text in self.texts)
        found = (_INPUT.match(line) for line in lines if not _MODEL.search(line))
        return [match[1] or match[2] or "input" for match in found if match]


_MODEL = re.compile(r"\A\s*model\b|->")
_INPUT = re.compile(r"\s*(?:\W*\w+\W+)?\b([A-Za-z_]\w*)\s*:|\s*input\b\s*(\w*)")


@dataclass
class Outline:
    """A file's parts by their kind."""

    file: tree.File
    broken: list[tree.Broken] = field(default_factory=list)
    pipeline: tree.Pipeline | None = None
    constants: list[tree.Use | tree.Let | tree.Param] = field(default_factory=list)
    externs: list[tree.Extern] = field(default_factory=list)
    inputs: list[tree.Input] = field(default_factory=list)
    pre: tree.Pre | None = None
    model: tree.Model | None = None
    post: tree.Post | None = None
    output: tree.Output | None = None

    @property
    def unread(self) -> Unread:
        return Unread([broken.span.text for broken in self.broken])


def outline(file: tree.File, sink: DiagnosticSink) -> Outline:
    """Sort the parts of a pipeline's file and report what is missing, doubled or out of order."""
    found = _sorted(file, sink)
    whole = not found.broken
    if whole and found.pipeline is None:
        _missing(sink, file, "pipeline", "pipeline name", after=tree.Edition)
    if whole and found.model is None:
        end = Span(file.span.source, len(file.span.source.text), len(file.span.source.text))
        sink.add(
            "E221",
            end,
            "the file has no `model`",
            found="no model",
            wanted="the contract between `pre` and `post`: `model x: type -> y: type`",
            help=f"add a `model` line with the types of what the model takes and gives, such as "
            f"`{_A_MODEL}`",
        )
    if whole and found.pre is not None and not found.inputs:
        start = found.pre.span
        sink.add(
            "E221",
            Span(start.source, start.start, start.start + 3),
            "`pre` without an `input`",
            found="no input",
            wanted="an `input` before `pre`",
            help="add a line with the type of what comes, such as `input image: u8[h, w, c=3] bgr`",
        )
    if whole and found.post is not None and found.output is None:
        names = [n for s in found.post.steps if isinstance(s, tree.Step) for n in s.targets]
        last = names[-1].text if names else "y"
        sink.add(
            "E221",
            found.post.span,
            "`post` without an `output`",
            found="no output",
            wanted="an `output` line that names the results",
            help=f"add a line behind `post` that names what the pipeline gives, such as "
            f"`output {last}`",
        )
    return found


def constants_only(file: tree.File, sink: DiagnosticSink) -> Outline:
    """The parts of a file that another one `use`s: only its constants count."""
    return _sorted(file, sink)


def _sorted(file: tree.File, sink: DiagnosticSink) -> Outline:
    found = Outline(file)
    parts = [part for part in file.parts if not isinstance(part, tree.Broken)]
    found.broken = _broken(file)
    _check_edition(file, parts, found, sink)
    latest = 0
    for part in parts:
        rank = next(i for i, kinds in enumerate(_ORDER) if isinstance(part, kinds))
        first = next(other for other in parts if type(other) is type(part))
        if isinstance(part, _ONCE) and first is not part:
            _doubled(sink, part, first)
            continue
        if rank < latest:
            _out_of_order(sink, file, part, rank)
        latest = max(latest, rank)
        if isinstance(part, _UNDOCUMENTED):
            sink.diagnostics += [stray_documentation(doc.span) for doc in part.docs]
        _place(found, part)
    return found


def _place(found: Outline, part: tree.Documented) -> None:
    match part:
        case tree.Use() | tree.Let() | tree.Param():
            found.constants.append(part)
        case tree.Extern():
            found.externs.append(part)
        case tree.Input():
            found.inputs.append(part)
        case tree.Pipeline():
            found.pipeline = part
        case tree.Pre():
            found.pre = part
        case tree.Model():
            found.model = part
        case tree.Post():
            found.post = part
        case tree.Output():
            found.output = part


def _broken(file: tree.File) -> list[tree.Broken]:
    broken: list[tree.Broken] = []
    for part in file.parts:
        if isinstance(part, tree.Broken):
            broken.append(part)
        elif isinstance(part, tree.Pre | tree.Post):
            for step in part.steps:
                inner = step.steps if isinstance(step, tree.Branch) else (step,)
                broken += [node for node in inner if isinstance(node, tree.Broken)]
    return broken


def _check_edition(
    file: tree.File, parts: list[tree.Documented], found: Outline, sink: DiagnosticSink
) -> None:
    edition = next((part for part in parts if isinstance(part, tree.Edition)), None)
    if edition is None:
        if not found.broken:
            start = Span(file.span.source, 0, 0)
            sink.add(
                "E101",
                start,
                "the file does not name its edition",
                found="no `proc` line",
                wanted=f"`proc {EDITION}` as the first line",
                fixes=(Fix.only(f"add `proc {EDITION}`", Edit(start, f"proc {EDITION}\n\n")),),
            )
    elif edition.number.value != EDITION or isinstance(edition.number.value, float):
        sink.add(
            "E101",
            edition.span,
            "this edition of the language is not known",
            found=f"`{edition.span.text}`",
            wanted=f"`proc {EDITION}`; a newer procdsl may know more",
            help=f"take the procdsl that knows it; `proc {EDITION}` says that the file was written "
            f"for edition {EDITION}",
        )


def _missing(
    sink: DiagnosticSink, file: tree.File, what: str, line: str, after: type[tree.Node]
) -> None:
    before = next((part for part in file.parts if isinstance(part, after)), None)
    place = before.span.end if before else 0
    span = Span(file.span.source, place, place)
    sink.add(
        "E221",
        span,
        f"the file has no `{what}`",
        found=f"no {what}",
        wanted=f"`{line}`",
        help="add `pipeline` and a name, by which the generated files are called",
    )


def _doubled(sink: DiagnosticSink, part: tree.Documented, first: tree.Documented) -> None:
    word = type(part).__name__.lower().replace("edition", "proc")
    head = Span(first.span.source, first.span.start, first.span.start + len(word))
    sink.add(
        "E207",
        Span(part.span.source, part.span.start, part.span.start + len(word)),
        f"a second `{word}`",
        found=f"`{word}` twice",
        wanted="one",
        help="keep the one that is meant",
        labels=(Label(head, f"the first `{word}`"),),
    )


def _out_of_order(sink: DiagnosticSink, file: tree.File, part: tree.Documented, rank: int) -> None:
    word = type(part).__name__.lower().replace("edition", "proc")
    later = next(
        other
        for other in file.parts
        if not isinstance(other, tree.Broken)
        for i, kinds in enumerate(_ORDER)
        if isinstance(other, kinds) and i > rank
    )
    later_word = type(later).__name__.lower()
    whole = tree.with_docs(part)
    start = tree.with_docs(later).start
    sink.add(
        "E114",
        part.span,
        f"`{word}` stands too late",
        found=f"`{word}` after `{later_word}`",
        wanted="proc, pipeline, then use, let, param and extern, input, pre, model, post, output",
        fixes=(
            Fix.only(
                f"move it before `{later_word}`",
                Edit(Span(whole.source, start, start), whole.text + "\n"),
                Edit(whole, ""),
            ),
        ),
    )
