"""The dtypes of the language."""

from __future__ import annotations

INTEGERS = ("u8", "u16", "i32", "i64")


FLOATS = ("f32", "f16")


BYTES = "bytes"
"""The content of a file, which holds no numbers yet: `decode` makes a picture of it."""


DTYPES = (*INTEGERS, *FLOATS, "bool")


LIMITS = {"u8": (0, 255), "u16": (0, 65_535), "i32": (-(2**31), 2**31 - 1), "bool": (0, 1)}
