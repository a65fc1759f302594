"""A planned pipeline as two pipelines: the host's, whose model is the baked file, and the file's.

Both are pipelines like any other: targets compile them, the reference runs them. Steps and values
are those of the whole, so that types, bounds and the way back are, too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from procdsl.ir.pipeline import Model, Pipeline, Step, Value, picture_of
from procdsl.ir.plan import HOST, MODEL, Plan
from procdsl.lazy import np
from procdsl.lower.lower import counted, sizes_of
from procdsl.plan.apart import apart
from procdsl.plan.crossing import Named, after_model, before_model, without
from procdsl.plan.places import serving
from procdsl.plan.record_of import RecordOf
from procdsl.plan.turned import turned_to
from procdsl.records import dataclass, replace
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import PictureSize, Record, Type

_PAIR = Array("i64", (Axis.of("side", 2),))
"""A height and a width."""


@dataclass(frozen=True)
class Result:
    """An array that the file gives."""

    name: str
    """`logits`; of a field `found.boxes`."""
    value: Value
    """What it is of the host's model."""
    count: str = ""
    """The result that says how many rows it has, where it has room for more."""

    def split(self, sample: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows of a sample that are counted, and what lies behind them."""
        assert isinstance(self.value.type, Array), "a file gives arrays"
        found, behind = np.split(sample, [count], axis=self.value.type.open_axis)
        return found, behind


@dataclass(frozen=True)
class Halves:
    """`host` is what stays, `baked` is what the file does round its model."""

    host: Pipeline
    baked: Pipeline
    results: tuple[Result, ...]

    @cached_property
    def file(self) -> Model:
        """What the file itself takes and gives, in this order."""
        last = {result.count: result.name for result in self.results if result.count}
        given: dict[str, Type] = {}
        for result in self.results:  # a count stands behind what it counts
            given[result.name] = result.value.type
            if last.get(result.count) == result.name:
                given[result.count] = Array("i64", ())
        outputs = tuple(Value(name, n, type_) for n, (name, type_) in enumerate(given.items()))
        return Model(given_to(self.baked), outputs, ("",) * len(outputs))


def halves(pipeline: Pipeline, plan: Plan) -> Halves:
    """The two pipelines; a ValueError where the places of a plan do not hold together."""
    pre, post = serving(pipeline, "pre"), serving(pipeline, "post")
    _check(plan, {"pre": pre, "post": post})
    before = [step for n, step in pre.items() if n in plan.numbers("pre", HOST)]
    inside = [step for n, step in post.items() if n in plan.numbers("post", MODEL)]
    rest = without(pre.values(), before)
    into, out = before_model(pipeline, before, inside), after_model(pipeline, inside, rest)
    turned = turned_to(pipeline, plan.order)
    taken = [turned.taken(value) for value, _ in into]
    entering = tuple(replace(v, name=name) for v, (_, name) in zip(taken, into, strict=True))
    renamed = {value.number for value, name in into if name != value.name}
    baked = replace(
        pipeline,
        inputs=entering,
        input_docs=("",) * len(into),
        input_orders=("",) * len(into),
        pre=apart(entering, [*turned.back(value for value, _ in into), *rest], renamed),
        fed=pipeline.fed or entering,
        post=apart(pipeline.model.outputs, inside, {value.number for value, _ in out}),
        outputs=tuple(replace(value, name=name) for value, name in out),
        externs=(),
        plan=None,
    )
    results = tuple(_results(baked, itertools.count(1 + max(_numbers(pipeline)))))
    leaving = tuple(result.value for result in results)
    after = [*_joined(out, results), *without(post.values(), inside)]
    needed = {value.number for value in (*leaving, *pipeline.outputs)}
    host = replace(
        pipeline,
        inputs=turned.inputs,
        input_orders=turned.others,
        pre=apart(
            turned.inputs,
            [*turned.back(value for step in before for value in step.inputs), *before],
            {value.number for value in taken},
        ),
        fed=tuple(taken) if pipeline.inputs else (),
        model=replace(
            pipeline.model, inputs=entering, outputs=leaving, spaces=("",) * len(leaving)
        ),
        post=apart(leaving, after, needed),
        plan=None,
    )
    return Halves(host, baked, results)


def _check(plan: Plan, blocks: Mapping[str, Mapping[int, Step]]) -> None:
    """Refuse a plan of other steps, or in which a value would cross twice."""
    for block, steps in blocks.items():
        host, model = plan.numbers(block, HOST), plan.numbers(block, MODEL)
        if host | model != steps.keys() or host & model:
            raise ValueError(f"the plan does not place each step of `{block}` once")
        first, then = (host, model) if block == "pre" else (model, host)
        late = {v.number for n in then for v in steps[n].outputs}
        for number in sorted(first):
            if any(value.number in late for value in steps[number].inputs):
                raise ValueError(
                    f"{block}.{number} takes what a step gives that runs after it: the host is "
                    "before the model in `pre`, and behind it in `post`"
                )


def _numbers(pipeline: Pipeline) -> Iterator[int]:
    steps = (*pipeline.serving(), *pipeline.post)
    yield from (v.number for step in steps for v in (*step.inputs, *step.outputs))
    yield from (v.number for v in (*pipeline.inputs, *pipeline.model.inputs))
    yield from (v.number for v in pipeline.model.outputs)


def _results(baked: Pipeline, numbers: Iterator[int]) -> Iterator[Result]:
    """Each value that the file gives, array by array, with the count that it has in a graph."""
    counts = counted(baked)
    for value in baked.outputs:
        count = f"{value.name}.counts" if value.number in counts else ""
        if isinstance(value.type, Record):
            for field, array in value.type.fields:
                of = Value(f"{value.name}_{field}", next(numbers), array)
                yield Result(f"{value.name}.{field}", of, count)
        else:
            yield Result(value.name, value, count)


def _joined(out: Sequence[Named], results: Sequence[Result]) -> Iterator[Step]:
    """Steps that make of its fields each value that has some."""
    left = iter(results)
    for value, _ in out:
        if isinstance(value.type, Record):
            fields = tuple(next(left).value for _ in value.type.fields)
            yield Step(RecordOf(record=value.type), fields, (value,), flow=False)
        else:
            next(left)


def given_to(baked: Pipeline) -> tuple[Value, ...]:
    """What the file is given: the inputs, and the sizes of pictures that are none of them."""
    return (*baked.inputs, *(replace(size, type=_PAIR) for size in told(baked)))


def told(baked: Pipeline) -> list[Value]:
    """The sizes that `post` needs of pictures which are no input."""
    taken = {value.name for value in baked.inputs}
    found = []
    for size in sizes_of(baked.post):
        assert isinstance(size.type, PictureSize), "only sizes are taken so"
        if picture_of(baked.inputs, size.type) is None:
            name = f"{size.type.input}_size"
            found.append(replace(size, name=name + "_" * (name in taken)))
    return found
