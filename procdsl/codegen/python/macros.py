"""The macros of ops, samplers and colours, by backend."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from procdsl import assets
from procdsl.discovery import file_of

MACROS = {
    "numpy": ("numpy", "every"),
    "cv2": ("cv2", "numpy", "every"),
    "torch": ("torch", "every"),
    "numpy_plane": ("numpy_plane",),
    "cv2_plane": ("numpy_plane",),
    "torch_plane": ("torch_plane",),
}
"""The macros that a backend takes, the first that an op has."""

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


def dtype(backend: str, name: str) -> str:
    """A dtype of the language as an expression of the backend."""
    if backend == "torch":
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
    )


@cache
def macro(template: str, backend: str) -> Any:
    """The macro of an op or sampler for a backend, or None where it has none."""
    module: Any = templates().get_template(f"{template}.j2").module
    for choice in MACROS[backend]:
        if hasattr(module, choice):
            return getattr(module, choice)
    return None


def able(backend: str, op: Any, form: str) -> bool:
    """Whether a backend has an op in place on a "plane", or a "part" of what its sampler gives."""
    if form == "plane":
        return macro(op.template, f"{backend}_plane") is not None
    sampler = macro(f"samplers/{file_of(op.sampler)}", backend)
    return "part" in sampler.arguments
