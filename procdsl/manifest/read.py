"""Reads a manifest back into a pipeline, and believes nothing that it can compute.

The source in it is checked like that of any file, with its params set as they are recorded. Of what
comes out the manifest is written again, and must be the same: ids, types, numerics, every step. The
golden record must have the form that the types give it; `golden.differences` says whether it is
true. What is left is told, and never used to compute: the version that wrote the manifest, the
source's name, and provenance.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from procdsl import limits
from procdsl.checker.check import check
from procdsl.checker.externs import CannotFind, Finder
from procdsl.checker.uses import CannotUse, Loader
from procdsl.diagnostics.diagnostic import Severity
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import golden, planned, strict_json, write
from procdsl.manifest.errors import BadManifest
from procdsl.manifest.strict_json import shown
from procdsl.source import Source
from procdsl.version import VERSION

__all__ = ["BadManifest", "parse", "pipeline_of", "read"]

_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!-]{0,39}")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,255}")
_TOLD = ("procdsl", "self_check", planned.KEY, "provenance")
"""What does not follow from the source."""
_WORDS: Mapping[type, str] = {str: "a text", list: "a list", dict: "an object"}


def read(text: str) -> Pipeline:
    """The pipeline of a manifest's text; `BadManifest` where it is not one, or not whole."""
    return pipeline_of(parse(text))


def parse(text: str) -> dict[str, Any]:
    """The manifest as data: strict JSON of the version that this procdsl reads."""
    if len(text) > limits.MANIFEST_CHARACTERS:
        most = limits.MANIFEST_CHARACTERS
        raise BadManifest(f"{len(text):,} characters, more than the {most:,} that are read")
    data = strict_json.loads(text)
    if not isinstance(data, dict) or "schema" not in data:
        raise BadManifest("not a manifest: an object with the key `schema` was expected")
    _check_version(data)
    if "provenance" in data:
        _taken(data, "provenance", dict, "")
    return data


def pipeline_of(data: Mapping[str, Any]) -> Pipeline:
    """The pipeline of a manifest that was parsed; `BadManifest` where one does not follow."""
    pipeline = _compiled(data)
    wanted = write.described(pipeline)
    stated = {key: value for key, value in data.items() if key not in _TOLD}
    del wanted["procdsl"]
    last = ("id", "serving_id")  # which differ wherever something else does
    difference = next(_differences(stated, wanted, "", last), None)
    if difference:
        raise BadManifest(difference + _written_by(data))
    if "self_check" not in data:
        raise BadManifest("at the top: the key `self_check` is missing")
    golden.check_form(data["self_check"], pipeline)
    return planned.read(data[planned.KEY], pipeline) if planned.KEY in data else pipeline


def _check_version(data: Mapping[str, Any]) -> None:
    version, writer = data["schema"], data.get("procdsl")
    known = isinstance(writer, str) and _VERSION.fullmatch(writer)
    if type(version) is not int or version != write.SCHEMA:
        other = f"take procdsl {writer}, which wrote it" if known else "take another procdsl"
        raise BadManifest(
            f"schema version {shown(version)}; this procdsl, {VERSION}, reads version "
            f"{write.SCHEMA}: {other}, or compile its source again with this one"
        )
    if not known:
        raise BadManifest(f"at procdsl: {shown(writer)} is no version")


def _written_by(data: Mapping[str, Any]) -> str:
    """What else may be the cause where the manifest and its source do not agree."""
    if data["procdsl"] == VERSION:
        return ""
    return f" (it was written by procdsl {data['procdsl']}, and this is {VERSION})"


def _compiled(data: Mapping[str, Any]) -> Pipeline:
    """The pipeline of the source; what it is given beside it is in the manifest, too."""
    source = _source(_taken(data, "source", dict, ""), "source")
    used = [_source(entry, place) for place, entry in _entries(data, "used")]
    params = {
        _taken(entry, "name", str, place): _taken(entry, "value", str, place)
        for place, entry in _entries(data, "params")
    }
    hashes = {
        _taken(entry, "from", str, place): _digest(entry, place)
        for place, entry in (_entries(data, "externs") if "externs" in data else ())
    }
    checked = check(source, _loader(used), params, _finder(hashes))
    if checked.pipeline is None:
        first = next(d for d in checked.diagnostics if d.severity is Severity.ERROR)
        raise BadManifest(f"its source is not a pipeline: {first.message} ({first.found})")
    return checked.pipeline


def _source(entry: Mapping[str, Any], place: str) -> Source:
    name, lines = _taken(entry, "name", str, place), _taken(entry, "lines", list, place)
    if not _NAME.fullmatch(name):
        raise BadManifest(f"at {place}/name: {shown(name)} is no name of a file")
    if not all(isinstance(line, str) for line in lines):
        raise BadManifest(f"at {place}/lines: texts were expected")
    source = Source(place, "\n".join(lines), title=name)
    if write.digest(source) != _digest(entry, place):
        raise BadManifest(f"the text of {shown(name)} does not have the stated SHA-256")
    return source


def _loader(used: list[Source]) -> Loader:
    """Gives the files that were used: they stand in the order in which they are first asked for."""
    left = list(used)
    places: dict[str, str] = {}
    """Where each file lies, from the pipeline's folder."""
    found: dict[str, Source] = {}

    def load(user: Source, path: str) -> Source:
        place = posixpath.normpath(
            posixpath.join(posixpath.dirname(places.get(user.name, "")), path)
        )
        if left and left[0].title == path:
            found[place] = left.pop(0)
            places[found[place].name] = place
        elif place not in found:
            raise CannotUse(f"the manifest does not hold `{path}` in its place")
        return found[place]

    return load


def _finder(hashes: Mapping[str, str]) -> Finder:
    def find(user: Source, module: str, function: str) -> str:
        target = f"{module}:{function}"
        if target not in hashes:
            raise CannotFind(f"the manifest holds no hash of `{target}`")
        return hashes[target]

    return find


def _entries(data: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a list, each with its place."""
    for i, entry in enumerate(_taken(data, key, list, "")):
        if not isinstance(entry, dict):
            raise BadManifest(f"at {key}/{i}: {shown(entry)}, where an object was expected")
        yield f"{key}/{i}", entry


def _digest(entry: Mapping[str, Any], place: str) -> str:
    found: str = _taken(entry, "sha256", str, place)
    if not golden.DIGEST.fullmatch(found):
        raise BadManifest(f"at {place}/sha256: {shown(found)} is no SHA-256")
    return found


def _taken(data: Mapping[str, Any], key: str, kind: type, place: str) -> Any:
    if key not in data:
        raise BadManifest(f"at {place or 'the top'}: the key `{key}` is missing")
    if not isinstance(data[key], kind):
        wanted = _WORDS[kind]
        where = f"{place}/{key}".lstrip("/")
        raise BadManifest(f"at {where}: {shown(data[key])}, where {wanted} was expected")
    return data[key]


def _differences(found: Any, wanted: Any, place: str, last: tuple[str, ...] = ()) -> Iterator[str]:
    """Where what is stated is not what follows from the source; `last` are keys to look at last."""
    where = f"at {place or 'the top'}"
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted(wanted, key=last.__contains__):
            if key not in found:
                yield f"{where}: the key `{key}` is missing"
            else:
                yield from _differences(found[key], wanted[key], f"{place}/{key}".lstrip("/"))
        surplus = next((key for key in found if key not in wanted), None)
        if surplus is not None:
            yield f"{where}: the key {shown(surplus)} does not follow from its source"
    elif isinstance(wanted, list) and isinstance(found, list):
        for i, (one, other) in enumerate(zip(found, wanted, strict=False)):
            yield from _differences(one, other, f"{place}/{i}")
        if len(found) != len(wanted):
            yield f"{where}: {shown(found)}, and its source gives {len(wanted):,}"
    elif type(found) is not type(wanted) or repr(found) != repr(wanted):
        yield f"{where}: {shown(found)}, and its source gives {shown(wanted)}"
