"""Reads a manifest back into a pipeline, and believes nothing that it can check.

The steps are written out as a `.proc` text and go through the checker like any other, so that there
is one way into a pipeline; then the id must come out as the manifest states it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from fractions import Fraction
from typing import Any

from procdsl import limits, registry
from procdsl.checker.check import check
from procdsl.ir.pipeline import Allowance, Param, Pipeline
from procdsl.manifest import canonical, schema, write
from procdsl.opdef.argument_types import ArgumentType
from procdsl.opdef.arguments import arguments_of
from procdsl.source import Source
from procdsl.syntax.printer import allowance_text, extern_text
from procdsl.types.constants import Constant, Word, shorten, show

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
        if write.digest(Source(source["name"], source["text"])) != source["sha256"]:
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
    text = "\n".join(_lines(data)) + "\n"
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


def _source(source: Mapping[str, str]) -> Source:
    return Source(source["name"], source["text"], title=source["name"])


def _param(param: Mapping[str, Any]) -> Param:
    value, default = (_any_constant(param[key]) for key in ("value", "default"))
    return Param(param["name"], value, default, param["doc"])


def _any_constant(plain: Any) -> Constant:
    """A constant whose kind is not known: text that looks like a name or a fraction is one."""
    if isinstance(plain, str) and not (_WORD.fullmatch(plain) or _FRACTION.fullmatch(plain)):
        return plain
    return constant(plain, text=False)


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    externs = {extern["name"] for extern in data.get("externs", ())}
    yield f"proc {data['edition']}"
    yield from _docs(data["doc"])
    yield f"pipeline {data['pipeline']}"
    for extern in data.get("externs", ()):
        yield from _docs(extern.get("doc", ""))
        yield extern_text(extern["name"], extern["from"], extern["takes"], extern["gives"])
    for value in data["inputs"]:
        yield from _docs(value["doc"])
        yield f"input {value['value']}"
    if data["pre"]:
        yield "pre {"
        for entry in data["pre"]:
            if "train" in entry:
                for mode in ("train", "serve"):
                    yield f"{mode} {{"
                    for inner in entry[mode]:
                        yield from _step(inner, externs)
                    yield "}"
            else:
                yield from _step(entry, externs)
        yield "}"
    yield from _docs(data["model"]["doc"])
    inputs, outputs = (", ".join(data["model"][key]) for key in ("inputs", "outputs"))
    yield f"model {inputs} -> {outputs}"
    if data["post"]:
        yield "post {"
        for entry in data["post"]:
            yield from _step(entry, externs)
        yield "}"
    if data["outputs"]:
        yield from _docs(data["output_doc"])
        yield f"output {', '.join(data['outputs'])}"


def _docs(doc: str) -> Iterator[str]:
    for line in doc.split("\n") if doc else ():
        yield f"## {line}"


def _step(entry: Mapping[str, Any], externs: Set[str]) -> Iterator[str]:
    yield from _docs(entry.get("doc", ""))
    name = entry["operation"]
    if name not in externs and name not in registry.op_names():
        raise BadManifest(f"the operation {name} is not known to this procdsl")
    given = dict(entry["parameters"])
    written = list(entry["takes"][entry["flow"] :])
    declared = () if name in externs else arguments_of(registry.op(name))
    for argument in sorted(declared, key=lambda a: not a.positional):
        if argument.name not in given:
            continue
        value = _constant_for(argument.kind, given.pop(argument.name))
        if argument.rest and isinstance(value, tuple):
            written += map(show, value)
        else:
            written.append(show(value) if argument.positional else f"{argument.name}={show(value)}")
    if given:
        raise BadManifest(f"the operation {name} has no parameter {next(iter(given))}")
    call = f"{name}({', '.join(written)})"
    allowed = (Allowance(a["code"], a["reason"]) for a in entry.get("allowed", ()))
    call = " ".join((call, *map(allowance_text, allowed)))
    yield call if entry["flow"] else f"{', '.join(entry['gives'])} = {call}"


def _constant_for(kind: ArgumentType, plain: Any) -> Constant:
    return constant(plain, kind.holds_text)


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
