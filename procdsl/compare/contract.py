"""What callers and the model count on: inputs, the model's contract, outputs, labels, places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdsl.compare.change import Change, Seen, Side
from procdsl.compare.parts import Parts, seen
from procdsl.ir.extern import Extern, ExternCall
from procdsl.ir.pipeline import Pipeline, Step
from procdsl.opdef.arguments import arguments_of
from procdsl.plan.halves import halves
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.kind import kind
from procdsl.types.value import Record, Type


def changes(old: Pipeline, new: Pipeline) -> Iterator[Change]:
    """Every rule of the contract that is broken, but for `placed`."""
    was, now = Parts(old), Parts(new)
    yield from _named("D301", "input", "", was.inputs(), now.inputs())
    yield from _named("D302", "input", " of the model", was.model("inputs"), now.model("inputs"))
    yield from _named("D303", "output", " of the model", was.model("outputs"), now.model("outputs"))
    yield from _named("D311", "value", " past the model", was.past_model(), now.past_model())
    yield from _outputs(was, now)
    yield from _places(old, new)


def _named(
    code: str, what: str, of: str, was: Mapping[str, Seen], now: Mapping[str, Seen]
) -> Iterator[Change]:
    """What is gone, new, of another type or in another place among values with names."""
    for name in [*was, *(name for name in now if name not in was)]:
        a, b = was.get(name), now.get(name)
        if a is None or b is None:
            yield Change(code, f"the {what} `{name}`{of} is {'new' if a is None else 'gone'}", a, b)
        elif a.text != b.text:
            yield Change(code, f"the {what} `{name}`{of} is of another type", a, b)
    if _exchanged(was, now):
        yield Change(code, f"the {what}s{of} stand in another order", *_listed(was, now))


def _exchanged(was: Mapping[str, Seen], now: Mapping[str, Seen]) -> bool:
    """Whether names that stand on both sides are in another order."""
    return [name for name in was if name in now] != [name for name in now if name in was]


def _listed(was: Mapping[str, Seen], now: Mapping[str, Seen]) -> tuple[Seen, Seen]:
    first, second = (
        Seen(", ".join(names), next(iter(names.values())).span) for names in (was, now)
    )
    return first, second


def _outputs(was: Parts, now: Parts) -> Iterator[Change]:
    a, b = was.outputs(), now.outputs()
    for name in [*a, *(name for name in b if name not in a)]:
        if name not in b or name not in a:
            state = "new" if name in b else "gone"
            yield Change("D304", f"the output `{name}` is {state}", a.get(name), b.get(name))
    types = [{v.name: v.type for v in p.pipeline.outputs} for p in (was, now)]
    for name in a:
        if name in b:
            yield from _typed(name, types[0][name], types[1][name], a[name], b[name])
    if _exchanged(a, b):
        yield Change("D307", "the outputs stand in another order", *_listed(a, b))


def _typed(name: str, old: Type, new: Type, was: Seen, now: Seen) -> Iterator[Change]:
    """An output's type, part by part where it has several."""
    a, b = _fields(name, old), _fields(name, new)
    if a.keys() != b.keys():
        yield Change("D305", f"the output `{name}` has other fields", was, now)
        return
    for field, one in a.items():
        other = b[field]
        said = Seen(f"{field}: {one}", was.span), Seen(f"{field}: {other}", now.span)
        if _plain(one) != _plain(other):
            yield Change("D305", f"the output `{field}` is of another type", *said)
        elif one.tag != other.tag:
            yield Change("D306", f"the output `{field}` means something else", *said)
        elif _coordinates(one) != _coordinates(other):
            pixels = (
                Seen(f"in the pixels of {_coordinates(type_)}", s.span)
                for s, type_ in ((was, one), (now, other))
            )
            yield Change("D310", f"the output `{field}` is in other pixels", *pixels)


def _fields(name: str, type_: Type) -> dict[str, Array]:
    if isinstance(type_, Record):
        return {f"{name}.{field}": array for field, array in type_.fields}
    assert isinstance(type_, Array), "an output is an array or has fields"
    return {name: type_}


def _plain(array: Array) -> str:
    """Dtype and axes."""
    return str(array.with_(colour=None, kind=None))


def _coordinates(array: Array) -> str:
    """Whose pixels the numbers are of, where they are coordinates."""
    space = array.space
    if space is None or array.kind is None or not kind(array.kind).back:
        return ""
    return f"`{space.name}`" if space.parent is None else f"what `pre` makes of `{space.root.name}`"


def _places(old: Pipeline, new: Pipeline) -> Iterator[Change]:
    """What runs in the user's own Python in serving, which a service must have."""
    was, now = (_functions(pipeline) for pipeline in (old, new))
    for target in [*was, *(target for target in now if target not in was)]:
        if target not in now:
            yield Change("D309", f"`{target}` no longer runs on the host", was[target])
        elif target not in was:
            message = f"`{target}` runs on the host, in Python that a service must have"
            yield Change("D309", message, None, now[target])


def placed(old: Side, new: Side) -> Iterator[Change]:
    """What a baked file does by itself. A source says nothing of it."""
    if any(side.pipeline.source.name == side.name for side in (old, new)):
        return
    was, now = (side.pipeline.plan for side in (old, new))
    if (was and was.places) != (now and now.places):
        message = "a model file does other steps by itself"
        yield Change("D309", message, _crossing(old.pipeline), _crossing(new.pipeline))


def _crossing(pipeline: Pipeline) -> Seen:
    """What a model file takes and gives."""
    file = halves(pipeline, pipeline.plan).file if pipeline.plan else pipeline.model
    takes, gives = (
        ", ".join(f"{value.name}: {value.type}" for value in values)
        for values in (file.inputs, file.outputs)
    )
    return Seen(f"{takes} -> {gives}")


def _functions(pipeline: Pipeline) -> dict[str, Seen]:
    """The first call of each extern in serving, by its function."""
    found: dict[str, Seen] = {}
    for step in (*pipeline.serving(), *pipeline.post):
        if isinstance(step.op, ExternCall):
            found.setdefault(step.op.extern.target, seen(step))
    return found


def moved_out(extern: Extern, other: Pipeline) -> bool:
    """Whether another pipeline does not call the function of an extern at all."""
    return extern.target not in _functions(other)


def labels(step: Step) -> tuple[str, ...]:
    """The label table of a step: its argument that is a list of texts."""
    values = (getattr(step.op, argument.name) for argument in arguments_of(type(step.op)))
    return next((v for v in values if isinstance(v, tuple) and v and all(map(_is_text, v))), ())


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, Word)
