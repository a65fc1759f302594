"""Reads a manifest back into a pipeline, and believes nothing that it can check.

It is written out as a `.proc` text and goes through the checker like any other, so that there is
one way into a pipeline; then the id must come out as the manifest states it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Set
from fractions import Fraction
from typing import Any

from procdsl import limits, registry
from procdsl.checker.check import check
from procdsl.ir.pipeline import Param, Pipeline
from procdsl.ir.unparse import written
from procdsl.manifest import canonical, schema, write
from procdsl.opdef.arguments import arguments_of
from procdsl.records import replace
from procdsl.source import Source
from procdsl.syntax import make, parser, printer, tree
from procdsl.syntax.make import NOWHERE
from procdsl.types.constants import Constant, Word, shorten

_CHARACTERS = 8 * limits.FILE_CHARACTERS
_DEPTH = 16
_FRACTION = re.compile(r"-?\d{1,30}/[1-9]\d{0,30}")
_WORD = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)?", re.ASCII)


class BadManifest(ValueError):
    """What is wrong with a manifest, in words."""


def read(text: str) -> Pipeline:
    """The pipeline of a manifest's text; `BadManifest` where it is not one, or not whole."""
    return pipeline_of(parse(text))


def parse(text: str) -> dict[str, Any]:
    """The manifest as data: strict JSON of a known version that meets the schema."""
    if len(text) > _CHARACTERS:
        raise BadManifest(f"{len(text):,} characters, more than the {_CHARACTERS:,} that are read")
    _check_depth(text)
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except BadManifest:
        raise
    except ValueError as error:
        raise BadManifest(f"not JSON: {error}") from None
    if not isinstance(data, dict) or "schema" not in data:
        raise BadManifest("not a manifest: an object with the key `schema` was expected")
    if data["schema"] != write.SCHEMA:
        found = shorten(json.dumps(data["schema"]), 40)
        raise BadManifest(f"schema version {found}; this procdsl reads version {write.SCHEMA}")
    _check_schema(data)
    for source in (data["source"], *data["used"]):
        if write.digest(_source(source)) != source["sha256"]:
            raise BadManifest(f"the text of {source['name']} does not have the stated SHA-256")
    return data


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(bracket, 0)
        if depth > _DEPTH:
            raise BadManifest(f"nested deeper than {_DEPTH} levels")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise BadManifest(f"the key {json.dumps(double)} stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise BadManifest(f"{name} is not a number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BadManifest(f"{shorten(text, 40)} is not a finite number")
    return value


def _check_schema(data: dict[str, Any]) -> None:
    from jsonschema.exceptions import best_match

    error = best_match(schema.validator().iter_errors(data))
    if error is not None:
        place = "/".join(map(str, error.absolute_path)) or "the top"
        raise BadManifest(f"at {place}: {shorten(error.message, 200)}")


def pipeline_of(data: Mapping[str, Any]) -> Pipeline:
    """The pipeline of a manifest that was parsed."""
    hashes = {extern["from"]: extern["sha256"] for extern in data.get("externs", ())}
    text = printer.text(tree.File(NOWHERE, tuple(_parts(data)), ()))
    checked = check(Source("manifest", text), find=lambda _, m, f: hashes[f"{m}:{f}"])
    if checked.pipeline is None:
        first = checked.diagnostics[0]
        raise BadManifest(f"its steps are not a pipeline: {first.message} ({first.found})")
    pipeline = replace(
        checked.pipeline,
        params=tuple(_param(param) for param in data["params"]),
        source=_source(data["source"]),
        used=tuple(_source(used) for used in data["used"]),
    )
    if canonical.identity(pipeline) != data["id"]:
        raise BadManifest("its steps do not have the stated id")
    return pipeline


def _source(source: Mapping[str, Any]) -> Source:
    return Source(source["name"], "\n".join(source["lines"]), title=source["name"])


def _param(param: Mapping[str, Any]) -> Param:
    value, default = (_any_constant(param[key]) for key in ("value", "default"))
    return Param(param["name"], value, default, param["doc"])


def _any_constant(plain: Any) -> Constant:
    """A constant whose kind is not known: text that looks like a name or a fraction is one."""
    if isinstance(plain, str) and not (_WORD.fullmatch(plain) or _FRACTION.fullmatch(plain)):
        return plain
    return constant(plain, text=False)


def _parts(data: Mapping[str, Any]) -> Iterator[tree.Part]:
    externs = {extern["name"] for extern in data.get("externs", ())}
    yield tree.Edition(NOWHERE, (), make.literal(data["edition"]))
    yield tree.Pipeline(NOWHERE, make.docs(data["doc"]), make.name(data["pipeline"]))
    yield from map(_extern, data.get("externs", ()))
    for value in data["inputs"]:
        yield tree.Input(NOWHERE, make.docs(value["doc"]), _typed(value["value"]))
    if data["pre"]:
        steps = (node for entry in data["pre"] for node in _entry(entry, externs))
        yield tree.Pre(NOWHERE, (), tuple(steps))
    inputs, outputs = (tuple(map(_typed, data["model"][key])) for key in ("inputs", "outputs"))
    yield tree.Model(NOWHERE, make.docs(data["model"]["doc"]), inputs, outputs)
    if data["post"]:
        yield tree.Post(NOWHERE, (), tuple(_step(entry, externs) for entry in data["post"]))
    if data["outputs"]:
        yield tree.Output(NOWHERE, make.docs(data["output_doc"]), make.names(data["outputs"]))


def _extern(extern: Mapping[str, Any]) -> tree.Extern:
    takes, gives = (
        tuple(_typed(f"x: {text}").type for text in extern[key]) for key in ("takes", "gives")
    )
    docs, name = make.docs(extern.get("doc", "")), make.name(extern["name"])
    return tree.Extern(NOWHERE, docs, name, make.literal(extern["from"]), takes, gives)


def _typed(text: str) -> tree.Typed:
    typed = parser.typed(text)
    if typed is None:
        raise BadManifest(f"{json.dumps(shorten(text, 60))} is not a name and its type")
    return typed


def _entry(entry: Mapping[str, Any], externs: Set[str]) -> Iterator[tree.Step | tree.Branch]:
    if "train" not in entry:
        yield _step(entry, externs)
        return
    for mode in ("train", "serve"):
        steps = tuple(_step(inner, externs) for inner in entry[mode])
        yield tree.Branch(NOWHERE, (), mode, steps)


def _step(entry: Mapping[str, Any], externs: Set[str]) -> tree.Step:
    name = entry["operation"]
    if name not in externs and name not in registry.op_names():
        raise BadManifest(f"the operation {name} is not known to this procdsl")
    declared = () if name in externs else arguments_of(registry.op(name))
    kinds = {argument.name: argument.kind for argument in declared}
    values = {}
    for key, plain in entry["parameters"].items():
        if key not in kinds:
            raise BadManifest(f"the operation {name} has no parameter {key}")
        values[key] = constant(plain, kinds[key].holds_text)
    takes = [make.argument(make.name(value)) for value in entry["takes"][entry["flow"] :]]
    gives = [] if entry["flow"] else entry["gives"]
    arguments = [*takes, *written(declared, values)]
    allowed = {allowance["code"]: allowance["reason"] for allowance in entry.get("allowed", ())}
    return make.step(name, arguments, gives, allowed, entry.get("doc", ""))


def constant(plain: Any, text: bool) -> Constant:
    """The constant of its JSON form; `text` says that strings are text and not words."""
    if isinstance(plain, list):
        return tuple(constant(item, text) for item in plain)
    if not isinstance(plain, str):
        return plain  # the schema leaves only numbers
    if text:
        return plain
    if _FRACTION.fullmatch(plain):
        return Fraction(plain)
    if not _WORD.fullmatch(plain):
        raise BadManifest(f"{json.dumps(shorten(plain, 60))} is not a word of the language")
    return Word(plain)
