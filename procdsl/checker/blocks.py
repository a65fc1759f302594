"""Follow the values through the steps of a block."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from procdsl.checker.calls import bind, find
from procdsl.checker.constants import DISCARD, Constants, text_of
from procdsl.checker.scope import Known, Scope, use_all
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.ir.extern import Extern
from procdsl.ir.pipeline import Branch, Step, Value
from procdsl.opdef import clips
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.op import Op
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.dtypes import FLOATS
from procdsl.types.numerics import ULPS
from procdsl.types.value import Record, Type, same_shape


@dataclass
class Walker:
    """Walks blocks; what it finds is in `sink`, the steps it understood are returned."""

    constants: Constants
    externs: Mapping[str, Extern | None]
    """Those that are declared; None where a mistake, reported already, left one unknown."""
    sink: DiagnosticSink
    numbers: count[int] = field(default_factory=count)
    named: dict[int, tree.Name] = field(default_factory=dict)
    """Where each value got its name, to say which are never used."""
    used: set[int] = field(default_factory=set)

    def value(self, name: str, type_: Type, place: tree.Name | None = None) -> Value:
        value = Value(name, next(self.numbers), type_)
        if place is not None:
            self.named[value.number] = place
        return value

    def walk(
        self, nodes: Sequence[tree.Step | tree.Branch | tree.Broken], scope: Scope, mode: str
    ) -> tuple[Step | Branch, ...]:
        """The steps of a block; `mode` is `both`, `train` or `serve`."""
        steps: list[Step | Branch] = []
        nodes = list(nodes)
        while nodes:
            node = nodes.pop(0)
            if isinstance(node, tree.Broken):
                if scope.flow is not None:
                    scope.values[scope.flow] = None
            elif isinstance(node, tree.Branch):
                following = nodes[0] if nodes else None
                paired = isinstance(following, tree.Branch) and following.mode != node.mode
                other = nodes.pop(0) if paired else None
                branch = self._branch(node, other, scope)  # type: ignore[arg-type]  # asked above
                steps += [branch] if branch else []
            else:
                step = self._step(node, scope, mode)
                steps += [step] if step else []
        return tuple(steps)

    def _step(self, node: tree.Step, scope: Scope, mode: str) -> Step | None:
        call = node.call
        if not find(node, self.externs, scope, self.sink):
            self._unknown_results(node, scope)
            return None
        extern = self.externs.get(call.op.text)
        if extern is None and call.op.text in self.externs:
            use_all(node, scope)
            self._unknown_results(node, scope)
            return None
        bound = bind(node, extern, scope, self.constants, self.sink)
        if bound is None or any(value is None for value in bound.inputs):
            self._unknown_results(node, scope)
            return None
        op, values = bound.op, tuple(value for value in bound.inputs if value is not None)
        self._check_place(node, op, mode)
        self._check_count(node, op)
        types = self._infer(node, op, values)
        outputs = self._results(node, op, types, scope)
        if outputs is None:
            return None
        return Step(op, values, outputs, not node.targets, text_of(node.docs), node.span)

    def _infer(self, node: tree.Step, op: Op, values: tuple[Value, ...]) -> tuple[Type, ...] | None:
        types = tuple(value.type for value in values)
        try:
            result = clips.infer(op, types)
            results = result if isinstance(result, tuple) else (result,)
            error = max((t.tolerance for t in types), default=0.0) * op.gain
            if error:
                ulps = (*(_ulp(t) * op.gain for t in types), *map(_ulp, results))
                error += op.roundings * max(ulps)
            bound = clips.error_bound(op, types)
            error += bound.absolute if bound else 0.0
            return tuple(_with_tolerance(t, error) for t in results)
        except Problem as problem:
            self.sink.problem(problem, node, [value.name for value in values])
            return (problem.then,) if problem.then is not None and op.outputs == 1 else None

    def _check_place(self, node: tree.Step, op: Op, mode: str) -> None:
        reason = op.missing()
        if op.random and mode != "train":
            self.sink.problem(
                Problem(
                    "E314",
                    f"`{op.name}` is random and stands outside `train`",
                    found="a random step that serving would run",
                    wanted="random steps inside `train { }`",
                    fix=Proposal.without_step(),
                ),
                node,
            )
        elif reason is not None:
            self.sink.problem(
                Problem(
                    "E401",
                    f"`{node.call.op.text}` cannot be generated yet",
                    found=reason,
                    wanted="steps that every backend has",
                    fix=Proposal.without_step(),
                ),
                node,
            )

    def _check_count(self, node: tree.Step, op: Op) -> None:
        count = len(node.targets) or 1
        if count == op.outputs:
            return
        names = [target.text for target in node.targets][: op.outputs] or ["value"]
        names += [DISCARD] * (op.outputs - len(names))
        start = node.targets[0].span.start if node.targets else node.span.start
        end = node.call.span.start
        self.sink.add(
            "E216",
            node.span,
            f"`{op.name}` gives {op.outputs} value{'s' * (op.outputs > 1)}",
            found=f"{len(node.targets) or 'no'} name{'s' * (len(node.targets) != 1)}",
            wanted=f"{op.outputs} name{'s' * (op.outputs > 1)} (`{DISCARD}` for one not wanted)",
            fixes=(
                Fix(
                    f"write `{', '.join(names)} = `",
                    (Edit(Span(node.span.source, start, end), f"{', '.join(names)} = "),),
                ),
            ),
        )

    def _results(
        self, node: tree.Step, op: Op, types: tuple[Type, ...] | None, scope: Scope
    ) -> tuple[Value, ...] | None:
        if types is None or (len(node.targets) or 1) != op.outputs:
            self._unknown_results(node, scope)
            return None
        if not node.targets:
            assert scope.flow is not None, "a step without a flow was refused"
            outputs = (self.value(scope.flow, types[0]),)
            scope.values[scope.flow] = outputs[0]
            return outputs
        values = []
        for target, type_ in zip(node.targets, types, strict=True):
            discarded = target.text == DISCARD
            value = self.value(target.text, type_, None if discarded else target)
            values.append(value)
            if discarded:
                continue
            self._check_name(target, scope)
            scope.values[target.text] = value
        return tuple(values)

    def _check_name(self, target: tree.Name, scope: Scope) -> None:
        first = self.constants.names.get(target.text)
        if first is not None:
            line, _ = first.span.source.position(first.span.start)
            self.sink.add(
                "E207",
                target.span,
                f"`{target.text}` is a constant",
                found=f"a value called like the constant in line {line}",
                wanted="one definition of each name",
                fixes=(Fix(f"write `{target.text}_2`", (Edit(target.span, f"{target.text}_2"),)),),
            )

    def _unknown_results(self, node: tree.Step, scope: Scope) -> None:
        names = [target.text for target in node.targets] or ([scope.flow] if scope.flow else [])
        for name in names:
            if name != DISCARD:
                scope.values[name] = None

    # Branches

    def _branch(
        self, first: tree.Branch, second: tree.Branch | None, scope: Scope
    ) -> Branch | None:
        nodes = {branch.mode: branch for branch in (first, second) if branch is not None}
        if scope.flow is None:
            self.sink.add(
                "E217",
                first.span,
                f"`{first.mode}` in a block that has no value in flow",
                found="a block with several incoming values",
                wanted="one input, which every step changes in turn",
                fixes=(Fix(f"remove the `{first.mode}` block", (Edit(first.span, ""),)),),
            )
            return None
        start = scope.values[scope.flow]
        steps: dict[str, tuple[Step, ...]] = {}
        ends: dict[str, Known] = {}
        for mode in ("train", "serve"):
            inner = Scope({**scope.values}, scope.flow, scope.sizes, scope.unread, scope.used)
            walked = self.walk(nodes[mode].steps, inner, mode) if mode in nodes else ()
            steps[mode] = tuple(step for step in walked if isinstance(step, Step))
            ends[mode] = inner.values[scope.flow]
        result, train_result = ends["serve"], ends["train"]
        scope.values[scope.flow] = result
        if start is None or result is None or train_result is None:
            return None
        if not _alike(result.type, train_result.type):
            node = nodes.get("train") or first
            self.sink.add(
                "E313",
                _head(node),
                "training and serving end in different types",
                found=f"{train_result.type.described()} after `train`, "
                f"{result.type.described()} after `serve`",
                wanted="one type",
                fixes=(
                    Fix(
                        "remove the branches, or end both in one type",
                        tuple(Edit(branch.span, "") for branch in nodes.values()),
                    ),
                ),
            )
        return Branch(steps["train"], train_result, steps["serve"], result)


def _head(node: tree.Branch) -> Span:
    return Span(node.span.source, node.span.start, node.span.start + len(node.mode))


def _alike(a: Type, b: Type) -> bool:
    """One type, with ranges that are not of another scale."""
    if not same_shape(a, b):
        return False
    spans = [t.range for t in (a, b) if isinstance(t, Array) and t.range]
    return len(spans) < 2 or _near(*spans)


def _near(a: Range, b: Range) -> bool:
    width = max(a.high - a.low, b.high - b.low, 1e-9)
    apart = max(abs(a.low - b.low), abs(a.high - b.high))
    return a.standardized == b.standardized and apart <= 0.5 * width


def _ulp(type_: Type) -> float:
    """How far the largest floats of a value lie apart; that of 1 where the range is not known."""
    if not isinstance(type_, Array):
        return 0.0
    largest = max(abs(type_.range.low), abs(type_.range.high)) if type_.range else 1.0
    return ULPS.get(type_.dtype, 0.0) * largest


def _with_tolerance(type_: Type, error: float) -> Type:
    """An error turns a rounded number over to the next; of a decision nothing can be said."""
    if isinstance(type_, Array):
        if type_.dtype in FLOATS:
            return type_.with_(tolerance=error)
        decided = type_.dtype == "bool" or type_.kind in ("ids", "mask")
        return type_.with_(tolerance=0.0 if decided else float(math.ceil(error)))
    if isinstance(type_, Record):
        fields = ((name, _with_tolerance(array, error)) for name, array in type_.fields)
        return Record(type_.name, tuple((n, a) for n, a in fields if isinstance(a, Array)))
    return type_
