"""Where the parts of a pipeline stand in its source, and what is written there."""

from __future__ import annotations

from collections.abc import Iterator

from procdsl.compare.change import Seen
from procdsl.ir.pipeline import Pipeline, Step, modes
from procdsl.ir.unparse import call_text
from procdsl.manifest import canonical
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.syntax.parser import parse


class Parts:
    """The parts of one pipeline, each as text with its place."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self._file = parse(pipeline.source).file

    def head(self) -> Seen:
        """The line with the pipeline's name."""
        node = next(p for p in self._file.parts if isinstance(p, tree.Pipeline))
        return Seen(f"pipeline {self.pipeline.name}", node.span)

    def inputs(self) -> dict[str, Seen]:
        texts = canonical.input_texts(self.pipeline)
        nodes = [p for p in self._file.parts if isinstance(p, tree.Input)]
        return {
            value.name: Seen(text, node.span)
            for value, text, node in zip(self.pipeline.inputs, texts, nodes, strict=True)
        }

    def model(self, side: str) -> dict[str, Seen]:
        """The `inputs` or `outputs` of the model, by name."""
        node = next(p for p in self._file.parts if isinstance(p, tree.Model))
        texts = canonical.model(self.pipeline.model)[side]
        nodes = node.inputs if side == "inputs" else node.outputs
        return {
            node.name.text: Seen(text, node.span) for text, node in zip(texts, nodes, strict=True)
        }

    def past_model(self) -> dict[str, Seen]:
        """What `postprocess` takes beside the model's outputs, by name."""
        pipeline = self.pipeline
        places = {value.name: self.inputs()[value.name].span for value in pipeline.inputs}
        places |= {value.name: step.span for step in pipeline.serving() for value in step.outputs}
        return {
            value.name: Seen(f"{value.name}: {value.type}", places[value.name])
            for value in pipeline.past_model
        }

    def outputs(self) -> dict[str, Seen]:
        """The outputs with their types, by name."""
        nodes = [p for p in self._file.parts if isinstance(p, tree.Output)]
        names = [name for node in nodes for name in node.names]
        return {
            value.name: Seen(f"{value.name}: {value.type}", name.span)
            for value, name in zip(self.pipeline.outputs, names, strict=True)
        }

    def params(self) -> dict[str, Seen]:
        """The params with their values, by name; those of files that are used have no place."""
        nodes = {p.name.text: p.span for p in self._file.parts if isinstance(p, tree.Param)}
        texts = canonical.params(self.pipeline)
        return {
            param["name"]: Seen(
                f"param {param['name']} = {param['default']}"
                + f", set to {param['value']}" * (param["value"] != param["default"]),
                nodes.get(param["name"]),
            )
            for param in texts
        }


def seen(step: Step) -> Seen:
    """A step as it is written, with its place."""
    return Seen(call_text(step), step.span)


class Numbered:
    """What messages call the steps: by block and number, as the manifest numbers them."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._names = dict(_numbered(pipeline))

    def __call__(self, step: Step) -> str:
        assert step.span is not None, "a step that was checked has a place"
        return self._names[step.span]


def _numbered(pipeline: Pipeline) -> Iterator[tuple[Span, str]]:
    for block, entries in (("pre", pipeline.pre), ("post", pipeline.post)):
        for number, (_, step) in enumerate(modes(entries), start=1):
            assert step.span is not None, "a step that was checked has a place"
            yield step.span, f"step {number} of `{block}`, `{step.op.name}`"
