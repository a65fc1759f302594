"""The target that writes ONNX graphs."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping

from procdsl import seal
from procdsl.codegen.target import Target, Unit, Unsupported
from procdsl.discovery import file_of
from procdsl.ir.pipeline import Step
from procdsl.opdef.op import Op


class OnnxGraph(Target):
    """`pre` and `post` as two graphs, which need a runtime of ONNX and nothing else."""

    @property
    def name(self) -> str:
        return "onnx"

    def unsupported(self, step: Step) -> Unsupported | None:
        """Found by writing the step's nodes: a graph is a value, and soon made."""
        _check_installed()
        from procdsl.codegen.onnx.alone import refused

        return refused(step, self.holds)

    def holds(self, op: Op, form: str) -> bool:
        """Frames of a clip are taken like samples, and some samplers compute a part alone.

        Forms that write in place are not for graphs.
        """
        if form != "part":
            return form == "clip"
        _check_installed()
        from procdsl.codegen.onnx import rooms

        sampler: str = op.sampler  # type: ignore[attr-defined]  # an op that samples
        return rooms.macro(f"samplers/{file_of(sampler)}", form) is not None

    def files(self, unit: Unit) -> Mapping[str, bytes]:
        _check_installed()
        from procdsl.codegen.onnx import model

        files = {}
        if unit.pipeline.inputs:
            files["pre"] = model.preprocess(unit, self.holds)
        if unit.pipeline.outputs:
            files["post"] = model.postprocess(unit, self.holds)
        return {
            f"{unit.pipeline.name}_{part}.onnx": seal.sealed_graph(
                made.SerializeToString(deterministic=True)
            )
            for part, made in files.items()
        }


def _check_installed() -> None:
    """An ImportError where the package that writes graphs is missing; it is imported when used."""
    if importlib.util.find_spec("onnx") is None:
        raise ImportError(
            "the target onnx needs the package onnx: pip install 'procdsl[onnx]'", name="onnx"
        )


TARGETS = (OnnxGraph(),)
