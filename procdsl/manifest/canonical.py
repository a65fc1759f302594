"""The pipeline as data: what the manifest holds of it, and its identity."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from procdsl.ir.extern import Extern, ExternCall, signature
from procdsl.ir.pipeline import Branch, Model, Pipeline, Step, Value, modes
from procdsl.opdef.arguments import arguments_of
from procdsl.syntax import make
from procdsl.syntax.printer import one_line
from procdsl.types.array import Array
from procdsl.types.constants import Constant, show


def identity(pipeline: Pipeline) -> str:
    """The pipeline id: SHA-256 of the canonical JSON of all that it computes."""
    pre = [{**_only(mode), **_call(step)} for mode, step in modes(pipeline.pre)]
    return _digest(_meaning(pipeline, pipeline.externs, pre))


def serving_identity(pipeline: Pipeline) -> str:
    """The same of what it computes in serving: no step of `train`, no extern of training alone.

    Without a `train` it is the pipeline id.
    """
    return _digest(_meaning(pipeline, pipeline.serving_externs, map(_call, pipeline.serving())))


def _digest(meaning: dict[str, Any]) -> str:
    text = json.dumps(meaning, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _meaning(
    pipeline: Pipeline, called: Iterable[Extern], pre: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    """What is computed and what it is called from outside; no comments, no places."""
    functions = [function(extern) for extern in called]
    return {
        **({"externs": functions} if functions else {}),
        "edition": pipeline.edition,
        "inputs": input_texts(pipeline),
        "pre": list(pre),
        "model": model(pipeline.model),
        "post": [_call(step) for step in pipeline.post],
        "outputs": [value.name for value in pipeline.outputs],
    }


def params(pipeline: Pipeline) -> list[dict[str, str]]:
    """The params, with their values as the language writes them."""
    return [
        {
            "name": param.name,
            "value": show(param.value),
            "default": show(param.default),
            "doc": param.doc,
        }
        for param in pipeline.params
    ]


def externs(pipeline: Pipeline) -> list[dict[str, Any]]:
    """The externs: what each is called, where its function is, its types, its source's hash."""
    serving = pipeline.serving_externs
    return [
        {
            **function(extern),
            **({} if extern in serving else {"only": "train"}),
            **({"doc": extern.doc} if extern.doc else {}),
        }
        for extern in pipeline.externs
    ]


def function(extern: Extern) -> dict[str, Any]:
    return {
        "name": extern.name,
        "from": extern.target,
        "takes": [signature(type_) for type_ in extern.takes],
        "gives": [signature(type_) for type_ in extern.gives],
        "sha256": extern.sha256,
    }


def steps(entries: Sequence[Step | Branch]) -> list[dict[str, Any]]:
    """The steps as people log them: numbered, with parameters, types and numerics.

    Those of training or of serving alone stand in the same list, and say so as `only`.
    """
    numbered = enumerate(modes(entries), start=1)
    return [
        {"step": number, **_only(mode), **_call(step), **_known(step)}
        for number, (mode, step) in numbered
    ]


def _only(mode: str) -> dict[str, Any]:
    return {"only": mode} if mode else {}


def _call(step: Step) -> dict[str, Any]:
    """What a step computes, and of which values."""
    return {
        "operation": step.op.name,
        "parameters": parameters(step),
        "takes": [value.path for value in step.named],
        "gives": [value.name for value in step.outputs],
        "flow": step.flow,
    }


def _known(step: Step) -> dict[str, Any]:
    """What the checker found of a step, and what the file says of it."""
    entry: dict[str, Any] = {
        "input": [value.type.described() for value in step.inputs],
        "output": [value.type.described() for value in step.outputs],
        "numerics": numerics(step),
    }
    if step.allowed:
        entry["allowed"] = [{"code": a.code, "reason": a.reason} for a in step.allowed]
    if step.doc:
        entry["doc"] = step.doc
    return entry


def parameters(step: Step) -> dict[str, Any]:
    """The op's arguments, defaults included; what is not given is left out."""
    values = {a.name: getattr(step.op, a.name) for a in arguments_of(type(step.op))}
    return {name: plain(value) for name, value in values.items() if value is not None}


def plain(value: Constant) -> Any:
    """A constant as JSON: a fraction as text, a tuple as a list."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def numerics(step: Step) -> Any:
    """`exact`, or the bound and its reason; of what no backend computes, which that is."""
    if isinstance(step.op, ExternCall):
        return "extern"
    if step.op.missing():
        return "not generated"
    bound = step.error_bound
    return "exact" if bound is None else {"bound": bound.absolute, "reason": bound.reason}


def model(contract: Model) -> dict[str, Any]:
    outputs = (
        f"{value_text(value)} @{space}" if space else value_text(value)
        for value, space in zip(contract.outputs, contract.spaces, strict=True)
    )
    return {"inputs": [value_text(v) for v in contract.inputs], "outputs": list(outputs)}


def past_model(pipeline: Pipeline) -> list[dict[str, str]]:
    """What `postprocess` takes beside the model's outputs, and who gives it: `input`, or `pre`."""
    inputs = {value.number for value in pipeline.inputs}
    return [
        {"value": value_text(value), "from": "input" if value.number in inputs else "pre"}
        for value in pipeline.past_model
    ]


def input_texts(pipeline: Pipeline) -> list[str]:
    """`image: u8[h, w, c=3] rgb|bgr`: the inputs, as the file declares them."""
    pairs = zip(pipeline.inputs, pipeline.input_orders, strict=True)
    return [value_text(value, other) for value, other in pairs]


def value_text(value: Value, other: str = "") -> str:
    """`image: u8[h, w, c=3] bgr`."""
    assert isinstance(value.type, Array), "inputs and the model's values are arrays"
    return f"{value.name}: {one_line(make.type_(value.type, other=other))}"
