"""From text to a typed pipeline, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from procdsl import limits
from procdsl.checker import spaces
from procdsl.checker.blocks import Walker
from procdsl.checker.checked import Checked
from procdsl.checker.constants import Constants, doubled, is_discard, text_of
from procdsl.checker.contract import Contract
from procdsl.checker.declared import declared
from procdsl.checker.definitions import define
from procdsl.checker.externs import Finder, externs, nowhere
from procdsl.checker.orders import check_one_order
from procdsl.checker.outline import Outline, outline
from procdsl.checker.past_model import past_model
from procdsl.checker.scope import Known, Scope, Stays, no_such_value
from procdsl.checker.sink import DiagnosticSink
from procdsl.checker.understood import Understood
from procdsl.checker.unused import mentioned, report_unused
from procdsl.checker.uses import Files, Loader, no_files
from procdsl.diagnostics.diagnostic import Edit, Fix, Label, Severity, capped
from procdsl.diagnostics.guards import COMPUTABLE
from procdsl.diagnostics.suggest import nearest
from procdsl.ir.least_sizes import open_axes
from procdsl.ir.pipeline import Branch, Model, Pipeline, Step
from procdsl.source import Source, Span
from procdsl.syntax import tree
from procdsl.syntax.parser import parse
from procdsl.types.array import Array
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.value import PictureSize, Type


def check(
    source: Source,
    load: Loader = no_files,
    settings: Mapping[str, str] | None = None,
    find: Finder = nowhere,
) -> Checked:
    """Check a file.

    `load` finds what it `use`s, `settings` are values of params by name, `find` gives the hash of
    an extern's source.
    """
    parsed = parse(source)
    sink = DiagnosticSink()
    files = Files(load, limits.TOKENS - parsed.tokens)
    checker = _Checker(outline(parsed.file, sink), sink, files, settings or {}, find)
    pipeline = checker.pipeline()
    found = (*parsed.diagnostics, *sink.diagnostics)
    ordered = capped(sorted(found, key=lambda d: (d.span.source is not source, d.span.start)))
    errors = {d.code for d in ordered if d.severity is Severity.ERROR}
    as_written = pipeline if errors <= COMPUTABLE else None
    return Checked(None if errors else pipeline, ordered, checker.understood(), as_written)


def flow_type(source: Source) -> Type | None:
    """The type of the value in flow after `pre`, whatever the model wants; None where unknown."""
    sink = DiagnosticSink()
    outlined = outline(parse(source).file, sink)
    return _Checker(outlined, sink, Files(no_files, limits.TOKENS), {}, nowhere).flow()


class _Checker:
    def __init__(
        self,
        outlined: Outline,
        sink: DiagnosticSink,
        files: Files,
        settings: Mapping[str, str],
        find: Finder,
    ) -> None:
        self.parts = outlined
        self.sink = sink
        self.constants: Constants = define(outlined, sink, files, settings)
        self.unread = self.constants.unread
        functions = externs(outlined, self.constants, sink, find)
        self.walker = Walker(self.constants, functions, sink, mentioned=mentioned(outlined))
        self.inputs: dict[str, Known] = {}
        self.contract: dict[str, Known] = {}
        """The inputs and outputs of the model."""
        self.past: tuple[dict[str, Known], dict[str, Stays]] = ({}, {})
        """What `post` may take beside these, and which names of `pre` it cannot take."""

    def understood(self) -> Understood:
        """What is known of the names, after `pipeline`."""
        walker = self.walker
        return Understood(
            self.parts,
            self.constants.names,
            walker.externs,
            self.inputs,
            self.contract,
            walker.results,
        )

    def pipeline(self) -> Pipeline | None:
        """The pipeline, where it was understood."""
        parts, walker = self.parts, self.walker
        inputs = self._inputs()
        pre, fed = self._pre(inputs)
        model_inputs, model_outputs = self._model(inputs, fed)
        post, outputs = self._post(model_outputs, inputs)
        walker.allowances.report_stale()
        if not parts.broken:
            report_unused(parts, walker, self.constants, self.sink)
        wrong = {d.code for d in self.sink.diagnostics if d.severity is Severity.ERROR}
        understood = wrong <= COMPUTABLE
        if not understood or parts.broken or parts.pipeline is None or parts.model is None:
            return None
        return Pipeline(
            name=parts.pipeline.name.text,
            edition=1,
            doc=text_of(parts.pipeline.docs),
            params=tuple(self.constants.params),
            inputs=tuple(value for value in inputs.values() if value is not None),
            input_docs=tuple(text_of(part.docs) for part in parts.inputs),
            input_orders=tuple(
                part.typed.type.other.text if part.typed.type.other else "" for part in parts.inputs
            ),
            pre=pre,
            fed=tuple(value for value in fed.values() if value is not None),
            model=Model(
                tuple(value for value in model_inputs if value is not None),
                tuple(value for value in model_outputs.values() if value is not None),
                tuple(t.type.space.text if t.type.space else "" for t in parts.model.outputs),
                text_of(parts.model.docs),
            ),
            post=post,
            outputs=tuple(value for value in outputs if value is not None),
            output_doc=text_of(parts.output.docs) if parts.output else "",
            externs=tuple(extern for extern in walker.externs.values() if extern is not None),
            source=parts.file.span.source,
            used=tuple(self.constants.sources),
        )

    def flow(self) -> Type | None:
        """The type that the flow of `pre` ends in."""
        inputs = self._inputs()
        scope = self._scope(inputs, inputs)
        self.walker.walk(self.parts.pre.steps if self.parts.pre else (), scope, "both")
        value = scope.values[scope.flow] if scope.flow else None
        return value.type if value else None

    def _inputs(self) -> dict[str, Known]:
        inputs: dict[str, Known] = {}
        named: dict[str, tree.Name] = {}
        for part in self.parts.inputs:
            name = part.typed.name
            if not self._is_new(name, named):
                continue
            space = CoordinateSpace(name.text)
            type_ = declared(part.typed.type, self.constants, self.sink, {name.text: space}, True)
            if type_ is not None and (type_.pictured or type_.is_file):
                type_ = type_.with_(space=space)
            inputs[name.text] = self.walker.value(name.text, type_, name) if type_ else None
        check_one_order([part.typed.type for part in self.parts.inputs], self.sink)
        self.inputs = {**inputs, **dict.fromkeys(self.unread.inputs())}
        return self.inputs

    def _is_new(self, name: tree.Name, named: dict[str, tree.Name]) -> bool:
        """Whether nothing else is called so; of what is `named` a second time, it says where."""
        if is_discard(name, self.sink):
            return False
        first = self.constants.names.get(name.text) or named.setdefault(name.text, name)
        if first is not name:
            doubled(self.sink, name, first)
        return first is name

    def _scope(self, values: dict[str, Known], sizes: Mapping[str, Known]) -> Scope:
        known: dict[str, Known] = {
            name: value and self.walker.value(f"{name}_size", PictureSize(name))
            for name, value in sizes.items()
            if value is None or (isinstance(value.type, Array) and value.type.space)
        }
        self.walker.given = open_axes(v.type for v in values.values() if v is not None)
        flow = next(iter(values)) if len(values) == 1 else None
        return Scope(dict(values), flow, known, self.unread, self.walker.used)

    def _pre(self, inputs: dict[str, Known]) -> tuple[tuple[Step | Branch, ...], dict[str, Known]]:
        """The steps of `pre`, and for each input of the model the value that feeds it."""
        scope = self._scope(inputs, inputs)
        steps = self.walker.walk(self.parts.pre.steps, scope, "both") if self.parts.pre else ()
        fed: dict[str, Known] = {}
        model = self.parts.model
        wanted = {typed.name.text: typed for typed in model.inputs} if model else {}
        orders = (part.typed for part in self.parts.inputs if part.typed.type.other)
        ordered = frozenset(typed.name.text for typed in orders)
        self.past = past_model(scope, inputs, model, self.walker, ordered)
        unread = self.parts.pre is None and self.parts.broken
        if model is None or not inputs or unread:
            for name in [scope.flow] if scope.flow else list(scope.values) if unread else []:
                scope.take(name)
            return steps, fed
        for name, typed in wanted.items():
            if (name in scope.values and name not in inputs) or (
                name in scope.values and len(inputs) > 1
            ):
                fed[name] = scope.take(name)
            elif len(wanted) == 1 and scope.flow is not None:
                fed[name] = scope.take(scope.flow)
            else:
                fed[name] = None
                if not self.unread.may_define(name):
                    self._nothing_fed(typed, scope)
        return steps, fed

    def _nothing_fed(self, typed: tree.Typed, scope: Scope) -> None:
        names = list(scope.values)
        near = nearest(typed.name.text, names)
        if near:
            scope.take(near)
        fix = Fix.only(f"write `{near}`", Edit(typed.name.span, near)) if near else None
        self.sink.add(
            "E221",
            typed.name.span,
            f"`pre` gives no `{typed.name.text}`",
            found="the values " + ", ".join(names),
            wanted=f"a value called `{typed.name.text}`",
            help="" if fix else "name the value that feeds it, in the contract or in `pre`",
            fixes=(fix,) if fix else (),
        )

    def _model(
        self, inputs: dict[str, Known], fed: dict[str, Known]
    ) -> tuple[list[Known], dict[str, Known]]:
        """The contract's inputs and outputs; the values fed are held against the inputs."""
        model = self.parts.model
        if model is None:
            return [], {}
        names: dict[str, Known] = {}
        wanted: list[Known] = []
        frames = spaces.of_model(model, inputs, fed)
        known = all(fed.get(typed.name.text) for typed in model.inputs) or not inputs
        self.sink.spaces_known = known and not self.sink.recovered
        named: dict[str, tree.Name] = {}
        for typed in model.inputs:
            if not self._is_new(typed.name, named):
                continue
            type_ = declared(typed.type, self.constants, self.sink, frames)
            given = fed.get(typed.name.text)
            if type_ is not None and given is not None:
                flows = len(inputs) == 1 and len(model.inputs) == 1
                start = next(iter(inputs.values())) if flows else None
                start_type = start.type if start and isinstance(start.type, Array) else None
                if start_type is not None and start_type.is_file:
                    start_type = None  # it is `decode` that says what the picture is
                source = self.parts.inputs[0].typed if flows and self.parts.inputs else None
                Contract(
                    typed,
                    type_,
                    self.parts.pre,
                    start_type,
                    source,
                    model.outputs,
                    self.sink,
                ).check(given.type)
            value = self.walker.value(typed.name.text, type_) if type_ else None
            names[typed.name.text] = value
            wanted.append(value)
        outputs: dict[str, Known] = {}
        image_space = next(iter(frames.values())) if len(frames) == 1 else None
        for typed in model.outputs:
            if not self._is_new(typed.name, named):
                continue
            type_ = declared(typed.type, self.constants, self.sink, spaces.named(frames))
            if type_ is not None:
                type_ = type_.may_be_empty.with_(space=type_.space or image_space)
            outputs[typed.name.text] = self.walker.value(typed.name.text, type_) if type_ else None
        self.contract = {**names, **outputs}
        return wanted, outputs

    def _post(
        self, model_outputs: dict[str, Known], inputs: dict[str, Known]
    ) -> tuple[tuple[Step, ...], list[Known]]:
        scope = self._scope(model_outputs, inputs)
        scope.past_model, scope.stays = self.past
        past = (value.type for value in scope.past_model.values() if value is not None)
        self.walker.given |= open_axes(past)
        walked = self.walker.walk(self.parts.post.steps, scope, "serve") if self.parts.post else ()
        outputs: list[Known] = []
        seen: dict[str, tree.Name] = {}
        cases: dict[str, tree.Name] = {}
        for name in self.parts.output.names if self.parts.output else ():
            if name.text in seen:
                names = self.parts.output.names if self.parts.output else ()
                before = names[names.index(name) - 1].span
                removal = Edit(Span(before.source, before.end, name.span.end), "")
                fix = Fix.only("remove this one", removal)
                doubled(self.sink, name, seen[name.text], fix)
            elif scope.has(name.text):
                value = scope.take(name.text)
                outputs.append(value)
                if self.parts.post is not None or not self.parts.broken:
                    spaces.check_output(name, value, inputs, self.walker)
            elif not self.unread.may_define(name.text) and self.parts.model is not None:
                names = self.parts.output.names if self.parts.output else ()
                no_such_value(name, scope, self.sink, [other.text for other in names])
            seen.setdefault(name.text, name)
            first = cases.setdefault(name.text.lower(), name)
            if first.text != name.text:
                self._alike(name, first)
        if self.parts.output is None and scope.flow and not self.parts.post:
            scope.take(scope.flow)
        return tuple(step for step in walked if isinstance(step, Step)), outputs

    def _alike(self, name: tree.Name, first: tree.Name) -> None:
        """Two outputs that a reader, or a file of a result, does not tell apart."""
        self.sink.add(
            "E207",
            name.span,
            f"`{name.text}` and `{first.text}` differ in case only",
            found="two outputs of one name, but for upper and lower case",
            wanted="names that are told apart",
            help="give one of the two another name, where it is taken, too",
            labels=(Label(first.span, f"the output `{first.text}`"),),
            severity=Severity.WARNING,
        )
