"""What differs and changes no result: names, documentation, order, text, params, training."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Set

from procdsl.compare.change import Change, Seen
from procdsl.compare.parts import Numbered, Parts, seen
from procdsl.diagnostics.snippet import visible
from procdsl.ir.pipeline import Pipeline, Step
from procdsl.passes.block import Block
from procdsl.source import Span
from procdsl.types.constants import show


def of_parts(old: Pipeline, new: Pipeline) -> Iterator[Change]:
    """The name, params and documentation."""
    was, now = Parts(old), Parts(new)
    if old.name != new.name:
        message = "the pipeline has another name, and so have the files that it compiles to"
        yield Change("D101", message, was.head(), now.head())
    a, b = was.params(), now.params()
    for name in [*a, *(name for name in b if name not in a)]:
        one, other = a.get(name), b.get(name)
        if one is None or other is None:
            state = "new" if one is None else "gone"
            yield Change("D106", f"the param `{name}` is {state}", one, other)
        elif one.text != other.text:
            yield Change("D106", f"the param `{name}` is another", one, other)
    calls = [{seen(step).text for step in _serving(pipeline)} for pipeline in (old, new)]
    kept = calls[0] & calls[1]  # of a step that is gone or new more is told than its documentation
    yield from _documentation(_documented(old, kept), _documented(new, kept))


def _documentation(old: Mapping[str, Seen], new: Mapping[str, Seen]) -> Iterator[Change]:
    for what in [*old, *(what for what in new if what not in old)]:
        a, b = old.get(what), new.get(what)
        if (a.text if a else "") != (b.text if b else ""):
            yield Change("D102", f"the documentation of {what} is another", a, b)


def _serving(pipeline: Pipeline) -> tuple[Step, ...]:
    return (*pipeline.serving(), *pipeline.post)


def _documented(pipeline: Pipeline, calls: Set[str]) -> dict[str, Seen]:
    """What a file says of its parts beside what they compute: documentation, what is allowed."""
    parts = Parts(pipeline)
    pairs = zip(parts.inputs().items(), pipeline.input_docs, strict=True)
    found = {"the pipeline": Seen(pipeline.doc, parts.head().span)}
    found |= {f"the input `{name}`": Seen(doc, s.span) for (name, s), doc in pairs}
    found["the model"] = Seen(pipeline.model.doc)
    found["the output"] = Seen(pipeline.output_doc)
    found |= {f"the param `{param.name}`": Seen(param.doc) for param in pipeline.params}
    found |= {f"the extern `{extern.name}`": Seen(extern.doc) for extern in pipeline.externs}
    for step in _serving(pipeline):
        call = seen(step).text
        allowed = [f"allow {a.code} {show(a.reason)}" for a in step.allowed]
        if call in calls:
            found[f"`{call}`"] = Seen(" ".join([step.doc, *allowed]).strip(), step.span)
    return {what: one for what, one in found.items() if one.text}


def of_block(old: Block, new: Block, was: Pipeline, now: Pipeline) -> Iterator[Change]:
    """Names and order of the steps of two blocks that are of one form."""
    numbered = Numbered(now)
    moved = _moved(old, new)
    if moved:
        a, b = moved
        message = f"{numbered(b)}, stands in another place, where it gives the same bits"
        yield Change("D104", message, seen(a), seen(b))
    written = _written(was), _written(now)
    for pair in zip(old.steps, new.steps, strict=True):
        a, b = (places[_begin(step)] for places, step in zip(written, pair, strict=True))
        names = [[value.name for value in step.outputs] for step in (a, b)]
        if names[0] != names[1] and not {*names[0], *names[1]} & {*_outside(was), *_outside(now)}:
            yield Change(
                "D103", f"{numbered(b)}, has another name for its result", seen(a), seen(b)
            )


def _moved(old: Block, new: Block) -> tuple[Step, Step] | None:
    """The first step that stands elsewhere among the steps of its block."""
    orders = []
    for block in (old, new):
        begins = sorted(map(_begin, block.steps))
        orders.append([begins.index(_begin(step)) for step in block.steps])
    pairs = zip(old.steps, new.steps, *orders, strict=True)
    return next(((a, b) for a, b, i, j in sorted(pairs, key=lambda p: p[3]) if i != j), None)


def _written(pipeline: Pipeline) -> dict[int, Step]:
    """The steps as the file has them, by where they begin."""
    return {_begin(step): step for step in _serving(pipeline)}


def _begin(step: Step) -> int:
    assert step.span is not None, "a step that was checked has a place"
    return step.span.start


def _outside(pipeline: Pipeline) -> set[str]:
    """The names that callers and the model know."""
    model = pipeline.model
    given = (*pipeline.inputs, *model.inputs, *model.outputs, *pipeline.outputs, *pipeline.kept)
    return {value.name for value in given}


def of_training(old: Pipeline, new: Pipeline) -> Change:
    """What is told where training alone has changed."""
    a, b = (_first_of_training(p) for p in (old, new))
    return Change("D107", "training computes something else; serving does not", a, b)


def _first_of_training(pipeline: Pipeline) -> Seen:
    """The steps of training alone, and where the first of them stands."""
    serving = [step.span for step in pipeline.serving()]
    steps = [seen(step) for step in pipeline.training()[0] if step.span not in serving]
    if not steps:
        return Seen("as in serving", Parts(pipeline).head().span)
    return Seen("; ".join(step.text for step in steps), steps[0].span)


def of_text(old: Pipeline, new: Pipeline) -> Change:
    """What is told where nothing but the text differs, with the first line that does."""
    lines = [pipeline.source.text.splitlines() for pipeline in (old, new)]
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(*lines, strict=False))
    number = sum(1 for _ in same)
    both = (_line(pipeline, number) for pipeline in (old, new))
    return Change(
        "D105", "the text alone differs: comments, blank lines, how a thing is written", *both
    )


def _line(pipeline: Pipeline, number: int) -> Seen | None:
    """A line of the source, counted from 0; None behind the last, or where a used file differs."""
    source = pipeline.source
    lines = source.text.splitlines(keepends=True)
    if number >= len(lines):
        return None
    start = sum(map(len, lines[:number]))
    return Seen(visible(lines[number].strip()), Span(source, start, start + len(lines[number])))
