"""The pages of diagnostics, ops and samplers, as `procdsl explain` prints them.

A diagnostic's page lies in `procdsl/pages/`: a title, an explanation, a bad block that must fail
with just that code, and a good block that must not fail. The pages are tests of their own.
"""

from __future__ import annotations

from pathlib import Path

from procdsl import registry

_FOLDER = Path(__file__).parent / "pages"


def codes() -> list[str]:
    """Every code that has a page."""
    return sorted(path.stem for path in _FOLDER.glob("E*.md"))


def names() -> list[str]:
    """Everything that has a page."""
    return [*codes(), *registry.op_names(), *registry.sampler_names()]


def page(name: str) -> str:
    """The page of one of `names`."""
    if name in registry.op_names():
        return f"# {name}\n\n{registry.op_page(name)}\n"
    if name in registry.sampler_names():
        return f"# {name}\n\n{registry.sampler_page(name)}\n"
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
