"""The models of a pipeline: `pre` and `post`, each a graph with a batch axis in front."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import onnx
from onnx import ModelProto, ValueInfoProto, helper, inliner, numpy_helper

from procdsl.codegen.onnx.body import Body, Labels, numbers, size_of_samples
from procdsl.codegen.onnx.functions import DOMAIN, Functions
from procdsl.codegen.onnx.graph import Block, Tensor, element_type
from procdsl.codegen.target import Unit
from procdsl.ir.pipeline import Branch, Pipeline, Step
from procdsl.ir.unparse import call_text
from procdsl.lower import lower, orders
from procdsl.lower.program import Fields, Program, Variable
from procdsl.modelfile.format import KEY
from procdsl.passes.block import Holds
from procdsl.records import dataclass
from procdsl.version import VERSION

OPSETS = range(13, 27)
"""The versions of ONNX's operators in which graphs are written."""

BATCH = "n"
"""What the batch axis is called."""

_IR_WITH_FUNCTIONS = 8


@dataclass(frozen=True)
class Named:
    """A tensor that a model takes or gives, and what it is called there."""

    name: str
    tensor: Tensor
    axes: tuple[str, ...]

    def info(self) -> ValueInfoProto:
        """What the model states of it; an open axis is called after the value that has it."""
        sizes = [
            axis if axis == BATCH else f"{self.name}_{axis}" if size is None else size
            for axis, size in zip(self.axes, self.tensor.shape, strict=True)
        ]
        return helper.make_tensor_value_info(self.name, element_type(self.tensor.dtype), sizes)


def preprocess(unit: Unit, holds: Holds) -> ModelProto:
    """`pre` as a model: the inputs as they come, to what the user's model takes."""
    options, pipeline = unit.options, unit.pipeline
    order = _order(pipeline, options.order)
    given = orders.given_in(pipeline, order) if order else pipeline
    program = lower.preprocess(given, holds, options.optimize).program
    names = [value.name for value in pipeline.model.inputs]
    return _model(unit, "pre", program, names, _in_file(pipeline.pre), {"order": order})


def postprocess(unit: Unit) -> ModelProto:
    """`post` as a model: from what the user's model gives to the results, ids for texts."""
    program = lower.postprocess(unit.pipeline, texts=False).program
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


def _in_file(entries: Sequence[Step | Branch]) -> list[Step]:
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
    taken = list(_taken(program, body))
    given = _outputs(program, names)
    called = [block.name(name) for name, _ in given]
    body.write(program.groups)
    with block.writing():
        results = [
            Named(name, block.called(body.values[variable], name), (BATCH, *variable.array.names))
            for name, (_, variable) in zip(called, given, strict=True)
        ]
    graph = helper.make_graph(
        block.nodes,
        f"{unit.pipeline.name}_{part}",
        [x.info() for x in taken],
        [x.info() for x in results],
        [numpy_helper.from_array(value, name) for name, value in block.values.items()],
        "\n".join([unit.pipeline.doc, *map(call_text, steps)]).strip(),
    )
    return _finished(unit, graph, block, {**said, "part": part})


def _taken(program: Program, body: Body) -> Iterator[Named]:
    """What the model takes: arrays as they are declared, and [n, 2] for the size of a picture."""
    for variable in program.parameters:
        x = body.block.given(variable.name, variable.array.dtype, (None, *variable.array.shape))
        body.values[variable] = x
        yield Named(x.name, x, (BATCH, *variable.array.names))
    for variable in program.sizes:
        x = body.block.given(f"{variable.name}_size", "i64", (None, 2))
        with body.block.writing():
            body.sizes[variable] = size_of_samples(x)
        yield Named(x.name, x, (BATCH, "hw"))


def _outputs(program: Program, names: Sequence[str]) -> list[tuple[str, Variable]]:
    """What the model gives, by name; the fields of a record each behind the record's name."""
    found: list[tuple[str, Variable]] = []
    for name, (value, result) in zip(names, program.results, strict=True):
        if isinstance(result, Fields):
            found += [(f"{name}.{part}", one) for part, one in result.variables.items()]
        else:
            found.append((name, result))
        if value.number in program.counts:
            found.append((f"{name}.counts", program.counts[value.number]))
    return found


def _finished(
    unit: Unit, graph: onnx.GraphProto, block: Block, said: Mapping[str, str]
) -> ModelProto:
    """The model round a graph, with the manifest, checked."""
    functions = [] if block.functions is None else block.functions.protos
    imports = [helper.make_opsetid("", block.opset)]
    if functions:
        imports.append(helper.make_opsetid(DOMAIN, 1))
    model = helper.make_model(
        graph,
        functions=functions,
        opset_imports=imports,
        producer_name="procdsl",
        producer_version=VERSION,
        ir_version=max(_IR_WITH_FUNCTIONS, helper.find_min_ir_version_for(imports[:1])),
    )
    if unit.options.inline:
        model = inliner.inline_local_functions(model)
    helper.set_model_props(
        model,
        {KEY: unit.manifest, **{f"{KEY}.{name}": value for name, value in said.items() if value}},
    )
    onnx.checker.check_model(model, full_check=True)
    return model
