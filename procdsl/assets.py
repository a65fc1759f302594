"""Where the grammar and the templates lie.

They stand at the top of a checkout and inside the package of a wheel; an editable install reads
the checkout. Looking beside this file first and above it second serves all three, from any working
directory (`importlib.resources` alone fails in an editable install).
"""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `grammar` or `templates`."""
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"procdsl is installed without its {name}/ folder: install it again")


def grammar() -> str:
    """The text of the grammar."""
    return (folder("grammar") / "procdsl.lark").read_text(encoding="utf-8")


def parser_cache() -> str | bool:
    """Where lark keeps the tables it builds of the grammar: in the user's own cache folder.

    False where there is none to write to; then they are built again each time, in some 30 ms.
    """
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "procdsl"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return str(folder / "grammar.lark-cache") if os.access(folder, os.W_OK) else False
