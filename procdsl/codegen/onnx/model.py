"""The models of a pipeline: `pre` and `post`, each a graph with a batch axis in front."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from onnx import (
    FunctionProto,
    GraphProto,
    ModelProto,
    ValueInfoProto,
    checker,
    helper,
    inliner,
    numpy_helper,
)

from procdsl.codegen.onnx.body import Body, Labels, numbers, size_of_samples
from procdsl.codegen.onnx.dtypes import element_type
from procdsl.codegen.onnx.functions import DOMAIN, Functions
from procdsl.codegen.onnx.graph import Block, Tensor
from procdsl.codegen.onnx.simplify import needed, taken
from procdsl.codegen.onnx.site import Kernels
from procdsl.codegen.target import Unit
from procdsl.ir.pipeline import Branch, Pipeline, Step
from procdsl.ir.unparse import call_text
from procdsl.lower import lower, orders
from procdsl.lower.program import Fields, Program, Variable
from procdsl.modelfile.format import KEY
from procdsl.passes.block import Holds
from procdsl.records import dataclass, replace
from procdsl.seal import GRAPH_KEY
from procdsl.version import VERSION

OPSETS = range(13, 27)
"""The versions of ONNX's operators in which graphs are written."""

BATCH = "n"
"""What the batch axis is called."""

IR_WITH_FUNCTIONS = 8


@dataclass(frozen=True)
class Named:
    """A tensor that a model takes or gives, and what it is called there."""

    name: str
    tensor: Tensor
    axes: tuple[str, ...]

    def info(self) -> ValueInfoProto:
        """What the model states of it; an open axis is called after the value that has it."""
        sizes = [
            size if size is not None else axis if axis == BATCH else f"{self.name}_{axis}"
            for axis, size in zip(self.axes, self.tensor.shape, strict=True)
        ]
        return helper.make_tensor_value_info(self.name, element_type(self.tensor.dtype), sizes)


def preprocess(unit: Unit, holds: Holds) -> ModelProto:
    """`pre` as a model: the inputs as they come, to what the user's model takes."""
    options, pipeline = unit.options, unit.pipeline
    order = _order(pipeline, options.order)
    given = orders.given_in(pipeline, order) if order else pipeline
    program = lower.preprocess(given, holds, options.optimize).program
    names = [value.name for value in (*pipeline.model.inputs, *pipeline.kept)]
    return _model(unit, "pre", program, names, in_file(pipeline.pre), {"order": order})


def postprocess(unit: Unit, holds: Holds) -> ModelProto:
    """`post` as a model: from what the user's model gives to the results, ids for texts."""
    program = lower.postprocess(unit.pipeline, holds, texts=False).program
    names = [value.name for value in unit.pipeline.outputs]
    return _model(unit, "post", program, names, list(unit.pipeline.post), {})


def _order(pipeline: Pipeline, wanted: str | None) -> str:
    """The order of channels that the graph takes, where the caller of a module chooses it."""
    choices = pipeline.orders
    if not choices and wanted is None:
        return ""
    if wanted in choices:
        return str(wanted)
    if not choices:
        raise ValueError(f"order={wanted}, and no input of {pipeline.name} comes in two orders")
    raise ValueError(
        f"a graph takes one order of channels: --order {' or --order '.join(choices)}"
        + (f", not {wanted}" if wanted else "")
    )


def in_file(entries: Sequence[Step | Branch]) -> list[Step]:
    """The steps in the order in which the manifest numbers them."""
    parts = ((*e.train, *e.serve) if isinstance(e, Branch) else (e,) for e in entries)
    return list(itertools.chain.from_iterable(parts))


def _model(
    unit: Unit,
    part: str,
    program: Program,
    names: Sequence[str],
    steps: list[Step],
    said: Mapping[str, str],
) -> ModelProto:
    opset = unit.options.opset
    if opset not in OPSETS:
        raise ValueError(
            f"opset {opset}: graphs are written from opset {OPSETS[0]} to {OPSETS[-1]}"
        )
    block = Block(opset, Functions())
    body = Body(block, Labels(part, numbers(steps)))
    given = list(outputs(program, names))
    called = [block.name(result.name) for result in given]
    inputs = list(_inputs(program, body, called))
    body.write(program.groups)
    with block.writing():
        results = [
            Named(name, block.called(result.of(body), name), (BATCH, *result.variable.array.names))
            for name, result in zip(called, given, strict=True)
        ]
    doc = "\n".join([unit.pipeline.doc, *map(call_text, steps)]).strip()
    graph = graph_of(block, f"{unit.pipeline.name}_{part}", inputs, results, doc)
    return _finished(unit, graph, block, {**said, "part": part})


def graph_of(
    block: Block, name: str, inputs: Sequence[Named], results: Sequence[Named], doc: str
) -> GraphProto:
    """What a block computes of inputs, for these results."""
    nodes = needed(block.nodes, [x.name for x in results])
    used = set(taken(nodes))
    held = {name: value for name, value in block.values.items() if name in used}
    return helper.make_graph(
        nodes,
        name,
        [x.info() for x in inputs],
        [x.info() for x in results],
        [numpy_helper.from_array(value, name) for name, value in held.items()],
        doc,
    )


def functions_of(block: Block, graph: GraphProto) -> list[FunctionProto]:
    """The functions that the nodes of a graph call."""
    called = {made.op_type for made in graph.node if made.domain == DOMAIN}
    return [function for function in block.functions.protos if function.name in called]


def _inputs(program: Program, body: Body, called: Sequence[str]) -> Iterator[Named]:
    """What the model takes: arrays as they are declared, and [n, 2] for the size of a picture.

    In a graph nothing that is taken is called as what is given: that is `x.raw` of a result `x`.
    """
    for variable in program.parameters:
        name = f"{variable.name}.raw" if variable.name in called else variable.name
        x = body.block.given(name, variable.array.dtype, (None, *variable.array.shape))
        body.values[variable] = x
        yield Named(x.name, x, (BATCH, *variable.array.names))
    for variable in program.sizes:
        x = body.block.given(variable.name, "i64", (None, 2))
        with body.block.writing():
            body.sizes[variable] = size_of_samples(x)
        yield Named(x.name, x, (BATCH, "hw"))


@dataclass(frozen=True)
class Output:
    """What the model gives under a name, and how many of its rows are found."""

    name: str
    variable: Variable
    count: Variable | None = None

    def of(self, body: Body) -> Tensor:
        """Its tensor, with zeros behind the rows that are found, in room for all that may be."""
        x = body.values[self.variable]
        if self.count is None:
            return x
        rows = self.variable.array.open_axis
        found = Kernels().zeros_behind(x, body.values[self.count], 1 + rows)
        room = self.variable.array.axes[rows].high
        return replace(found, shape=(*found.shape[: 1 + rows], room, *found.shape[2 + rows :]))


def outputs(program: Program, names: Sequence[str]) -> Iterator[Output]:
    """What the model gives, by name; the fields of a record each behind the record's name."""
    for name, (value, result) in zip(names, program.results, strict=True):
        count = program.counts.get(value.number)
        if isinstance(result, Fields):
            for part, one in result.variables.items():
                yield Output(f"{name}.{part}", one, count)
        else:
            yield Output(name, result, count)
        if count is not None:
            yield Output(f"{name}.counts", count)


def _finished(unit: Unit, graph: GraphProto, block: Block, said: Mapping[str, str]) -> ModelProto:
    """The model round a graph, with the manifest, checked."""
    functions = functions_of(block, graph)
    imports = [helper.make_opsetid("", block.opset)]
    if functions:
        imports.append(helper.make_opsetid(DOMAIN, 1))
    model = helper.make_model(
        graph,
        functions=functions,
        opset_imports=imports,
        producer_name="procdsl",
        producer_version=VERSION,
        ir_version=max(IR_WITH_FUNCTIONS, helper.find_min_ir_version_for(imports[:1])),
    )
    if unit.options.inline:
        model = inliner.inline_local_functions(model)
    helper.set_model_props(
        model,
        {
            KEY: unit.manifest,
            **{f"{KEY}.{name}": value for name, value in said.items() if value},
            GRAPH_KEY: "0" * 64,
        },
    )
    checker.check_model(model, full_check=True)
    return model
