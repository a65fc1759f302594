"""Follow the values through the steps of a block."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count

from procdsl import limits
from procdsl.checker import branches, tolerance
from procdsl.checker.allowances import Allowances
from procdsl.checker.calls import bind, find
from procdsl.checker.constants import DISCARD, Constants, text_of
from procdsl.checker.files import check_files
from procdsl.checker.scope import Known, Scope, use_all
from procdsl.checker.sink import DiagnosticSink
from procdsl.checker.ways import Ways
from procdsl.diagnostics.diagnostic import Label, Severity
from procdsl.diagnostics.guards import COMPUTABLE
from procdsl.diagnostics.suggest import nearest
from procdsl.ir.extern import Extern
from procdsl.ir.pipeline import Branch, Step, Value
from procdsl.opdef import pictures
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Op
from procdsl.records import dataclass, field
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.value import Type

_OF_VALUE = ("E309", "E316")
"""What is wrong with a value, whichever op is to take it."""

_SCALE = ("E303", "E304", "E305")
"""The guards that ask for a value's range."""


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
    results: dict[tree.Step, tuple[Value, ...]] = field(default_factory=dict)
    """What each step gives that was understood."""
    made_by: dict[int, tree.Step] = field(default_factory=dict)
    """The step that gave each value."""
    mentioned: frozenset[str] = frozenset()
    """Every name that something in the file takes."""
    slips: dict[int, str] = field(default_factory=dict)
    """The values whose name is a slip of that of a value, and which."""
    doubted: dict[tree.Step, str] = field(default_factory=dict)
    """The steps of which a doubt was reported, with its code."""
    unfit: set[int] = field(default_factory=set)
    """The values of which it was said that they are no images, or have no colour."""
    given: frozenset[str] = frozenset()
    """The open axes of what the block is given: their sizes are asked for at run time."""
    decoded: set[int] = field(default_factory=set)
    """The files that a step has decoded."""
    misscaled: set[int] = field(default_factory=set)
    """The values whose range stems from such a step: that it is odd has been said."""

    def __post_init__(self) -> None:
        self.allowances = Allowances(self.sink)
        self.ways = Ways(self.sink)

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
                self._forget(node, scope)
            elif isinstance(node, tree.Branch):
                following = nodes[0] if nodes else None
                paired = isinstance(following, tree.Branch) and following.mode != node.mode
                other = nodes.pop(0) if paired else None
                whole = not isinstance(following, tree.Broken)  # which may be the other branch
                branch = self._branch(node, other, scope, whole)  # type: ignore[arg-type]  # asked above
                steps += [branch] if branch else []
            else:
                step = self._step(node, scope, mode)
                if step is not None:
                    steps.append(step)
                    self.results[node] = step.outputs
        return tuple(steps)

    def _forget(self, node: tree.Broken, scope: Scope) -> None:
        """What a statement that did not parse gives is unknown, and what it names is used."""
        head = node.span.text.partition("=")[0]
        words, targets = (
            set(re.findall(r"\w+", text)) & set(scope.values) for text in (node.span.text, head)
        )
        for name in words:
            scope.take(name)
        for name in {*(targets or words), *([scope.flow] if scope.flow else [])}:
            scope.values[name] = None

    def _step(self, node: tree.Step, scope: Scope, mode: str) -> Step | None:
        call = node.call
        for argument in call.arguments:
            self.constants.evaluate(argument.value)  # whatever is wrong with the call, it is used
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
        movers = self.ways.movers(node, op, values, scope)
        if movers is None:
            self._unknown_results(node, scope)
            return None
        values += movers
        self._check_place(node, op, mode)
        self._check_count(node, op)
        types = self._infer(node, op, values, mode)
        outputs = self._results(node, op, self.ways.moved(op, values, types), scope)
        if outputs is None:
            return None
        self.made_by.update((value.number, node) for value in outputs)
        misscaled = self.misscaled & {value.number for value in values}
        if misscaled or self.doubted.get(node) in _SCALE:
            self.misscaled.update(value.number for value in outputs)
        docs, allowed = text_of(node.docs), self.allowances.found.get(node, ())
        return Step(op, values, outputs, not node.targets, docs, node.span, allowed)

    def _infer(
        self, node: tree.Step, op: Op, values: tuple[Value, ...], mode: str
    ) -> tuple[Type, ...] | None:
        types = tuple(value.type for value in values)
        try:
            check_files(op, values, self.decoded, mode)
            result = pictures.infer(op, types)
            results = result if isinstance(result, tuple) else (result,)
            error = max((t.tolerance for t in types), default=0.0) * op.gain
            if error:
                ulps = (*(tolerance.ulp(t) * op.gain for t in types), *map(tolerance.ulp, results))
                error += op.roundings * max(ulps)
            bound = pictures.error_bound(op, types)
            error += bound.absolute if bound else 0.0
        except Problem as problem:
            self.sink.recovered = True
            numbers = {value.number for value in values}
            if problem.code not in _OF_VALUE or not numbers & self.unfit:
                self.sink.problem(problem, node)
            self.unfit |= numbers if problem.code in _OF_VALUE else set()
            then = problem.then
            if isinstance(then, Array):
                then = then.with_(space=None)  # where its pixels are depends on what was wrong
            return (then,) if then is not None and op.gives == 1 else None
        self._check_sizes(node, op, types)
        self._check_lengths(node, op, results)
        self._check_doubts(node, op, values)
        return tuple(tolerance.with_tolerance(t, error) for t in results)

    def _check_lengths(self, node: tree.Step, op: Op, results: Sequence[Type]) -> None:
        """Report an axis that has become longer than any may be declared."""
        axes = [axis for t in results if isinstance(t, Array) for axis in t.axes]
        long = next((axis for axis in axes if (axis.size or 0) > limits.AXIS), None)
        if long is not None:
            problem = Problem(
                "E211",
                f"`{op.name}` makes too long an axis",
                found=f"`{long.name}` of {long.size:,}",
                wanted=f"at most {limits.AXIS:,}",
                help="leave this step out, or make the axis shorter before it",
            )
            self.sink.problem(problem, node)

    def _check_sizes(self, node: tree.Step, op: Op, types: tuple[Type, ...]) -> None:
        """Report an axis that may be too short, and of which nobody can be asked for more."""
        axes = {axis.name: axis for t in types if isinstance(t, Array) for axis in t.axes}
        for name, size in op.least_sizes(*types).items():
            if name not in self.given and axes[name].low < size:
                problem = Problem(
                    "E211",
                    f"`{op.name}` over an axis that may be too short",
                    found=f"`{name}` of {axes[name].low} or more",
                    wanted=f"{size} or more: what `{op.name}` takes must be there",
                    help=f"no step before makes sure of it; take `{op.name}` over an axis that the "
                    "file or its contract gives a size",
                )
                self.sink.problem(problem, node)

    def _check_doubts(self, node: tree.Step, op: Op, values: tuple[Value, ...]) -> None:
        """Report the first doubt that the step does not allow: the others may have its cause."""
        self.allowances.read(node)
        told = bool(self.misscaled & {value.number for value in values})
        doubts = pictures.doubts(op, tuple(value.type for value in values))
        open_ = [
            doubt
            for doubt in doubts
            if not self.allowances.allows(node, doubt.code) and not (told and doubt.code in _SCALE)
        ]
        if open_:
            assert open_[0].code in COMPUTABLE, "what cannot be computed, `infer` raises"
            self.doubted[node] = open_[0].code
            self.sink.problem(open_[0], node)

    def _check_place(self, node: tree.Step, op: Op, mode: str) -> None:
        reason = op.missing()
        if op.random and mode != "train":
            self.sink.problem(
                Problem(
                    "E314",
                    f"`{op.name}` is random and stands outside `train`",
                    found="a random step that serving would run",
                    wanted="random steps inside `train { }`",
                    help="put it into `train { }`, which serving does not run",
                ),
                node,
            )
        elif reason is not None:
            self.sink.add(
                "E401",
                node.call.span,
                f"`{op.name}` is not generated yet, and so there is no `preprocess_train`",
                found=reason,
                wanted="steps that every backend has, for a `preprocess_train`",
                help="nothing, where the training code does all of `pre`: the manifest tells it of "
                "the step; or an `extern` in its place, which `preprocess_train` calls",
                severity=Severity.WARNING,
            )

    def _check_count(self, node: tree.Step, op: Op) -> None:
        count = len(node.targets) or 1
        if count == op.gives:
            return
        several = "s" * (op.gives > 1)
        self.sink.add(
            "E216",
            node.span,
            f"`{op.name}` gives {op.gives} value{several}",
            found=f"{len(node.targets) or 'no'} name{'s' * (len(node.targets) != 1)}",
            wanted=f"{op.gives} name{several} (`{DISCARD}` for one not wanted)",
            help=f"name what it gives, in the order of `procdsl explain {op.name}`",
        )

    def _results(
        self, node: tree.Step, op: Op, types: tuple[Type, ...] | None, scope: Scope
    ) -> tuple[Value, ...] | None:
        if types is None or (len(node.targets) or 1) != op.gives:
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
            meant = self._meant(target, node, scope)
            if meant is not None:
                self.slips[value.number] = meant
                scope.values[meant] = None
            scope.values[target.text] = value
        return tuple(values)

    def _meant(self, target: tree.Name, node: tree.Step, scope: Scope) -> str | None:
        """The value that a step takes and was to change, where nothing takes what it gives."""
        if target.text in self.mentioned or target.text in scope.values:
            return None
        given = [a.value.text for a in node.call.arguments if isinstance(a.value, tree.Name)]
        return nearest(target.text, [name for name in given if name in scope.values])

    def _check_name(self, target: tree.Name, scope: Scope) -> None:
        first = self.constants.names.get(target.text)
        if first is not None:
            self.sink.add(
                "E207",
                target.span,
                f"`{target.text}` is a constant",
                found="a value called like a constant",
                wanted="one definition of each name",
                help="give the value another name, where it is taken, too",
                labels=(Label(first.span, f"the constant `{target.text}`"),),
            )

    def _unknown_results(self, node: tree.Step, scope: Scope) -> None:
        names = [target.text for target in node.targets] or ([scope.flow] if scope.flow else [])
        for name in names:
            if name != DISCARD:
                scope.values[name] = None

    # Branches

    def _branch(
        self, first: tree.Branch, second: tree.Branch | None, scope: Scope, whole: bool
    ) -> Branch | None:
        nodes = {branch.mode: branch for branch in (first, second) if branch is not None}
        if scope.flow is None:
            self.sink.add(
                "E217",
                first.span,
                f"`{first.mode}` in a block that has no value in flow",
                found="a block with several incoming values",
                wanted="one input, which every step changes in turn",
                help="write one pipeline for each of the inputs, or leave the branch out",
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
        if whole and not branches.alike(result.type, train_result.type):
            node = nodes.get("train") or first
            self.sink.add(
                "E313",
                branches.head(node),
                "training and serving end in different types",
                found=f"{train_result.type.described()} after `train`, "
                f"{result.type.described()} after `serve`",
                wanted="one type",
                help="end both in one type: the same dtype, axes, colour and scale",
            )
        return Branch(steps["train"], train_result, steps["serve"], result)
