"""Which step of one block is which of another, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from procdsl.compare import contract
from procdsl.compare.change import Change, Seen
from procdsl.compare.normal_form import form, key, normal, step_by_step
from procdsl.compare.parts import Numbered, seen
from procdsl.compare.tables import run_by_run
from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.passes.block import Block
from procdsl.records import dataclass, field
from procdsl.types.constants import show
from procdsl.types.value import PictureSize


@dataclass(frozen=True)
class Both:
    """A block of the old pipeline and that of the new one, with the results that both have."""

    names: tuple[str, ...]
    old: Block
    new: Block

    @property
    def normal(self) -> Both:
        """Both with their steps in normal order."""
        return Both(self.names, normal(self.old), normal(self.new))

    @cached_property
    def alike(self) -> bool:
        """Whether they have the same steps: asked of the normal order, as what follows."""
        return form(self.old, step_by_step) == form(self.new, step_by_step)

    @cached_property
    def same(self) -> bool:
        """Whether they give the same bits for every input, in the same steps or in others."""
        return self.alike or form(self.old, run_by_run) == form(self.new, run_by_run)


@dataclass(frozen=True)
class Pair:
    """A step of the old block and the one that stands for it in the new; one alone has no other."""

    old: Step | None
    new: Step | None


def aligned(old: Block, new: Block) -> list[Pair]:
    """The steps of two blocks side by side, in their order.

    Those that compute the same belong together; of the others between them those of one operation,
    and what stands step for step in the place of others.
    """
    found: list[Pair] = []
    keys = [[key(step) for step in block.steps] for block in (old, new)]
    for alike, a, b in _runs(old.steps, new.steps, *keys):
        if alike:
            found += map(Pair, a, b)
            continue
        names = [step.op.name for step in a], [step.op.name for step in b]
        for same, ones, others in _runs(a, b, *names):
            kept = any(key(step) in keys[1] for step in ones)  # it stands elsewhere
            if same or (len(ones) == len(others) and not kept):
                found += map(Pair, ones, others)
            else:
                found += [Pair(step, None) for step in ones]
                found += [Pair(None, step) for step in others]
    return found


def _runs(
    old: Sequence[Step], new: Sequence[Step], a: Sequence[str], b: Sequence[str]
) -> Iterator[tuple[bool, Sequence[Step], Sequence[Step]]]:
    """Runs of steps that are alike by their texts, and runs that are not.

    Of several in a row that are alike the last stand alone: the first are given what they were.
    """
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    taken = 0  # of the run behind one that stands alone, and begins as that does
    for (tag, i, j, m, n), behind in zip(codes, codes[1:] + codes[-1:], strict=True):
        i, m, taken = i + taken, m + taken, 0
        if tag in ("insert", "delete"):
            texts, start, end = (b, m, n) if tag == "insert" else (a, i, j)
            while taken < behind[2] - j and texts[start + taken] == texts[end + taken]:
                taken += 1
            yield True, old[i : i + taken], new[m : m + taken]
            yield False, old[i + taken : j + taken], new[m + taken : n + taken]
        else:
            yield tag == "equal", old[i:j], new[m:n]


@dataclass(frozen=True)
class Between:
    """Two pipelines, of which blocks are compared."""

    old: Pipeline
    new: Pipeline
    was: Numbered = field(compare=False)
    now: Numbered = field(compare=False)

    def rewritten(self, both: Both) -> Change:
        """That two blocks give the same in other steps."""
        pairs = [p for p in aligned(both.old, both.new) if not _one(p)]
        sides = ([p.old for p in pairs if p.old], [p.new for p in pairs if p.new])
        message = "other steps, which give the same for each number that there is"
        return Change("D108", message, *(_listed(steps) for steps in sides))

    def changes(self, both: Both) -> Iterator[Change]:
        """What differs between two blocks of them that are not of one form."""
        old, new = both.old, both.new
        pairs = aligned(old, new)
        gone = {key(pair.old) for pair in pairs if pair.old and not pair.new}
        added = {key(pair.new) for pair in pairs if pair.new and not pair.old}
        for pair in pairs:
            if pair.old and pair.new:
                yield from self._changed(pair.old, pair.new)
            elif pair.old and key(pair.old) not in added:
                yield from self._removed(pair.old)
            elif pair.new and key(pair.new) not in gone:
                yield from self._added(pair.new)
            elif pair.new:
                before = next(p.old for p in pairs if p.old and key(p.old) == key(pair.new))
                message = f"{self.now(pair.new)}, stands in another place"
                yield Change("D204", message, seen(before), seen(pair.new))
        yield from self._wiring(both, pairs)

    def _changed(self, old: Step, new: Step) -> Iterator[Change]:
        if key(old) == key(new):
            return
        both = seen(old), seen(new)
        if isinstance(old.op, ExternCall) and isinstance(new.op, ExternCall):
            if old.op.extern.target == new.op.extern.target:
                yield Change("D205", f"the function of {self.now(new)}, is another", *both)
        elif contract.labels(old) != contract.labels(new):
            yield Change("D308", f"{self.now(new)}, has other labels{_first(old, new)}", *both)
        else:
            yield Change("D201", f"{self.now(new)}, computes something else", *both)

    def _removed(self, step: Step) -> Iterator[Change]:
        if not (isinstance(step.op, ExternCall) and contract.moved_out(step.op.extern, self.new)):
            yield Change("D203", f"{self.was(step)}, is gone", seen(step), None)

    def _added(self, step: Step) -> Iterator[Change]:
        if not (isinstance(step.op, ExternCall) and contract.moved_out(step.op.extern, self.old)):
            yield Change("D202", f"{self.now(step)}, is new", None, seen(step))

    def _wiring(self, both: Both, pairs: Sequence[Pair]) -> Iterator[Change]:
        """Steps and results that are of other values, where the steps themselves are the same."""
        if any(not (pair.old and pair.new) for pair in pairs):
            return  # what takes the place of a step takes its value
        stands_for = _by_name(both.old.inputs, both.new.inputs)
        for pair in pairs:
            assert pair.old is not None, "none stands alone"
            assert pair.new is not None, "none stands alone"
            outputs = zip(pair.old.outputs, pair.new.outputs, strict=False)
            stands_for |= {a.number: b.number for a, b in outputs}
        for pair in pairs:
            assert pair.old is not None, "none stands alone"
            assert pair.new is not None, "none stands alone"
            if not _same(pair.old.inputs, pair.new.inputs, stands_for):
                message = f"{self.now(pair.new)}, takes another value"
                yield Change("D206", message, seen(pair.old), seen(pair.new))
        yield from self._results(both, stands_for)

    def _results(self, both: Both, stands_for: dict[int, int]) -> Iterator[Change]:
        makers = [{v.number: s for s in b.steps for v in s.outputs} for b in (both.old, both.new)]
        for name, a, b in zip(both.names, both.old.wanted, both.new.wanted, strict=True):
            if not _same((a,), (b,), stands_for):
                by = (
                    seen(maker[value.number]) if value.number in maker else None
                    for maker, value in zip(makers, (a, b), strict=True)
                )
                yield Change("D207", f"`{name}` is made by another step", *by)


def _one(pair: Pair) -> bool:
    """Whether the two steps of a pair are the same."""
    return pair.old is not None and pair.new is not None and key(pair.old) == key(pair.new)


def _listed(steps: Sequence[Step]) -> Seen | None:
    """Steps as they are written, with the place of the first."""
    return Seen("; ".join(seen(step).text for step in steps), steps[0].span) if steps else None


def _first(old: Step, new: Step) -> str:
    """Where two tables of labels begin to differ, in words."""
    tables = contract.labels(old), contract.labels(new)
    pairs = enumerate(zip(*tables, strict=False))
    said = (f": {i} is {show(b)}, and was {show(a)}" for i, (a, b) in pairs if a != b)
    return next(said, f": {len(tables[1])}, and were {len(tables[0])}")


def _same(old: Sequence[Value], new: Sequence[Value], stands_for: dict[int, int]) -> bool:
    """Whether values stand for each other, one by one."""
    return len(old) == len(new) and all(
        a.type == b.type
        if isinstance(a.type, PictureSize)
        else (stands_for.get(a.number), a.field) == (b.number, b.field)
        for a, b in zip(old, new, strict=True)
    )


def _by_name(old: Sequence[Value], new: Sequence[Value]) -> dict[int, int]:
    """The values that stand for each other: of one name, and of those left in their order."""
    numbers = {value.name: value.number for value in new}
    names = {value.name for value in old}
    left = zip(
        (value.number for value in old if value.name not in numbers),
        (value.number for value in new if value.name not in names),
        strict=False,
    )
    both = {v.number: numbers[v.name] for v in old if v.name in numbers}
    return {**both, **dict(left)}
