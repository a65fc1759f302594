"""What a macro sees of the call that it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdsl.codegen.python.body import Body, Slots
from procdsl.codegen.python.code import literal
from procdsl.codegen.python.macros import LEADING, dtype, templates
from procdsl.codegen.python.scope import KernelNames
from procdsl.lower.program import Call
from procdsl.types.array import Array


class Site:
    """Names of variables, attributes of the op, and the module's constants, kernels and libraries.

    In a template: `{{ s.y }} = {{ s.k.softmax }}({{ s.x }}, {{ s.attr.over }})`.
    """

    def __init__(self, body: Body, call: Call) -> None:
        self._body = body
        self._call = call
        self.attr = call.attributes
        self.called = call.called
        self.k = KernelNames(body.module)
        self.constants = _Constants(body, call)
        self.named = {
            name: body.variables.expression(operand) for name, operand in call.named.items()
        }

    # Variables

    @property
    def ins(self) -> list[str]:
        """The values taken."""
        return [self._body.variables.name(operand) for operand in self._call.operands]

    @property
    def outs(self) -> list[str]:
        """The values given."""
        return [self._body.variables.name(result) for result in self._call.results]

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
    def count(self) -> str:
        """How many rows are found."""
        assert self._call.count is not None, "the op finds rows"
        return self._body.variables.name(self._call.count)

    @property
    def out(self) -> str:
        """The memory that the caller gave for the result, or None."""
        return self._body.slots.get(self._call.results[0], "None")

    def local(self, name: str) -> str:
        """A variable for the macro's own use."""
        return self._body.local(self._call, name)

    # The library

    @property
    def cv2(self) -> str:
        """OpenCV, which the module then imports."""
        self._body.module.need("import cv2")
        return "cv2"

    def text(self, value: str) -> str:
        """A text of the file as a literal."""
        return literal(value)

    def dtype(self, name: str) -> str:
        return dtype(self._body.module.target, name)

    @property
    def extern(self) -> str:
        """The function that runs the extern."""
        return self._body.module.externs[str(self.attr["extern"])]

    @property
    def for_cv2(self) -> bool:
        """Whether the first value is an image as cv2's functions take one."""
        x = self._call.operands[0].type
        return (
            isinstance(x, Array)
            and x.names in (("h", "w"), ("h", "w", "c"))
            and x.dtype in ("u8", "u16", "f32")
            and x.channels in (1, 3, 4)
        )

    @property
    def levels_for_cv2(self) -> bool:
        """Whether the first value is an image of u8 whose channels cv2's functions tell apart.

        One of more than 128 (OpenCV 5; 512 in 4) has three dimensions for them, and no channels.
        """
        x = self._call.operands[0].type
        return isinstance(x, Array) and x.dtype == "u8" and x.channels in range(1, 129)

    @property
    def image(self) -> str:
        """The first value as an image with channels, where the target finds its axes so."""
        return f"{self.x}.unsqueeze(-1)" if self._adds_channel else self.x

    @property
    def plain(self) -> str:
        """What takes away the axis that `image` has added."""
        return ".squeeze(-1)" if self._adds_channel else ""

    @property
    def _adds_channel(self) -> bool:
        x = self._call.operands[0].type
        leading = self._body.module.target in LEADING
        return leading and isinstance(x, Array) and x.names[-1:] != ("c",)

    @property
    def pixels(self) -> str:
        """The first value for a function of cv2, which would copy a view of planes slowly."""
        x = self._call.operands[0]
        return f"{self.k.pixels}({self.x})" if x.planes and x.array.channels != 1 else self.x

    @property
    def cv2_channel(self) -> str:
        """What gives back a channel axis of one, which cv2 drops."""
        x = self._call.operands[0].type
        return "[:, :, None]" if isinstance(x, Array) and x.shape[2:] == (1,) else ""

    # What is done inside

    def of_channel(self, name: str, c: str) -> str:
        """A constant's number for the channel `c`."""
        found = self.constants[name]
        return f"{found}[{c}]" if self._call.constants[name].shape else found

    def on_plane(self, plane: str, c: str, channel: str) -> str:
        """What is done in place on one plane: of the channel `c`, made of `channel`."""
        return self._inside(plane, c, channel, Site)

    def on_pixels(self, pixels: str) -> str:
        """What is done in place on all planes, seen with their channels as the last axis."""
        return self._inside(pixels, "", "", _Pixels)

    def on_rows(self, rows: str, width: str) -> str:
        """What is done in place on rows of `width` pixels."""
        return self._inside(rows, width, width, _Rows)

    def _inside(self, plane: str, c: str, channel: str, view: type[Site]) -> str:
        assert self._call.body is not None, "the call has a region"
        lines = []
        for group in self._call.body.groups:
            for call in group.instructions:
                assert isinstance(call, Call), "in place there is nothing to place"
                told = channel if call.attributes["by_source"] else c
                lines.append(self._body.written(call, plane, told, site=view))
        return "\n".join(lines)

    def on_frame(self, frame: str, slot: str) -> tuple[str, str]:
        """What is done on one frame, and the variable that holds what it gives.

        A last step that writes into memory is given that of `slot`.
        """
        region = self._call.body
        assert region is not None, "a loop has a region"
        slots: Slots = {region.result: slot}
        body = self._body.inner(slots)
        body.variables.given({region.argument: frame})
        code = "\n".join(statement.text for statement in body.statements(region.groups))
        return code, body.variables.name(region.result)

    def table(self) -> str:
        """A function that gives the table of what is made of each level of u8."""
        region = self._call.table
        assert region is not None, "the call can be looked up"
        channels = region.argument.type.channels  # type: ignore[union-attr]  # an image
        name = self._body.module.function("levels")
        self._body.module.need("from functools import lru_cache")
        body = Body(self._body.module)
        text = (
            templates()
            .get_template("python/levels.j2")
            .render(name=name, channels=channels, statements=body.statements(region.groups))
        )
        self._body.functions.append(text)
        return name


class _Pixels(Site):
    """What a macro in place on one plane sees where it is all of them."""

    def of_channel(self, name: str, c: str) -> str:
        """A constant's numbers for the channels, along the last axis."""
        return self.constants[name]


class _Rows(Site):
    """What a macro in place on one plane sees where the plane is a row of pixels."""

    def of_channel(self, name: str, c: str) -> str:
        """A constant's numbers for each value of a row of `c` pixels."""
        found = self.constants[name]
        if not self._call.constants[name].shape:
            return found
        torch = self._body.module.target == "torch"
        return f"{found}.repeat({c})" if torch else f"np.tile({found}, {c})"


class _Constants(Mapping[str, str]):
    """Names a constant when a macro asks for it: one that none asks for is not kept."""

    def __init__(self, body: Body, call: Call) -> None:
        self._module = body.module
        self._constants = call.constants
        self._op = call.template.rpartition("/")[2]

    def __getitem__(self, name: str) -> str:
        return self._module.constant(name, self._constants[name], self._op)

    def __iter__(self) -> Iterator[str]:
        return iter(self._constants)

    def __len__(self) -> int:
        return len(self._constants)
