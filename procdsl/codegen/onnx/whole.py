"""`pre`, a model of the user's and `post` as one graph, or one of the blocks alone.

What comes from the user's graph is called `model/...`: so it can be found again, and cut out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from onnx import GraphProto, ModelProto, NodeProto, checker, compose, helper

from procdsl.codegen.onnx.axes import reshape
from procdsl.codegen.onnx.body import Body, Labels, numbers, size_of_samples
from procdsl.codegen.onnx.functions import DOMAIN, Functions
from procdsl.codegen.onnx.graph import Block, Number, Size, Tensor
from procdsl.codegen.onnx.model import (
    BATCH,
    IR_WITH_FUNCTIONS,
    Named,
    functions_of,
    graph_of,
    in_file,
    outputs,
)
from procdsl.codegen.python.with_processing import is_tiled
from procdsl.ir.pipeline import Pipeline, Value, picture_of
from procdsl.ir.unparse import call_text
from procdsl.lower import lower
from procdsl.lower.program import Program, Variable
from procdsl.modelfile.format import KEY
from procdsl.passes.block import Holds
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.value import PictureSize

MODEL = "model/"
"""What the names of the user's graph begin with."""

_FED, _RAW = f"{KEY}.model_inputs", f"{KEY}.model_outputs"
"""The keys of metadata that say what the user's graph is given, and gives."""


@dataclass(frozen=True, eq=False)
class Network:
    """A model that is baked round, and what its graph calls the values of the contract."""

    model: ModelProto
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    batch: int | None = None
    """The one size of batch that it takes; None where it takes any."""


class Whole:
    """A graph in the making, whose inputs have the samples in front.

    `told` are the sizes that it takes of pictures which are no input.
    """

    def __init__(
        self, pipeline: Pipeline, told: Sequence[Value], holds: Holds, opset: int, batch: int | None
    ) -> None:
        self.pipeline = pipeline
        self.block = Block(opset, Functions())
        self._holds = holds
        self._batch = batch
        self._told = told
        self._given: dict[int, Tensor] = {}
        self._taken: list[Named] = []
        self._results: list[Named] = []
        self._names: dict[str, str] = {}

    def keep(self, post: bool) -> Program:
        """Keep the names of the results for them; the program of `post`, which gives these."""
        pipeline = self.pipeline
        program = lower.postprocess(pipeline, self._holds, texts=False).program
        names = [value.name for value in pipeline.model.inputs]
        if post:
            named = [value.name for value in pipeline.outputs]
            names = [one.name for one in outputs(program, named)]
        self._names = {name: self.block.name(name) for name in names}
        return program

    def take(self, values: Sequence[Value]) -> list[Tensor]:
        """Inputs of the graph; one whose name is kept for a result is called `x.raw`."""
        for value in values:
            array = _array(value)
            name = f"{value.name}.raw" if value.name in self._names else value.name
            x = self.block.given(name, array.dtype, (self._batch, *array.shape))
            self._given[value.number] = x
            self._taken.append(Named(x.name, x, (BATCH, *array.names)))
        return [self._given[value.number] for value in values]

    def pre(self) -> list[Tensor]:
        """What the model takes, in the order of the contract; what goes past it is held."""
        program = lower.preprocess(self.pipeline, self._holds, optimize=True).program
        body = Body(self.block, Labels("pre", numbers(in_file(self.pipeline.pre))))
        for value, variable in zip(self.pipeline.inputs, program.parameters, strict=True):
            body.values[variable] = self._given[value.number]
        body.write(program.groups)
        found = {v.number: body.values[x] for v, x in program.results if isinstance(x, Variable)}
        self._given = {**found, **self._given}
        return [found[value.number] for value in self.pipeline.fed]

    def give(self, values: Sequence[Value], found: Sequence[Tensor]) -> None:
        """Results of the graph."""
        for value, x in zip(values, found, strict=True):
            self._give(value.name, x, _array(value).names)

    def post(self, program: Program, raw: Sequence[Tensor]) -> None:
        """The results, of what the model gave."""
        body = Body(self.block, Labels("post", numbers(list(self.pipeline.post))))
        past = [self._given[value.number] for value in self.pipeline.past_model]
        for x, variable in zip((*raw, *past), program.parameters, strict=True):
            body.values[variable] = x
        sizes = lower.sizes_of(self.pipeline.post)
        with self.block.writing():
            for size, variable in zip(sizes, program.sizes, strict=True):
                body.sizes[variable] = self._size(size)
        body.write(program.groups)
        with self.block.writing():
            for one in outputs(program, [value.name for value in self.pipeline.outputs]):
                self._give(one.name, one.of(body), one.variable.array.names)

    def _give(self, name: str, x: Tensor, axes: Sequence[str]) -> None:
        found = self.block.called(x, self._names[name])
        shape = (self._batch, *x.shape[1:])
        self._results.append(Named(name, Tensor(found.name, x.dtype, shape), (BATCH, *axes)))

    def _size(self, size: Value) -> tuple[Number, Number]:
        """The heights and widths of pictures: those of an input, or as they are told."""
        assert isinstance(size.type, PictureSize), "only sizes are taken so"
        picture = picture_of(self.pipeline.inputs, size.type)
        if picture is None:
            told = next(one for one in self._told if one.number == size.number)
            return size_of_samples(self._given[told.number])
        array, x = _array(picture), self._given[picture.number]
        w = x.size(array.from_end("w"))
        if array.subsampled:
            return x.size(array.from_end("rows")) // 3 * 2, w
        return x.size(array.from_end("h")), w

    def finished(self, network: Network | None = None) -> ModelProto:
        """The model, checked; with what the user's has beside its nodes."""
        block, named = self.block, self.pipeline.name
        steps = [*in_file(self.pipeline.pre), *self.pipeline.post]
        doc = "\n".join([self.pipeline.doc, *map(call_text, steps)]).strip()
        graph = graph_of(block, named, self._taken, self._results, doc)
        functions = functions_of(block, graph)
        imports = {"": block.opset} | ({DOMAIN: 1} if functions else {})
        model = ModelProto(ir_version=IR_WITH_FUNCTIONS, producer_name="procdsl")
        if network is not None:
            model.CopyFrom(network.model)
            _beside(graph, network.model)
            imports = {o.domain: o.version for o in network.model.opset_import} | imports
        del model.opset_import[:]
        model.opset_import.extend(helper.make_opsetid(*item) for item in imports.items())
        least = helper.find_min_ir_version_for(model.opset_import, ignore_unknown=True)
        model.ir_version = max(model.ir_version, IR_WITH_FUNCTIONS, least)
        model.functions.extend(functions)
        model.graph.CopyFrom(graph)
        checker.check_model(model, full_check=True)
        return model


def whole(
    pipeline: Pipeline, told: Sequence[Value], holds: Holds, network: Network, opset: int
) -> ModelProto:
    """The user's model with the pipeline's steps before and behind it."""
    made = Whole(pipeline, told, holds, opset, network.batch)
    program = made.keep(post=True)
    inputs = made.take(pipeline.inputs)
    made.take(told)
    if twice := [x.name for x in inputs if x.name.endswith(".raw")]:
        name = twice[0].removesuffix(".raw")
        raise ValueError(f"`{name}` is what the file would take, and what it would give")
    fed, contract = made.pre(), pipeline.model
    with made.block.writing():
        count = inputs[0].size(0)
        given = [_as_batch(x, value) for x, value in zip(fed, contract.inputs, strict=True)]
        for x, name in zip(given, network.inputs, strict=True):
            made.block.nodes.append(_passed_on(x.name, name))
        made.block.nodes.extend(prefixed(network.model).node)
        raw = [
            _of_samples(_found(value, name, network.batch), value, count)
            for value, name in zip(contract.outputs, network.outputs, strict=True)
        ]
    made.post(program, raw)
    found = made.finished(network)
    crossing = {_FED: network.inputs, _RAW: network.outputs}
    kept = {one.key: one.value for one in found.metadata_props if one.key not in crossing}
    names = {key: json.dumps([f"{MODEL}{x}" for x in given]) for key, given in crossing.items()}
    helper.set_model_props(found, kept | names)
    return found


def seams(model: ModelProto) -> tuple[list[str], list[str]]:
    """What the tensors are called that the user's graph is given and gives in a baked model."""
    said = {one.key: one.value for one in model.metadata_props}
    return json.loads(said[_FED]), json.loads(said[_RAW])


def before(pipeline: Pipeline, holds: Holds, opset: int) -> ModelProto:
    """`pre` alone: what the model takes, by the names of the contract."""
    made = Whole(pipeline, (), holds, opset, None)
    made.keep(post=False)
    made.take(pipeline.inputs)
    made.give(pipeline.model.inputs, made.pre())
    return made.finished()


def after(pipeline: Pipeline, told: Sequence[Value], holds: Holds, opset: int) -> ModelProto:
    """`post` alone: it takes what the file takes, what `pre` makes of that for it, and then what
    the model gives."""
    made = Whole(pipeline, told, holds, opset, None)
    program = made.keep(post=True)
    made.take(pipeline.inputs)
    made.take((*told, *pipeline.made_past_model))
    made.post(program, made.take(pipeline.model.outputs))
    return made.finished()


def prefixed(model: ModelProto) -> GraphProto:
    """The graph of a model, with all of its names behind `model/`."""
    return compose.add_prefix_graph(model.graph, MODEL)


def _passed_on(name: str, to: str) -> NodeProto:
    return helper.make_node("Identity", [name], [f"{MODEL}{to}"], f"{MODEL}{to}/Identity")


def _found(value: Value, name: str, batch: int | None) -> Tensor:
    """What the model gives, as it has it: tiles are a batch."""
    array = _array(value)
    shape = array.shape[1:] if is_tiled(value) else array.shape
    return Tensor(f"{MODEL}{name}", array.dtype, (None if is_tiled(value) else batch, *shape))


def _as_batch(x: Tensor, value: Value) -> Tensor:
    return reshape(x, [-1, *(x.size(i) for i in range(2, x.rank))]) if is_tiled(value) else x


def _of_samples(x: Tensor, value: Value, count: Size) -> Tensor:
    sizes = (x.size(i) for i in range(1, x.rank))
    return reshape(x, [count, -1, *sizes]) if is_tiled(value) else x


def _beside(graph: GraphProto, model: ModelProto) -> None:
    """Add what a user's graph has beside its nodes."""
    own = prefixed(model)
    graph.initializer.extend(own.initializer)
    graph.sparse_initializer.extend(own.sparse_initializer)
    graph.value_info.extend(own.value_info)
    graph.quantization_annotation.extend(own.quantization_annotation)


def _array(value: Value) -> Array:
    assert isinstance(value.type, Array), "a graph takes and gives arrays"
    return value.type
