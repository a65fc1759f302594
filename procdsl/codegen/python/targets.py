"""The targets that are Python modules: on numpy, on OpenCV, on torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.codegen.python import macros, shared
from procdsl.codegen.python.module import module
from procdsl.codegen.target import Target, Unit, Unsupported
from procdsl.discovery import file_of
from procdsl.ir.pipeline import Step
from procdsl.lower import lower
from procdsl.opdef.op import Op
from procdsl.seal import sealed


class PythonModule(Target):
    """A module that imports its library and nothing of procdsl."""

    standard: ClassVar[bool] = True

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def unsupported(self, step: Step) -> Unsupported | None:
        for call in lower.step(step).calls():
            if macros.macro(call.template, self.name, call.form) is None:
                why = macros.reason(call.template, self.name)
                return Unsupported(why, "another target, or another step")
        return None

    def holds(self, op: Op, form: str) -> bool:
        if form == "clip":
            return self.name in macros.LEADING
        template = op.template if form == "plane" else f"samplers/{file_of(op.sampler)}"  # type: ignore[attr-defined]  # an op that samples
        return macros.macro(template, self.name, form) is not None

    def files(self, unit: Unit) -> Mapping[str, str]:
        files = {f"{unit.pipeline.name}_{self.name}": module(unit, self.name, self.holds)}
        if unit.options.shared_kernels:
            files[shared.name(self.name)] = shared.module(self.name)
        laid = unit.options.format
        return {f"{n}.py": sealed(d.formatted() if laid else d.text) for n, d in files.items()}


TARGETS = tuple(map(PythonModule, ("torch", "numpy", "cv2")))
