"""JSON as a manifest has it: in one pass, and of everything that is not plain JSON an error."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

from procdsl import limits
from procdsl.manifest.errors import BadManifest
from procdsl.types.constants import shorten

_TOO_DEEP = f"nested deeper than {limits.MANIFEST_NESTING} levels"


def loads(text: str) -> Any:
    """The value of a text; `BadManifest` says why it has none."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_real,
            parse_int=_whole,
        )
        json.dumps(value, ensure_ascii=False).encode()
        _check_depth(value)
    except RecursionError:
        raise BadManifest(_TOO_DEEP) from None
    except UnicodeEncodeError:
        raise BadManifest("half of a surrogate pair stands alone, which is no text") from None
    except BadManifest:
        raise
    except ValueError as error:
        raise BadManifest(f"not JSON: {error}") from None
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(limits.MANIFEST_NESTING):
        held = (v.values() if isinstance(v, dict) else v for v in level if _holds(v))
        level = [inner for values in held for inner in values if _holds(inner)]
        if not level:
            return
    raise BadManifest(_TOO_DEEP)


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise BadManifest(f"the key {shown(name)} stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise BadManifest(f"{name} is not a number of JSON")


def _real(text: str) -> float:
    value = float(_checked(text))
    if not math.isfinite(value):
        raise BadManifest(f"{text} is larger than any float64")
    return value


def _whole(text: str) -> int:
    return int(_checked(text))


def _checked(text: str) -> str:
    if len(text) > limits.NUMBER_CHARACTERS:
        most = limits.NUMBER_CHARACTERS
        raise BadManifest(f"{shorten(text, 23)} is a number of more than {most} characters")
    return text


def shown(value: object) -> str:
    """A value in a message: as JSON and on one line, and of one that holds others what it is."""
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value):,}"
    return shorten(json.dumps(value))
