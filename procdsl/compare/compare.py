"""Two pipelines side by side: what differs, how grave it is, and how far apart the numbers are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from procdsl.compare import contract, wording
from procdsl.compare.change import Change, Side, Verdict
from procdsl.compare.measure import Measure, Measured, Picture
from procdsl.compare.normal_form import after_model, serving, training
from procdsl.compare.parts import Numbered
from procdsl.compare.steps import Between, Both
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.records import dataclass, replace


@dataclass(frozen=True)
class Comparison:
    """What is to be said of two pipelines."""

    old: Side
    new: Side
    changes: tuple[Change, ...]
    """Those of the contract first, then those of numbers, then the others."""
    measured: tuple[Measured, ...]
    """How far they are apart, where numbers have changed."""

    @property
    def verdict(self) -> Verdict:
        return max((change.verdict for change in self.changes), default=Verdict.IDENTICAL)

    @property
    def said(self) -> str:
        """The verdict in words."""
        verdict = self.verdict
        if verdict is Verdict.SAME_MEANING and any(c.code == "D107" for c in self.changes):
            return "same meaning in serving: training only"
        if verdict is Verdict.NUMERICS_CHANGED and all(found.same for found in self.measured):
            if any(change.code == "D205" for change in self.changes):
                return f"{verdict.said}: by how much is not known, no extern is run"
            return f"{verdict.said}: no difference on these inputs"
        return verdict.said


def compare(old: Side, new: Side, pictures: Sequence[Picture] = ()) -> Comparison:
    """Hold two pipelines against each other; on pictures, too, where their numbers differ.

    That two of them mean the same is said of their form alone, never of what came out on some
    input. A ValueError names a picture that does not pass.
    """
    was, now = (replace(side.pipeline, plan=None) for side in (old, new))
    places = list(contract.placed(old, new))
    if was == now and _texts(was) == _texts(now):
        return Comparison(old, new, tuple(places), ())
    blocks = _pre(was, now), _post(was, now)
    pre, post = (both.normal for both in blocks)
    measured: list[Measured] = []
    steps = [*_steps(was, now, pre, post)]
    if not (pre.same and post.same):
        measured += _measured(Measure(was, now, pre, post), pictures)
    elif any(change.code in ("D104", "D108") for change in steps):
        written = Measure(was, now, *blocks).built_in()
        if not written.results_are_the_same:  # an op declares of itself what is not so
            steps = [_not_the_same(change) for change in steps]
            measured.append(written)
    found = [*contract.changes(was, now), *places, *steps, *_training(was, now, pre)]
    found += wording.of_parts(was, now)
    changes = sorted(found or [wording.of_text(was, now)], key=lambda change: -change.verdict)
    return Comparison(old, new, tuple(changes), tuple(measured))


def _not_the_same(change: Change) -> Change:
    codes = {"D104": "D204", "D108": "D201"}
    if change.code not in codes:
        return change
    message = change.message.partition(",")[0] + ", and do not give the same"
    return replace(change, code=codes[change.code], message=message)


def _steps(old: Pipeline, new: Pipeline, pre: Both, post: Both) -> Iterator[Change]:
    between = Between(old, new, Numbered(old), Numbered(new))
    for both in (pre, post):
        if both.alike:
            yield from wording.of_block(both.old, both.new, old, new)
        elif both.same:
            yield between.rewritten(both)
        else:
            yield from between.changes(both)


def _measured(measure: Measure, pictures: Sequence[Picture]) -> Iterator[Measured]:
    yield measure.built_in()
    if pictures:
        yield measure.on_pictures(pictures)


def _texts(pipeline: Pipeline) -> list[str]:
    return [source.text for source in (pipeline.source, *pipeline.used)]


def _pre(old: Pipeline, new: Pipeline) -> Both:
    gives = ((*p.model.inputs, *p.kept) if p.fed else () for p in (old, new))
    names = _common(*gives)
    return Both(names, serving(old, names), serving(new, names))


def _post(old: Pipeline, new: Pipeline) -> Both:
    names = _common(old.outputs, new.outputs)
    return Both(names, after_model(old, names), after_model(new, names))


def _common(old: Iterable[Value], new: Iterable[Value]) -> tuple[str, ...]:
    """The names that are on both sides, in the order of the old one."""
    names = {value.name for value in new}
    return tuple(value.name for value in old if value.name in names)


def _training(old: Pipeline, new: Pipeline, pre: Both) -> Iterator[Change]:
    """That training has changed, where serving has not."""
    if pre.same and (old.has_train or new.has_train):
        both = Both(pre.names, training(old, pre.names), training(new, pre.names)).normal
        if not both.same:
            yield wording.of_training(old, new)
