"""What macros see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from procdsl.codegen.python.macros import dtype, macro, templates
from procdsl.discovery import file_of
from procdsl.ir.pipeline import Step
from procdsl.opdef.geometric import GeometricOp
from procdsl.opdef.op import ConstantArray
from procdsl.passes.fuse import WRITING
from procdsl.types.array import Array
from procdsl.types.value import Record, Type

if TYPE_CHECKING:
    from procdsl.codegen.python.steps import Body, Names


class View:
    """What a macro sees of its step: names of variables, the op and its types, expressions."""

    def __init__(self, body: Body, step: Step, named: bool = True) -> None:
        self._body = body
        self._step = step
        self.op: Any = step.op
        self.types: tuple[Type, ...] = step.types
        self.ins = [body.variable(value) for value in step.inputs] if named else []
        self.outs = [body.variable(value) for value in step.outputs] if named else []

    @property
    def called(self) -> list[str]:
        """What the file calls the values taken, for messages."""
        return [value.name for value in self._step.inputs]

    @property
    def x(self) -> str:
        """The first value taken."""
        return self.ins[0]

    @property
    def y(self) -> str:
        """The value given."""
        return self.outs[0]

    @property
    def ys(self) -> str:
        """All values given, as the left side of an assignment."""
        return ", ".join(self.outs)

    @property
    def constants(self) -> Mapping[str, str]:
        """The op's constants as expressions; one is kept only if it is asked for."""
        return _Constants(self.op.constants(*self.types), self._body.names)

    @property
    def extern(self) -> str:
        """The function that runs the op's extern."""
        return self._body.names.externs[self.op.extern.name]

    def local(self, name: str) -> str:
        return self._body.local(name)

    def dtype(self, name: str) -> str:
        return dtype(self._body.names.backend, name)

    # Geometry

    @property
    def geometry(self) -> str:
        """The call that says where this step puts its image."""
        x = self.types[0]
        assert isinstance(x, Array), "a geometric op has asked for an image"
        return str(self.op.kernel.on(*(f"{self.x}.shape[{x.at(axis)}]" for axis in ("h", "w"))))

    def sampled(self, x: str, h: object, w: object, part: str = "") -> str:
        """The image resized by the op's sampler; `part` names the window that is wanted of it."""
        render = macro(f"samplers/{file_of(self.op.sampler)}", self._body.names.backend)
        return str(render(self, x, h, w, part) if part else render(self, x, h, w)).strip()

    @property
    def coloured(self) -> str:
        """The image converted by the colour that computes.

        Its macro is told the order of the other side, "RGB" or "BGR", and whether it goes there.
        """
        source, back = self.types[0], self.op.back(*self.types)
        assert isinstance(source, Array), "an image is converted"
        rgb = str(self.op.to if back else source.colour).upper()
        room = file_of(self.op.computed_colour(source))
        render = macro(f"colours/{room}", self._body.names.backend)
        return str(render(self, rgb, back)).strip()

    @property
    def out(self) -> str:
        """The memory that the caller gave for the result, or None."""
        return self._body.out.get(self._step.outputs[0].number, "None")

    def constant(self, name: str, part: Step | None = None) -> str:
        """A constant of the step, or of a part of it."""
        step = part or self._step
        return self._body.names.constant(name, step.op.constants(*step.types)[name])

    def of_channel(self, name: str, c: str, part: Step | None = None) -> str:
        """A constant's number for the channel `c`."""
        step = part or self._step
        found = self.constant(name, part)
        return f"{found}[{c}]" if step.op.constants(*step.types)[name].shape else found

    def on_plane(self, planes: Any, plane: str, c: str, channel: str) -> str:
        """The pointwise parts of the step, in place on one plane."""
        lines = []
        for part, by_source in planes.pointwise_parts:
            render = macro(part.op.template, f"{self._body.names.backend}_plane")
            view = View(self._body, part, named=False)
            lines.append(str(render(view, plane, channel if by_source else c)).strip())
        return "\n".join(lines)

    def on_rows(self, rows: str, width: str) -> str:
        """The steps, in place on rows of `width` pixels."""
        lines = []
        for part in self.op.parts:
            render = macro(part.op.template, f"{self._body.names.backend}_plane")
            lines.append(str(render(RowView(self._body, part, named=False), rows, width)).strip())
        return "\n".join(lines)

    def on_frame(self, frame: str, slot: str) -> tuple[str, str]:
        """The step's parts on one frame, and the variable that holds what they give.

        A last part that writes into memory is given that of `slot`.
        """
        values: dict[int, str] = {}
        last: Step = self.op.parts[-1]
        for part in self.op.parts:
            values.setdefault(part.inputs[0].number, frame)
            written = WRITING.get(type(part.op))
            values[part.outputs[0].number] = self.local(written) if written else frame
        body = replace(self._body, variables=values, out={last.outputs[0].number: slot})
        code = "\n".join(body.statement(part).text for part in self.op.parts)
        return code, values[last.outputs[0].number]

    def levels(self, run: Any) -> str:
        """A function that gives the table of what the steps of a run make of each level."""
        parts = run.on_levels()
        values = {value.number: "x" for part in parts for value in (*part.inputs, *part.outputs)}
        body = replace(self._body, variables=values, out={}, locals=set(), functions=[])
        text = (
            templates()
            .get_template("python/levels.j2")
            .render(
                channels=self.types[0].channels,  # type: ignore[union-attr]  # an image
                statements=[body.statement(part) for part in parts],
            )
        )
        return self._body.function("levels", text)

    @property
    def channel(self) -> str:
        """What gives back a channel axis of one, which cv2 drops."""
        x = self.types[0]
        return "[:, :, None]" if isinstance(x, Array) and x.shape[2:] == (1,) else ""

    @property
    def for_cv2(self) -> bool:
        """Whether the first value is an image as cv2's functions take one."""
        x = self.types[0]
        return (
            isinstance(x, Array)
            and x.names in (("h", "w"), ("h", "w", "c"))
            and x.dtype in ("u8", "u16", "f32")
            and x.channels in (1, 3, 4)
        )

    @property
    def path(self) -> list[tuple[str, str]]:
        """For each step to undo a variable, and the call that says where it puts its image."""
        return self.walked(self.op.path(self.types), self.ins[1])

    def walked(self, steps: Sequence[GeometricOp], size: str) -> list[tuple[str, str]]:
        """For each step a variable, and the call that says where it puts its image."""
        h, w = f"{size}[0]", f"{size}[1]"
        path = []
        for number, step in enumerate(steps, start=1):
            at = self.local("at" if len(steps) == 1 else f"at_{number}")
            path.append((at, step.kernel.on(h, w)))
            h, w = f"{at}.h", f"{at}.w"
        return path

    def fixed(self, steps: Sequence[GeometricOp], h: int, w: int) -> list[str]:
        """For each step on an image of known size, the call that says where it puts it."""
        calls = []
        for step in steps:
            calls.append(step.kernel.on(str(h), str(w)))
            at = step.geometry(h, w)
            h, w = at.h, at.w
        return calls

    @property
    def boxes(self) -> str:
        """The boxes of the value taken."""
        return f"{self.x}.boxes" if isinstance(self.types[0], Record) else self.x

    def with_boxes(self, boxes: str) -> str:
        """The value taken, with other boxes."""
        record = self.types[0]
        if not isinstance(record, Record):
            return boxes
        fields = (boxes if name == "boxes" else f"{self.x}.{name}" for name, _ in record.fields)
        return f"{record.name}({', '.join(fields)})"


class RowView(View):
    """What a macro in place on one plane sees where the plane is a row of pixels."""

    def of_channel(self, name: str, c: str, part: Step | None = None) -> str:
        """A constant's numbers for each value of a row of `c` pixels."""
        found = self.constant(name, part)
        if not self._step.op.constants(*self._step.types)[name].shape:
            return found
        torch = self._body.names.backend == "torch"
        return f"{found}.repeat({c})" if torch else f"np.tile({found}, {c})"


class _Constants(Mapping[str, str]):
    """Names a constant when a macro asks for it."""

    def __init__(self, constants: Mapping[str, ConstantArray], names: Names) -> None:
        self._constants = constants
        self._names = names

    def __getitem__(self, name: str) -> str:
        return self._names.constant(name, self._constants[name])

    def __iter__(self) -> Any:
        return iter(self._constants)

    def __len__(self) -> int:
        return len(self._constants)
