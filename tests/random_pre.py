"""Random pipelines of `pre`: steps that fit each other, on images of every type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from procdsl import registry
from procdsl.checker.check import check, flow_type
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.colour import colour, colour_names

REFUSED = "too small|too large|4:2:0 frame|whole number of patches"
"""What is said of a picture that does not fit a pipeline."""

COLOURS = [
    f"u8[rows, w] {name}"
    if colour(name).subsampled
    else f"u8[h, w, c={len(colour(name).channels)}] {name}"
    for name in colour_names()
]
STILLS = [
    *("u8[h, w, c=3] bgr", "u8[h=24, w=31, c=3] rgb", "u8[h, w, c=4] bgra", "u8[c=3, h, w] rgb"),
    *("f32[h, w, c=3] bgr", "f32[h, w, c=4] rgba", "u16[h, w, c=3] bgr", "f16[h, w, c=3] rgb"),
    *("u8[h, w] gray", "u8[h, w, c=1] gray", "f32[h, w] gray", "f32[h, w, c=1] gray"),
    *("u16[h, w] gray", "i32[h, w]", "u8[h, w, c]", "f32[h, w, c]"),
]
CLIPS = [
    *("u8[t, h, w, c=3] bgr", "u8[t=2, h, w, c=3] rgb", "u8[t=3, h, w, c=4] bgra"),
    *("u8[t=2, h, w] gray", "u8[t=2, h, w, c]", "u8[t=2, c=3, h, w] rgb"),
    *("f32[t=2, h, w, c=3] bgr", "f32[t=3, h, w] gray", "u16[t=2, h, w, c=3] rgb"),
]

TRIES = 3
"""How many steps of a kind are drawn where the checker refuses them."""


@dataclass(frozen=True)
class Drawn:
    """A pipeline, the height and width of its picture, and a seed for the pixels."""

    text: str
    size: tuple[int, int]
    seed: int


def pre_pipeline(seed: int) -> Drawn:
    """A pipeline of a few steps, two thirds of them in the order that is usual."""
    rng = Random(seed)
    image = in_any_order(rng, rng.choice(rng.choice([COLOURS, STILLS, STILLS, CLIPS])))
    kinds = usual(rng) if rng.randrange(3) else rng.choices(ANY, k=rng.randint(2, 10))
    steps: list[str] = []
    now = type_after(image, steps)
    assert now is not None, "an image alone is right"
    for kind in kinds:
        for _ in range(TRIES):
            step = kind(Draw(rng, now))
            after = type_after(image, [*steps, step])
            if after is not None:
                steps.append(step)
                now = after
                break
    text = f"{_text(image, steps)}model x: {now} -> y: f32[]\n"
    return Drawn(text, (rng.randint(1, 40), rng.randint(1, 40)), seed)


def in_any_order(rng: Random, image: str) -> str:
    """The type of an image with its axes in another order, half of the time."""
    head, _, axes = image.partition("[")
    names, _, tag = axes.partition("]")
    if "rows" in names or rng.randrange(2):
        return image
    mixed = names.split(", ")
    rng.shuffle(mixed)
    return f"{head}[{', '.join(mixed)}]{tag}"


def type_after(image: str, steps: list[str]) -> Array | None:
    """The type of an image after these steps; None where the checker refuses them."""
    text = _text(image, steps)
    found = flow_type(Source("p.proc", text))
    if not isinstance(found, Array):
        return None
    text += f"model x: {found} -> y: f32[]\n"
    return found if check(Source("p.proc", text)).pipeline else None


def _text(image: str, steps: list[str]) -> str:
    body = "".join(f"    {step}\n" for step in steps)
    head = f"proc 1\npipeline p\ninput image: {image}\n"
    return head + (f"pre {{\n{body}}}\n" if steps else "")


@dataclass(frozen=True)
class Draw:
    """Draws arguments of a step on `x`."""

    rng: Random
    x: Array

    def of(self, *choices: str) -> str:
        return self.rng.choice(choices)

    def side(self) -> int:
        return self.rng.randint(1, 40)

    def side_of(self, name: str) -> int:
        """A side no longer than this one, where its size is known."""
        axis = self.x.axis(name)
        return self.rng.randint(1, axis.size or 20 if axis else 20)

    def edge(self) -> int:
        return self.rng.randint(0, 5)

    def number(self) -> str:
        """A number, most often one of those that the values may be."""
        low, high = (self.x.range.low, self.x.range.high) if self.x.range else (-4.0, 4.0)
        drawn = repr(round(self.rng.uniform(low, high), 4))
        return self.of(drawn, drawn, drawn, "1/3", "0.485", "1/255", "0", "1", "-2.5", "123.675")

    def spread(self) -> str:
        return self.of("0.229", "1/4", "2", "58.395", "-1", "0.1")

    def fill(self) -> str:
        floats = self.x.dtype == "f32"  # one beside their range is E304
        return self.by_channel(self.number if floats else lambda: str(self.rng.randint(0, 255)))

    def by_channel(self, number: Callable[[], str]) -> str:
        """A number for all channels, or one for each."""
        if (self.x.channels or 1) == 1 or self.rng.randrange(2):
            return number()
        return f"({', '.join(number() for _ in range(self.x.channels or 1))})"


Kind = Callable[[Draw], str]
"""A kind of step, by the function that draws one."""


def convert(draw: Draw) -> str:
    blended = draw.of("", ", alpha=drop", ", alpha=over, fill=(9, 99, 255)")
    luma = draw.of("", ", luma=cv2", ", luma=pil", ", luma=torchvision")
    return draw.of(
        f"convert({draw.of(*colour_names())})",
        f"convert({draw.of('rgb', 'bgr')}{blended})",
        f"convert(gray{luma}{blended})",
    )


def resize(draw: Draw) -> str:
    sampler = draw.of(*registry.sampler_names())
    size = draw.of(
        f"h={draw.side()}, w={draw.side()}",
        f"{draw.of('short', 'long')}={draw.side()}",
        f"fit=({draw.side()}, {draw.side()})",
    )
    return f"resize({size}, sampler={sampler})"


def crop(draw: Draw) -> str:
    h, w = draw.side_of("h"), draw.side_of("w")
    return draw.of(
        f"crop(center, h={h}, w={w})",
        f"crop(top={draw.edge()}, left={draw.edge()}, h={h}, w={w})",
    )


def letterbox(draw: Draw) -> str:
    sampler = draw.of(*registry.sampler_names())
    return f"letterbox(h={draw.side()}, w={draw.side()}, fill={draw.fill()}, sampler={sampler})"


def move(draw: Draw) -> str:
    side, edge = draw.side, draw.edge
    turn = f"{draw.of('clockwise', 'counterclockwise')}, degrees={draw.of('90', '180', '270')}"
    last = draw.of("shifted", "padded")
    anchor = draw.of("center", "center_even", "top_left")
    return draw.of(
        resize(draw),
        crop(draw),
        f"pad(top={edge()}, right={edge()}, fill={draw.fill()})",
        f"pad(multiple={draw.rng.randint(1, 17)}, anchor={anchor}, fill={draw.fill()})",
        f"pad(square, anchor={anchor}, fill={draw.fill()})",
        letterbox(draw),
        draw.of("flip(horizontal)", "flip(vertical)", "transpose()", f"rotate({turn})"),
        f"tile(h={side()}, w={side()}, overlap={edge()}, last={last}, fill={draw.fill()})",
    )


def to_float(draw: Draw) -> str:
    scale = draw.of("1/255", "0.0078125", "1", "2/255, form=reciprocal", "0.017, form=f64")
    form = draw.of("clip", "dicom_linear", "dicom_linear_exact")
    over = draw.of("image", "channel")
    return draw.of(
        f"to_float(scale={scale})",
        f"to_float(scale={scale})",
        f"{_normalize(draw)}, form={draw.of('fused', 'reciprocal')}, "
        f"scale={draw.of('1/255', '0.00392', '1')})",
        f"window(center={draw.of('0.5', '100')}, width={draw.of('1', '80.5')}, form={form})",
        f"standardize(over={over}, {draw.of('eps=0.0001', 'min_std=tf')})",
        f"min_max(over={over}, eps={draw.of('0', '0.1')})",
    )


def pointwise(draw: Draw) -> str:
    low, high = sorted((draw.number(), draw.number()), key=lambda n: float(Fraction(n)))
    form = draw.of("", ", form=torchvision", ", form=albumentations", ", form=scikit_image")
    return draw.of(
        f"{_normalize(draw)})",
        f"scale(divide={draw.of('127.5', '3')}, subtract={draw.number()})",
        f"scale(multiply={draw.of('2', '-1/3')}, add={draw.number()})",
        f"clip(min={low}, max={high})",
        f"gamma(gamma={draw.of('5/11', '2.2')}{form})",
    )


def _normalize(draw: Draw) -> str:
    mean, std = draw.by_channel(draw.number), draw.by_channel(draw.spread)
    return f"normalize(mean={mean}, std={std}"


def order(draw: Draw) -> str:
    return f"convert({'bgr' if draw.x.colour == 'rgb' else 'rgb'})"


def cast(draw: Draw) -> str:
    rounding = draw.of("", ", rounding=half_even", ", rounding=half_up", ", rounding=trunc")
    dtype = draw.of("u8", "u16", "i32", "f32", "f16")
    return draw.of(f"cast({dtype}{rounding})", f"threshold(above={draw.number()})")


def layout(draw: Draw) -> str:
    axes = list(draw.x.names)
    planes = [*(axis for axis in axes if axis not in ("h", "w")), "h", "w"]
    mixed = draw.rng.sample(axes, len(axes))
    return f"layout({draw.of(*(', '.join(order) for order in (planes, planes, mixed)))})"


def patchify(draw: Draw) -> str:
    side = draw.rng.randint(1, 3)
    return f"patchify(h={side}, w={side}, order=({', '.join(draw.rng.sample(['h', 'w', 'c'], 3))}))"


def steps_of(name: str) -> list[str]:
    """The steps of `pre` that are this op, in its own cases."""
    steps = {step for case in registry.op(name).cases() for step in case.pre.splitlines()}
    return sorted(step for step in steps if step.startswith(f"{name}("))


CASES = [steps for steps in map(steps_of, registry.op_names()) if steps]


def of_a_case(draw: Draw) -> str:
    """A step of any op, out of its own cases."""
    return draw.of(*draw.rng.choice(CASES))


ANY = (
    *(convert, move, move, to_float, pointwise, pointwise, order, layout, cast, patchify),
    *(of_a_case, of_a_case),
)


def usual(rng: Random) -> list[Kind]:
    """The steps that a pipeline often has, in order."""
    moves: tuple[Kind, ...] = rng.choice(
        [(), (resize,), (resize, crop), (letterbox,), (move, move, move)]
    )
    pointwise_ones = rng.randint(0, 3) * [pointwise]
    kinds: list[Kind] = [*moves, to_float, *pointwise_ones, *rng.choice([(), (layout,), (layout,)])]
    if rng.randrange(2):
        kinds.insert(rng.randrange(len(kinds) + 1), order)
    return [convert, *kinds] if rng.randrange(2) else kinds
