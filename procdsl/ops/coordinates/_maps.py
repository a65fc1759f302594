"""The way back of a map: numbers that the model gives for each place of its input.

A map covers the whole input of the model, at its own resolution. Step by step, last one first, a
border is cut away (or put back), a turned picture turned back; where the map has another size than
the picture whose border it is, it is resampled to that before. At the end it gets the size of the
input. Borders are the whole numbers of pixels that the step used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.fill import doubts_of_fill, expect_fill, fill_constant
from procdsl.opdef.geometric import GeometricOp, followed
from procdsl.opdef.sampling import SAMPLER, expect_sampled, sampled
from procdsl.ops.coordinates._way import Mover
from procdsl.records import dataclass
from procdsl.registry import sampler
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Number, Word
from procdsl.types.kind import kind

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import PlacementVariable, Variable


@dataclass(frozen=True)
class Sampled:
    """Resampled to the size that the picture has after so many steps of `pre`."""

    steps: int


@dataclass(frozen=True)
class Uncovered:
    """Without the border that this step of `pre` has put round the picture, or with what it cut."""

    step: int


@dataclass(frozen=True)
class Turned:
    """Turned or mirrored by this step."""

    by: GeometricOp


Stage: TypeAlias = Sampled | Uncovered | Turned


@dataclass(frozen=True)
class WayBack:
    """What is done to a map, given the steps of `pre` that lead to the model's input."""

    steps: tuple[GeometricOp, ...]
    stages: tuple[Stage, ...]
    sampler: Word | None
    fill: Number | None

    @property
    def samplings(self) -> int:
        return sum(isinstance(stage, Sampled) for stage in self.stages)

    @property
    def crops(self) -> bool:
        """Whether some of the picture was left away, for which the model gives nothing."""
        return any(step.crops for step in self.steps)

    def _asked(self) -> Iterator[int]:
        """How many steps lead to each place that a stage goes by."""
        for stage in self.stages:
            if isinstance(stage, Sampled):
                yield stage.steps
            elif isinstance(stage, Uncovered):
                yield stage.step + 1

    def lower(self, build: Builder, x: Variable, size: Variable, called: Variable) -> Variable:
        """The map in a picture of this size, called and typed as a variable."""
        last = max(self._asked(), default=0)
        places = build.follow(self.steps[:last], build.sides(size))
        for n, stage in enumerate(self.stages):
            last = n == len(self.stages) - 1
            opened = x.array.resized(h=Axis("h"), w=Axis("w"))
            result = build.like(called) if last else build.temporary("part", opened)
            x = self._lowered(build, x, size, stage, places, result)
        return x

    def _lowered(
        self,
        build: Builder,
        x: Variable,
        size: Variable,
        stage: Stage,
        places: Sequence[PlacementVariable],
        result: Variable,
    ) -> Variable:
        match stage:
            case Sampled(steps=steps):
                sides = build.sides_of(places[steps - 1]) if steps else build.sides(size)
                return build.sample(str(self.sampler), x, sides, result=result)
            case Uncovered(step=step):
                crops = self.steps[step].crops
                constants = {"fill": fill_constant(self.fill or 0, x.array)} if crops else {}
                build.call(
                    "coordinates/map_uncovered",
                    [x],
                    attributes={"fills": crops},
                    constants=constants,
                    named={"at": places[step]},
                    result=result,
                )
            case Turned(by=by):
                build.call(by.template, [x], attributes=by.attributes(x.array), result=result)
        return result

    def reference(self, x: np.ndarray, type_: Array, size: tuple[int, int]) -> np.ndarray:
        """The map [h, w] in a picture of this size."""
        places = followed(self.steps, *size)
        for stage in self.stages:
            match stage:
                case Sampled(steps=steps):
                    at = places[steps - 1] if steps else None
                    x = sampled(str(self.sampler), x, *((at.h, at.w) if at else size))
                case Uncovered(step=step):
                    rows, columns = places[step].y, places[step].x
                    ground = np.full((rows.content, columns.content), self.fill or 0, x.dtype)
                    top, left = max(-rows.offset, 0), max(-columns.offset, 0)
                    part = x[max(rows.offset, 0) :, max(columns.offset, 0) :]
                    part = part[: rows.content - top, : columns.content - left]
                    ground[top : top + part.shape[0], left : left + part.shape[1]] = part
                    x = ground
                case Turned(by=by):
                    x = by.reference((type_,), x)
        return x


def way_back(
    x: Array, steps: Sequence[GeometricOp], sampler: Word | None, fill: Number | None
) -> WayBack:
    stages: list[Stage] = []
    h, w = Axis("h"), Axis("w")
    for step in steps:
        h, w = step.extent(h, w)
    sides = x.shape[x.at("h")], x.shape[x.at("w")]
    resized = None in sides or sides != (h.size, w.size)
    for i, step in reversed([*enumerate(steps)]):
        if step.borders:
            stages += [Sampled(i + 1)] * resized + [Uncovered(i)]
            resized = False
        turned = step.undone()
        stages += [Turned(turned)] if turned else []
        resized |= step.scales
    stages += [Sampled(0)] * resized
    return WayBack(tuple(steps), tuple(stages), sampler, fill)


def expect_no_matrix(x: Array, op: str, steps: Sequence[Mover]) -> tuple[GeometricOp, ...]:
    """The steps of a map, of which none has moved pixels by a matrix; or a `Problem`."""
    placed = tuple(step for step in steps if isinstance(step, GeometricOp))
    if len(placed) == len(steps):
        return placed
    raise Problem(
        "E318",
        f"`{op}` brings no map back through a matrix",
        found=f"{x.described()}, of a picture that `warp` has made",
        wanted="points or boxes, or a map of a picture that no matrix has moved",
        help="bring points back: the places of the largest numbers; or give the matrix, which "
        "`post` may name, to a function of your own",
        then=x.resized(h=Axis("h"), w=Axis("w")),
    )


def is_map(x: object) -> bool:
    """Whether a value has numbers for the places of a picture."""
    return isinstance(x, Array) and {"h", "w"} <= set(x.names)


def expect_map(x: Array, op: str, way: WayBack) -> Array:
    """The map with the sides of the picture, and its range; or a `Problem`."""
    then = x.resized(h=Axis("h"), w=Axis("w"))
    if len(x.axes) > 3 or x.dtype == "text" or x.subsampled:
        raise Problem(
            "E319",
            f"`{op}` of a map with more than one axis beside h and w",
            found=x.described(),
            wanted="a map [h, w], with one axis more at most, such as [class, h, w]",
            help="bring the axes together before, or take one of them",
            then=then,
        )
    if way.samplings and way.sampler is None:
        _, help = SAMPLER.missing("sampler")
        raise Problem(
            "E209",
            f"`{op}` of a map resamples it",
            found=f"{x.described()}, and no `sampler`",
            wanted="the sampler that brings the map to the size of the picture",
            help=help.replace(
                "the one that training used", "that of the code which it must agree with"
            ),
            then=then,
        )
    if way.crops and way.fill is None:
        raise Problem(
            "E209",
            f"`{op}` does not say what lies outside the crop",
            found="`pre` leaves some of the picture away, and no `fill`",
            wanted="`fill=` with the number that stands where the model has seen nothing",
            help=choices(
                "say what a place is that the model was not shown",
                "`fill=0`: a score of 0, or the class 0",
                "`fill=255`: the number that many label maps have for no class",
            ),
            then=then,
        )
    if way.fill is not None:
        expect_fill(way.fill, x, then)
    if not way.samplings or way.sampler is None:
        return then
    if _takes_means(x, way) and x.dtype not in sampler(way.sampler).numerics:
        raise _means(x, op, way, then, code="E402")  # which no `allow` can let pass
    plane = x.with_(axes=tuple(axis for axis in x.axes if axis.name in ("h", "w")))
    return then.with_(range=expect_sampled(plane, op, way.sampler, plane).range)


def doubts_of_map(x: Array, op: str, way: WayBack) -> Iterator[Problem]:
    """What is most likely a mistake, or changes nothing."""
    for name, value, used in (
        ("sampler", way.sampler, bool(way.samplings)),
        ("fill", way.fill, way.crops),
    ):
        if value is not None and not used:
            yield Problem(
                "E320",
                "this argument changes nothing",
                found=f"`{name}`, where nothing of the map is {_DONE[name]}",
                wanted=f"`{op}` without `{name}`",
                fix=Proposal.without_argument(),
                at=name,
            )
    if _takes_means(x, way):
        yield _means(x, op, way)
    yield from doubts_of_fill(way.fill, x)


def _takes_means(x: Array, way: WayBack) -> bool:
    """Whether decisions are resampled by a sampler that makes others of them."""
    decided = x.kind is not None and kind(x.kind).decided
    return bool(way.samplings and way.sampler and decided and not sampler(way.sampler).picks)


def _means(
    x: Array, op: str, way: WayBack, then: Array | None = None, code: str = "E325"
) -> Problem:
    return Problem(
        code,
        f"`{op}` takes means of {x.kind}",
        found=f"`sampler={way.sampler}` on {x.described()}",
        wanted="a sampler that picks pixels, or this step before the classes are chosen",
        help=choices(
            "say which is meant",
            "a sampler that picks pixels, such as `cv2.nearest`: the classes that there are",
            "this step before `argmax` or `threshold`: means of scores, and then the class",
        ),
        at="sampler",
        then=then,
    )


_DONE = {"sampler": "resampled", "fill": "outside what the model has seen"}
