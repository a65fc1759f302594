"""Steps on single numbers, and the layout to planes, in one pass over each plane."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, ClassVar

from procdsl.ir.pipeline import Step
from procdsl.lower.program import Call
from procdsl.ops.values.to_float import ToFloat
from procdsl.passes.fused._chain import Chain
from procdsl.passes.fused._regions import in_place, on_levels
from procdsl.records import dataclass
from procdsl.types.array import Array

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Region, Result, Variable
    from procdsl.opdef.op import Attribute


@dataclass(frozen=True)
class Planes(Chain):
    result_name: ClassVar[str] = "planes"
    writes: ClassVar[bool] = True

    steps: tuple[Step, ...]
    """The steps as they were."""
    channelwise_parts: tuple[Step, ...]
    """Those that change numbers or exchange channels, all seen on [h, w, c]."""

    @property
    def parts(self) -> tuple[Step, ...]:
        return self.steps

    def order(self, x: Array) -> tuple[int, ...]:
        """For each plane of the result, the channel of `x` that it is made of."""
        for part in self.channelwise_parts:
            if not part.op.pointwise:
                found = part.op.reorders(*part.types)
                assert found is not None, "a run has nothing else"
                return found
        assert x.channels is not None, "a run has known channels"
        return tuple(range(x.channels))

    @property
    def body(self) -> Region:
        """What is done on each plane."""
        parts = self.channelwise_parts
        moves = [not part.op.pointwise for part in parts]
        pointwise = ((part, any(moves[i:])) for i, part in enumerate(parts) if part.op.pointwise)
        return in_place(pointwise)

    @property
    def table(self) -> Region:
        """What becomes of each level."""
        return on_levels(self.channelwise_parts)

    def attributes(self, x: Array) -> dict[str, Attribute]:
        return {"order": self.order(x), "looked_up": self.looked_up}

    @property
    def looked_up(self) -> bool:
        """Whether a table of u8 is faster than arithmetic: not where that is one operation."""
        first, *others = (part.op for part in self.channelwise_parts if part.op.pointwise)
        return bool(others) or not isinstance(first, ToFloat) or first.form == "f64"

    def lower(self, build: Builder, x: Variable) -> tuple[Result, ...]:
        h, w = build.sides(x)
        body = self.body
        at_once = _is_small(x.array) and not _knows_source(body)
        return build.call(
            self.template,
            [x],
            attributes={**self.attributes(x.array), "at_once": at_once},
            named={"h": h, "w": w},
            body=body,
            table=self.table,
        )


def _is_small(x: Array) -> bool:
    """Whether all planes stay in a processor's cache: else each is finished by itself."""
    return None not in x.shape and prod(size or 1 for size in x.shape) <= 1 << 21


def _knows_source(body: Region) -> bool:
    """Whether a step has numbers for the channels of the source, which have another order."""
    calls = [call for group in body.groups for call in group.instructions if isinstance(call, Call)]
    return any(
        call.attributes["by_source"] and constant.shape
        for call in calls
        for constant in call.constants.values()
    )
