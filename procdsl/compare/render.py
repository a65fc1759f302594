"""A comparison as a reader, a program or GitHub wants it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdsl.compare.change import Change, Seen, Side, Verdict
from procdsl.compare.compare import Comparison
from procdsl.compare.difference import Difference
from procdsl.compare.measure import Measured
from procdsl.compare.parts import Numbered, seen
from procdsl.compare.steps import Pair
from procdsl.diagnostics.render import escaped, place
from procdsl.diagnostics.snippet import visible
from procdsl.manifest import canonical
from procdsl.types.constants import shorten

_WIDTH = 120
"""How much of a step is shown: tables of labels are long."""
_LEVELS = {
    Verdict.SAME_MEANING: "notice",
    Verdict.NUMERICS_CHANGED: "warning",
    Verdict.CONTRACT_BROKEN: "error",
}
_WORDS = {
    Verdict.SAME_MEANING: "meaning",
    Verdict.NUMERICS_CHANGED: "numerics",
    Verdict.CONTRACT_BROKEN: "contract",
}


def text(found: Comparison) -> str:
    """For a reader."""
    lines = [f"{found.said}: {found.old.name} -> {found.new.name}"]
    for change in found.changes:
        lines += ["", f"{_WORDS[change.verdict]}[{change.code}]: {change.message}"]
        lines += [f"  {line}" for line in _both(change, found)]
        lines.append(f"    more: procdsl explain {change.code}")
    for measured in found.measured:
        lines += ["", f"on {measured.on}:", *(f"  {line}" for line in _measured(measured, found))]
    return "\n".join(lines) + "\n"


def _both(change: Change, found: Comparison) -> Iterator[str]:
    """What stands on the two sides, a line each."""
    for sign, there, side in (("-", change.was, found.old), ("+", change.now, found.new)):
        if there is not None:
            said = visible(shorten(there.text, _WIDTH))
            yield f"{sign} {side.place(there.span)}: {said}" if there.span else f"{sign} {said}"


def _measured(measured: Measured, found: Comparison) -> Iterator[str]:
    yield from measured.notes
    if measured.first:
        pair, difference = measured.first
        yield f"{_named(pair, found)}, is the first to differ: {difference.said}"
    yield from _results("what the model is fed", measured.fed)
    yield from _results("what `post` makes of the same outputs of the model", measured.given)


def _results(title: str, results: Mapping[str, Difference]) -> Iterator[str]:
    if results and all(difference.same for difference in results.values()):
        yield f"{title}: the same"
    elif results:
        yield f"{title}:"
        width = max(map(len, results))
        yield from (f"  {name:{width}}  {found.said}" for name, found in results.items())


def _named(pair: Pair, found: Comparison) -> str:
    """What a step is called; the old one where there is no new one."""
    if pair.new:
        return Numbered(found.new.pipeline)(pair.new)
    assert pair.old, "a pair has one of the two"
    return f"what was {Numbered(found.old.pipeline)(pair.old)}"


def github(found: Comparison) -> str:
    """For GitHub: each change beside its line."""
    return "".join(f"{line}\n" for line in _annotations(found))


def _annotations(found: Comparison) -> Iterator[str]:
    for change in found.changes:
        said = "\n".join([change.message, *_both(change, found)])
        where = _where(change, found.new)
        level = _LEVELS[change.verdict]
        yield f"::{level} {where},title={change.code}::{escaped(said, False)}"
    for measured in found.measured:
        said = "\n".join([f"on {measured.on}:", *_measured(measured, found)])
        title = escaped(found.said, True)
        yield f"::notice file={escaped(found.new.name, True)},title={title}::{escaped(said, False)}"


def _where(change: Change, side: Side) -> str:
    where = f"file={escaped(side.name, True)}"
    span = change.now.span if change.now else None
    if span is None or side.pipeline.source.name != side.name:
        return where
    line, column = span.source.position(span.start)
    return f"{where},line={line},col={column}"


def plain(found: Comparison) -> dict[str, object]:
    """As data."""
    return {
        "verdict": found.verdict.said,
        "said": found.said,
        "exit_code": int(found.verdict),
        "old": _side(found.old),
        "new": _side(found.new),
        "changes": changes(found),
        "measured": [_plain(measured, found) for measured in found.measured],
    }


def changes(found: Comparison) -> list[dict[str, object]]:
    """The changes alone, in the form of diagnostics."""
    return [
        {
            "code": change.code,
            "severity": _LEVELS[change.verdict],
            "verdict": change.verdict.said,
            "message": change.message,
            "was": _seen(change.was, found.old),
            "now": _seen(change.now, found.new),
        }
        for change in found.changes
    ]


def _side(side: Side) -> dict[str, object]:
    pipeline = side.pipeline
    return {
        "name": side.name,
        "pipeline": pipeline.name,
        "id": canonical.identity(pipeline),
        "serving_id": canonical.serving_identity(pipeline),
    }


def _seen(there: Seen | None, side: Side) -> dict[str, object] | None:
    if there is None:
        return None
    if there.span is None:
        return {"text": there.text}
    return {"text": there.text, **place(there.span), "file": side.name}


def _plain(measured: Measured, found: Comparison) -> dict[str, object]:
    first = None
    if measured.first:
        pair, difference = measured.first
        first = {
            "said": _named(pair, found),
            "old": _seen(seen(pair.old), found.old) if pair.old else None,
            "new": _seen(seen(pair.new), found.new) if pair.new else None,
            "difference": difference.plain(),
        }
    return {
        "on": measured.on,
        "notes": measured.notes,
        "first": first,
        "fed": {name: found.plain() for name, found in measured.fed.items()},
        "given": {name: found.plain() for name, found in measured.given.items()},
    }
