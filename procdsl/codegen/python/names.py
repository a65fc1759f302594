"""Names in generated modules: what a file calls its values can never meet what a module uses."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable, Sequence
from functools import cache

from procdsl.codegen.python import kernels

PUBLIC = (
    "MANIFEST", "MANIFEST_TEXT", "ModelInputs", "Output", "Postprocess", "Preprocess",
    "PreprocessTrain", "Preprocessed", "WithProcessing", "check_model", "check_ranges",
    "manifest_text", "postprocess", "postprocess_batch", "preprocess", "preprocess_batch",
    "preprocess_train", "require", "self_check",
)  # fmt: skip
"""What a module may offer."""

_USED = {
    "Any", "Callable", "NamedTuple", "Sequence", "cv2", "json", "lru_cache", "nn", "np", "os",
    "out", "self", "torch", "order", "partial", "workers", "model", "forward",
}  # fmt: skip
"""What its functions use: helpers begin with an underscore, and meet no name without one."""


@cache
def reserved() -> frozenset[str]:
    """What no variable of a generated module may be called."""
    words = {*dir(builtins), *keyword.kwlist}
    return frozenset({*PUBLIC, *_USED, *words, *kernels.names()})


def free(name: str, taken: Iterable[str]) -> str:
    """The name, with underscores until it is not taken."""
    taken = set(taken)
    while name in taken:
        name += "_"
    return name


def variable(name: str) -> str:
    """The variable for a value of this name."""
    return free(name, reserved())


def field(name: str, taken: Iterable[str]) -> str:
    """The name as a field of a NamedTuple, which may not begin with an underscore."""
    tuple_names = {word for word in dir(tuple) if not word.startswith("_")}
    name = name.lstrip("_") or "value"
    if name[0].isdigit():
        name = f"value_{name}"
    return free(name, {*taken, *keyword.kwlist, *tuple_names})


def plural(name: str) -> str:
    """What a batch of values of this name is called."""
    return name if name.endswith("s") else f"{name}s"


def plurals(names: Sequence[str]) -> list[str]:
    """What batches of several values are called: each otherwise, and none as another value."""
    taken = {name for name in names if plural(name) == name}
    found = []
    for name in names:
        wish = variable(plural(name))
        found.append(wish if wish == name else free(wish, taken))
        taken.add(found[-1])
    return found
