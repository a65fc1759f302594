"""The macros of ops, samplers and colours, and what the Python targets find of them."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from procdsl import assets
from procdsl.version import VERSION

SIDES = {
    "numpy": ("numpy", "every"),
    "cv2": ("cv2", "numpy", "every"),
    "torch": ("torch", "every"),
}
"""The macros that a target takes, the first that a template has."""

LEADING = ("torch",)
"""The targets whose programs count axes from the last one, and take any leading axes."""

DTYPES = {
    "u8": "uint8",
    "u16": "uint16",
    "i32": "int32",
    "i64": "int64",
    "f16": "float16",
    "f32": "float32",
    "bool": "bool",
}
"""The names that numpy and torch have for the dtypes of the language."""


def dtype(target: str, name: str) -> str:
    """A dtype of the language as an expression."""
    if target == "torch":
        return f"torch.{DTYPES[name]}"
    return "np.bool_" if name == "bool" else f"np.{DTYPES[name]}"


@cache
def templates() -> jinja2.Environment:
    """Every template of the project; a name that is not defined is an error."""
    return jinja2.Environment(  # noqa: S701 - it writes Python, not HTML
        loader=jinja2.FileSystemLoader(assets.folder("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_cache(),
    )


def _cache() -> jinja2.BytecodeCache | None:
    """Keeps compiled templates: jinja2 takes a tenth of a second for those of a module."""
    folder = assets.cache_folder()
    return _Cache(folder, f"templates-{VERSION}-%s") if folder else None


class _Cache(jinja2.FileSystemBytecodeCache):
    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # such as a disk that is full: they are compiled again then
            super().dump_bytecode(bucket)


@cache
def macro(template: str, target: str, form: str = "") -> Any:
    """The macro of a template for a target, or None where it has none.

    A `form` is looked for on the sides up to the one that has the plain macro: where OpenCV has a
    call of its own, numpy's other form is not one of it.
    """
    module: Any = templates().get_template(f"{template}.j2").module
    for side in SIDES[target]:
        name = f"{side}_{form}" if form else side
        if hasattr(module, name):
            return getattr(module, name)
        if hasattr(module, side):
            return None
    return None


def reason(template: str, target: str) -> str:
    """Why a template has no macro for a target, as it states itself."""
    module: Any = templates().get_template(f"{template}.j2").module
    reasons: dict[str, str] = getattr(module, "unsupported", {})
    if target not in reasons:
        raise LookupError(f"templates/{template}.j2 has no macro for {target}, and no reason why")
    return reasons[target]
