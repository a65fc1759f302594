"""Inputs in the order of channels that a baked file takes, where the pipeline allows two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.lower.orders import given_in
from procdsl.records import dataclass, replace


@dataclass(frozen=True)
class Turned:
    inputs: tuple[Value, ...]
    others: tuple[str, ...]
    """The order in which each may come beside its own; empty where it comes in one."""
    steps: tuple[Step, ...]
    """Those that bring an input to the order of the pipeline."""

    def taken(self, value: Value) -> Value:
        """What is an input in the place of one of the pipeline; any other value is itself."""
        return next((step.inputs[0] for step in self.steps if step.outputs[0] == value), value)

    def back(self, values: Iterable[Value]) -> Sequence[Step]:
        """The steps that these values of the pipeline need."""
        numbers = {value.number for value in values}
        return [step for step in self.steps if step.outputs[0].number in numbers]


def turned_to(pipeline: Pipeline, order: str) -> Turned:
    """The inputs of a pipeline in this order; a ValueError where there is none that may be so.

    Without an order they are as the file declares them.
    """
    if not order:
        return Turned(pipeline.inputs, pipeline.input_orders, ())
    if order not in pipeline.orders:
        raise ValueError(f"no input of {pipeline.name} comes in the order {order}")
    given = given_in(pipeline, order)
    before = given.pre[: len(given.pre) - len(pipeline.pre)]
    steps = tuple(step for step in before if isinstance(step, Step))
    own = {step.inputs[0].name: str(step.outputs[0].type.colour) for step in steps}  # type: ignore[union-attr]  # an array
    pairs = zip(given.inputs, pipeline.input_orders, strict=True)
    return Turned(given.inputs, tuple(own.get(v.name, other) for v, other in pairs), steps)


def in_order(pipeline: Pipeline) -> Pipeline:
    """A planned pipeline whose inputs are in the order that its file takes."""
    turned = turned_to(pipeline, pipeline.plan.order if pipeline.plan else "")
    pre = (*turned.steps, *pipeline.pre)
    return replace(pipeline, inputs=turned.inputs, input_orders=turned.others, pre=pre)
