"""Runtimes that are not run, but known by their documentation: which operators they take.

The nodes of a step's graph are compared with these tables, which have of all operators those that
graphs of ours may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from procdsl.records import dataclass, field

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto


@dataclass(frozen=True)
class Operators:
    """The operators of a runtime, each with the dtypes that it takes them of."""

    title: str
    source: str
    """Where that is stated."""
    taken: Mapping[str, str]
    constant: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Of operators the inputs that must be known when the graph is built."""

    def lacking(self, model: ModelProto) -> str:
        """What the runtime lacks of a graph without functions; empty where it takes all of it."""
        from onnx import shape_inference

        graph = shape_inference.infer_shapes(model).graph
        known = {one.name for one in graph.initializer}
        for made, dtypes in _nodes(graph, {}, known):
            if made.op_type == "Constant":  # as good as what a graph holds beside its nodes
                continue
            if made.op_type not in self.taken:
                return f"{self.title} has no {made.op_type}"
            for at, (name, dtype) in enumerate(zip(filter(None, made.input), dtypes, strict=True)):
                if dtype not in self.taken[made.op_type].split():
                    return f"{self.title} has no {made.op_type} of {dtype}"
                if at in self.constant.get(made.op_type, ()) and name not in known:
                    return f"{self.title} wants a constant as input {at} of {made.op_type}"
        return ""


def _nodes(
    graph: GraphProto, outer: Mapping[str, str], known: set[str]
) -> Iterator[tuple[NodeProto, list[str]]]:
    """The nodes of a graph and of its branches, each with the dtypes of what it takes.

    What is found to be constant on the way is added to what is known.
    """
    named = {**outer, **{one.name: _dtype(one.data_type) for one in graph.initializer}}
    for one in (*graph.input, *graph.value_info, *graph.output):
        named[one.name] = _dtype(one.type.tensor_type.elem_type)
    for made in graph.node:
        if made.op_type == "Constant":
            known.update(made.output)
        yield made, [named[name] for name in made.input if name]
        for attribute in made.attribute:
            if attribute.HasField("g"):
                yield from _nodes(attribute.g, named, known)


def _dtype(number: int) -> str:
    """The name of a dtype that ONNX has a number for."""
    from procdsl.codegen.onnx.dtypes import DTYPES, element_type

    return next(name for name in DTYPES if element_type(name) == number)


def _table(text: str) -> Mapping[str, str]:
    """The dtypes of each operator, of lines `dtypes: operators`."""
    lines = (line.partition(":") for line in text.strip().splitlines())
    return {name: dtypes.strip() for dtypes, _, names in lines for name in names.split()}


OPERATORS: Mapping[str, Operators] = {
    "tensorrt": Operators(
        title="TensorRT",
        source="docs/operators.md of onnx-tensorrt 10.1",
        taken=_table("""
            f32 f16: Ceil Clip CumSum Exp Floor NonMaxSuppression NonZero Pow Reciprocal Round Sin
            f32 f16: Sqrt
            f32 f16 i32 i64: Abs Add ArgMax Div Equal Greater GreaterOrEqual IsNaN Less LessOrEqual
            f32 f16 i32 i64: Max Min Mod Mul Neg Pad Range ReduceMax ReduceMin ReduceSum
            f32 f16 i32 i64: ScatterElements Sub TopK
            f32 f16 i32 i64 bool: Concat ConstantOfShape Expand Gather GatherElements
            f32 f16 i32 i64 bool: Identity If Loop Reshape Shape Slice Squeeze Transpose Unsqueeze
            f32 f16 i32 i64 bool: Where
            f32 f16 i32 i64 u8 bool: Cast
            bool: And Not Or
        """),
        constant={
            **dict.fromkeys(("CumSum", "Squeeze", "Unsqueeze"), (1,)),
            **dict.fromkeys(("ReduceMax", "ReduceMin", "ReduceSum"), (1,)),
            "Slice": (3,),
        },
    ),
    "coreml": Operators(
        title="Core ML",
        source="coreml_supported_mlprogram_ops.md of ONNX Runtime, whose Reciprocal adds 1e-4",
        taken=_table("""
            f32: Pow
            f32 f16: ArgMax Ceil Clip Exp ReduceMax ReduceSum Round Sin Sqrt
            f32 f16 i32 i64: Add Concat Div Identity Max Mul Range Reshape Shape Slice Squeeze Sub
            f32 f16 i32 i64: Transpose Unsqueeze
            f32 f16 i32 i64 bool: Cast
        """),
        constant={"Slice": (1, 2, 3, 4)},
    ),
}
"""Each by the name that `--runtime` has for it."""
