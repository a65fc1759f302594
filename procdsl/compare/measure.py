"""How far two pipelines are apart, step by step and in their results, on inputs that both take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from procdsl.compare.difference import Difference
from procdsl.compare.steps import Both, Pair, aligned
from procdsl.ir.decoding import behind_decoding, decodings
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.passes.block import Block
from procdsl.records import dataclass, field, replace
from procdsl.reference import probe
from procdsl.reference.interpreter import CallExtern, Data, postprocess, preprocess
from procdsl.reference.stand_in import stand_ins
from procdsl.types.array import Array
from procdsl.types.colour import colour
from procdsl.types.value import Type

if TYPE_CHECKING:
    import numpy as np

Values: TypeAlias = "dict[int, Data]"
"""What came out for each value, by its number."""


@dataclass(frozen=True)
class Picture:
    """A picture, and its pixels as each of the two pipelines takes them, or its file."""

    name: str
    old: np.ndarray | bytes
    new: np.ndarray | bytes


@dataclass(frozen=True)
class Measured:
    """What came out on some inputs, which `on` says in words."""

    on: str
    steps: list[tuple[Pair, Difference]]
    fed: dict[str, Difference] = field(default_factory=dict)
    """Of what `pre` feeds to the model, by name."""
    given: dict[str, Difference] = field(default_factory=dict)
    """Of what `post` gives for the same outputs of the model, by name."""
    notes: list[str] = field(default_factory=list)
    """What was not run, and why."""

    @property
    def first(self) -> tuple[Pair, Difference] | None:
        """The first step that gives something else."""
        return next(((pair, found) for pair, found in self.steps if not found.same), None)

    @property
    def same(self) -> bool:
        """Whether nothing differs of what was run."""
        return self.first is None and self.results_are_the_same

    @property
    def results_are_the_same(self) -> bool:
        return all(found.same for found in (*self.fed.values(), *self.given.values()))


class Measure:
    """Runs two pipelines by their references, and holds their values against each other.

    An extern is not run: the built-in numbers of `self_check` stand for what it gives.
    """

    def __init__(self, old: Pipeline, new: Pipeline, pre: Both, post: Both) -> None:
        ordered = _ordered(old, pre.old, post.old), _ordered(new, pre.new, post.new)
        self._decodings = [decodings(pipeline) for pipeline in ordered]
        self._old, self._new = map(behind_decoding, ordered)
        self._both = pre, post
        self._pairs = [aligned(both.old, both.new) for both in (pre, post)]

    def built_in(self) -> Measured:
        """On the input of `self_check`, of the first size that passes both."""
        for size in probe.SIZES:
            try:
                probe.check_size(self._old, size)
                probe.check_size(self._new, size)
                return self._on_probe(size)
            except ValueError:  # too small for a crop, or too large for a pad
                continue
        return self._nothing("the built-in input", "nothing was run: no size of picture passes")

    def on_pictures(self, pictures: Sequence[Picture]) -> Measured:
        """On pictures; a ValueError names the one that does not pass."""
        found = self._nothing(f"{len(pictures)} picture{'s' * (len(pictures) != 1)}")
        (old,), (new,) = self._old.inputs, self._new.inputs
        assert isinstance(old.type, Array), "a picture is an array"
        for picture in pictures:
            try:
                was, now = map(_decoded, self._decodings, (picture.old, picture.new))
                size = old.type.picture(was.shape)
                self._pre(found, {old.name: was}, {new.name: now}, size)
                self._post(found, size)
            except ValueError as error:
                raise ValueError(f"{picture.name}: {error}") from None
        return found

    def _nothing(self, on: str, *notes: str) -> Measured:
        pairs = [(pair, Difference()) for pairs in self._pairs for pair in pairs]
        if self._old.serving_externs or self._new.serving_externs:
            notes = (*notes, "no extern was run: built-in numbers stand for what it gives")
        return Measured(on, pairs, notes=list(notes))

    def _on_probe(self, size: probe.Size) -> Measured:
        found = self._nothing(f"the built-in input, {size[0]} x {size[1]}")
        if any(self._decodings):
            _note(found, "no file was decoded: the built-in picture stands for what is decoded")
        old, new = probe.inputs(self._old.inputs, size), probe.inputs(self._new.inputs, size)
        new |= self._same_pictures(new)
        if _alike(old, new):
            self._pre(found, old, new, size)
        else:
            _note(found, "`pre` was not run: the inputs are of other types")
        self._post(found, size)
        return found

    def _same_pictures(self, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What stands for decoded files, in the order of channels that the new pipeline decodes."""
        old, new = (
            {step.inputs[0].name: _channels(step.outputs[0].type) for step in steps}
            for steps in self._decodings
        )
        both = {name: (old[name], new[name]) for name in old if name in new}
        return {
            name: given[name][..., [was.index(channel) for channel in now]]
            for name, (was, now) in both.items()
            if was != now and sorted(was) == sorted(now)
        }

    def _pre(
        self,
        found: Measured,
        old: Mapping[str, np.ndarray],
        new: Mapping[str, np.ndarray],
        size: probe.Size,
    ) -> None:
        runs: list[Values] = []
        for pipeline, inputs in ((self._old, old), (self._new, new)):
            runs.append({value.number: inputs[value.name] for value in pipeline.inputs})
            preprocess(pipeline, inputs, call=_call(size), watch=_Watch(runs[-1]))
        self._take_in(found, 0, *runs)

    def _post(self, found: Measured, size: probe.Size) -> None:
        blocks = (self._both[1].old, self._both[1].new)
        old, new = (
            probe.inputs(block.inputs, size, probe.axis_sizes(p, size))
            for p, block in zip((self._old, self._new), blocks, strict=True)
        )
        if not _alike(old, new):
            _note(found, "`post` was not run: it is given values of other types")
            return
        runs: list[Values] = []
        for pipeline, outputs in ((self._old, old), (self._new, new)):
            runs.append({})
            sizes = {value.name: probe.picture(value, size) for value in pipeline.inputs}
            postprocess(pipeline, outputs, sizes, _call(size), _Watch(runs[-1]))
        self._take_in(found, 1, *runs)

    def _take_in(self, found: Measured, block: int, old: Values, new: Values) -> None:
        """The values of a block's steps and results."""
        start = block and len(self._pairs[0])
        for pair, difference in found.steps[start : start + len(self._pairs[block])]:
            for a, b in _beside(pair, old, new):
                for _, one, other in _parts("", a, b):
                    difference.add(one, other)
        both, results = self._both[block], (found.fed, found.given)[block]
        for name, was, now in zip(both.names, both.old.wanted, both.new.wanted, strict=True):
            for part, one, other in _parts(name, old[was.number], new[now.number]):
                results.setdefault(part, Difference()).add(one, other)


def _channels(type_: Type) -> tuple[str, ...]:
    """What the channels of a decoded picture are."""
    assert isinstance(type_, Array), "a file is decoded to a picture"
    assert type_.colour is not None, "a decoded picture has a colour"
    return colour(type_.colour).channels


def _ordered(pipeline: Pipeline, pre: Block, post: Block) -> Pipeline:
    """The pipeline as it serves, with the steps and results of these blocks."""
    return replace(pipeline, pre=pre.steps, fed=pre.wanted, post=post.steps, outputs=post.wanted)


def _decoded(steps: Sequence[Step], given: np.ndarray | bytes) -> np.ndarray:
    """The pixels of a picture, which one of the steps decodes where it is a file."""
    if not isinstance(given, bytes):
        return given
    (step,) = steps
    pixels: np.ndarray = step.op.reference(step.types, given)
    return pixels


@dataclass(frozen=True)
class _Watch:
    """Keeps what comes out."""

    seen: Values

    def __call__(self, value: Value, data: Data) -> None:
        self.seen[value.number] = data


def _call(size: probe.Size) -> CallExtern:
    return lambda step, given: stand_ins(step, given, size)


def _note(found: Measured, said: str) -> None:
    if said not in found.notes:
        found.notes.append(said)


def _alike(old: Mapping[str, np.ndarray], new: Mapping[str, np.ndarray]) -> bool:
    """Whether both sides can be given the same numbers."""
    kinds = [[(x.dtype, x.shape) for x in given.values()] for given in (old, new)]
    return kinds[0] == kinds[1]


def _beside(pair: Pair, old: Values, new: Values) -> Iterator[tuple[Data, Data]]:
    """The results of two steps; of one that stands alone its result and what it was given.

    Of a step that decodes and stands alone there is nothing to compare: it was given a file.
    """
    alone = pair.old or pair.new
    if not (pair.old and pair.new) and alone and alone.op.decodes:
        return
    if pair.old and pair.new:
        for a, b in zip(pair.old.outputs, pair.new.outputs, strict=False):
            yield old[a.number], new[b.number]
    elif pair.old:
        yield old[pair.old.outputs[0].number], _given(pair.old.inputs[0], old)
    elif pair.new:
        yield _given(pair.new.inputs[0], new), new[pair.new.outputs[0].number]


def _given(value: Value, values: Values) -> Data:
    found = values[value.number]
    return found[value.field] if isinstance(found, dict) and value.field else found


def _parts(name: str, old: Data, new: Data) -> Iterator[tuple[str, Data, Data]]:
    """Two values; of those with fields the fields that both have."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from ((f"{name}.{part}", old[part], new[part]) for part in old if part in new)
    else:
        yield name, old, new
