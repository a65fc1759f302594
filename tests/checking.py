"""Small files for the checker, and what it finds in them."""

from __future__ import annotations

from procdsl.checker.check import check
from procdsl.diagnostics.diagnostic import Diagnostic, Edit, apply
from procdsl.source import Source

FLOAT = "to_float(scale=1/255)"


def text(
    *steps: str,
    image: str = "u8[h, w, c=3] rgb",
    model: str = "u8[h, w, c=3] rgb",
    head: str = "",
) -> str:
    body = "".join(f"    {step}\n" for step in steps)
    pre = f"pre {{\n{body}}}\n" if steps else ""
    return f"proc 1\npipeline p\n{head}input image: {image}\n{pre}model x: {model} -> y: f32[n=4]\n"


def codes(source: str, **arguments: object) -> list[str]:
    return [d.code for d in check(Source("p.proc", source), **arguments).diagnostics]  # type: ignore[arg-type]


def edits(*diagnostics: Diagnostic) -> list[Edit]:
    """Those of all fixes."""
    return [edit for d in diagnostics for fix in d.fixes for edit in fix.edits]


def mended(text: str, *diagnostics: Diagnostic) -> str:
    """The text with all fixes made."""
    return apply(edits(*diagnostics), text)
