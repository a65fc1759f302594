"""Random pipelines of named values: several inputs, values that are taken twice, names that are
given anew, and some that modules call variables of their own."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from random_pre import ANY, STILLS, TRIES, Draw, Kind, layout, order, pointwise, type_after

from procdsl.checker.check import check
from procdsl.source import Source
from procdsl.types.array import Array

NAMES = ["a", "b", "x", "a_2", "at", "clip", "content", "frame", "out", "pixels", "pixels_a"]
NAMES += ["plane", "planes", "planes_a", "planes_a_2", "rows"]
TYPES = [*STILLS, "u8[t=2, h, w, c=3] rgb", "f32[t=2, h, w, c=3] rgb", "f32[t=2, c=3, h, w] rgb"]


def idle(draw: Draw) -> str:
    """A layout in the order in which the axes are."""
    return f"layout({', '.join(draw.x.names)})"


KINDS: tuple[Kind, ...] = (*ANY, *3 * (pointwise, idle, layout), *2 * (order,))


@dataclass
class Made:
    """A value: of which input, by which steps, and whether something takes it."""

    image: str
    steps: list[str]
    type: Array
    taken: bool = False


def named_pipeline(seed: int) -> str:
    """A pipeline of up to ten steps; where what is drawn is none, it is drawn again."""
    rng = Random(seed)
    inputs = [rng.choice(TYPES) for _ in range(rng.choice([1, 1, 2]))]
    free = rng.sample(NAMES, rng.randint(4, 8))
    made: dict[str, Made] = {}
    for image in inputs:
        type_ = type_after(image, [])
        assert type_ is not None, "an image alone is right"
        made[free.pop()] = Made(image, [], type_)
    declared = [f"input {name}: {value.image}" for name, value in made.items()]
    lines: list[str] = []
    for _ in range(rng.randint(3, 10)):
        source = rng.choice([*made])
        drawn = _step(rng, made[source])
        names = [name for name in free if name not in made or made[name].taken or name == source]
        if drawn is None or not names:
            continue
        target, (step, after) = rng.choice(names), drawn
        op, _, arguments = step.partition("(")
        lines.append(f"{target} = {op}({source}{', ' if arguments != ')' else ''}{arguments}")
        value = made[source]
        value.taken = True
        made[target] = Made(value.image, [*value.steps, step], after)
    fed = [name for name, value in made.items() if value.steps and not value.taken]
    fed += [n for n, v in made.items() if v.steps and v.taken and rng.randrange(2)]
    rng.shuffle(fed)
    contract = ", ".join(f"{name}: {made[name].type}" for name in fed)
    head = "\n".join(["proc 1", "pipeline p", *declared, "pre {", *lines, "}"])
    text = f"{head}\nmodel {contract} -> y_: f32[]\n"
    right = fed and check(Source("p.proc", text)).pipeline is not None
    return text if right else named_pipeline(seed + 1_000_000)


def _step(rng: Random, value: Made) -> tuple[str, Array] | None:
    """A step that the value may be taken by, and the type of what it gives."""
    for _ in range(TRIES):
        step = rng.choice(KINDS)(Draw(rng, value.type))
        after = type_after(value.image, [*value.steps, step])
        if after is not None:
            return step, after
    return None
