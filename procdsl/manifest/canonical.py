"""The pipeline as data: what the manifest holds of it, and its identity."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from procdsl.ir.extern import ExternCall, signature
from procdsl.ir.pipeline import Branch, Model, Pipeline, Step, Value
from procdsl.opdef.arguments import arguments_of
from procdsl.syntax import make
from procdsl.syntax.printer import one_line
from procdsl.types.array import Array
from procdsl.types.constants import Constant
from procdsl.types.numerics import ErrorBound


def meaning(pipeline: Pipeline) -> dict[str, Any]:
    """What the pipeline computes and what it is called from outside; no comments, no places."""
    called = {"externs": externs(pipeline, bare=True)} if pipeline.externs else {}
    return {
        **called,
        "edition": pipeline.edition,
        "inputs": input_texts(pipeline),
        "pre": [_entry(step, bare=True) for step in pipeline.pre],
        "model": model(pipeline.model),
        "post": [_entry(step, bare=True) for step in pipeline.post],
        "outputs": [value.name for value in pipeline.outputs],
    }


def identity(pipeline: Pipeline) -> str:
    """The pipeline id: SHA-256 of the canonical JSON of its meaning."""
    text = json.dumps(meaning(pipeline), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def externs(pipeline: Pipeline, bare: bool = False) -> list[dict[str, Any]]:
    """The externs: what each is called, where its function is, its types, its source's hash."""
    found: list[dict[str, Any]] = []
    for extern in pipeline.externs:
        entry: dict[str, Any] = {
            "name": extern.name,
            "from": extern.target,
            "takes": [signature(type_) for type_ in extern.takes],
            "gives": [signature(type_) for type_ in extern.gives],
            "sha256": extern.sha256,
        }
        found.append({**entry, "doc": extern.doc} if extern.doc and not bare else entry)
    return found


def steps(entries: Sequence[Step | Branch]) -> list[dict[str, Any]]:
    """The steps as people log them: numbered, with parameters, types and numerics."""
    return [{"step": number, **_entry(step)} for number, step in enumerate(entries, start=1)]


def _entry(step: Step | Branch, bare: bool = False) -> dict[str, Any]:
    if isinstance(step, Branch):
        return {
            "train": [_entry(inner, bare) for inner in step.train],
            "serve": [_entry(inner, bare) for inner in step.serve],
        }
    entry: dict[str, Any] = {
        "operation": step.op.name,
        "parameters": parameters(step),
        "takes": [value.path for value in step.named],
        "gives": [value.name for value in step.outputs],
        "flow": step.flow,
    }
    if bare:
        return entry
    entry["input"] = [value.type.described() for value in step.inputs]
    entry["output"] = [value.type.described() for value in step.outputs]
    called = isinstance(step.op, ExternCall)
    entry["numerics"] = "extern" if called else numerics(step.error_bound)
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


def numerics(bound: ErrorBound | None) -> Any:
    """`exact`, or the bound and its reason."""
    return "exact" if bound is None else {"bound": bound.absolute, "reason": bound.reason}


def model(contract: Model) -> dict[str, Any]:
    outputs = (
        f"{value_text(value)} @{space}" if space else value_text(value)
        for value, space in zip(contract.outputs, contract.spaces, strict=True)
    )
    return {"inputs": [value_text(v) for v in contract.inputs], "outputs": list(outputs)}


def input_texts(pipeline: Pipeline) -> list[str]:
    """`image: u8[h, w, c=3] rgb|bgr`: the inputs, as the file declares them."""
    pairs = zip(pipeline.inputs, pipeline.input_orders, strict=True)
    return [value_text(value, other) for value, other in pairs]


def value_text(value: Value, other: str = "") -> str:
    """`image: u8[h, w, c=3] bgr`."""
    assert isinstance(value.type, Array), "inputs and the model's values are arrays"
    return f"{value.name}: {one_line(make.type_(value.type, other=other))}"
