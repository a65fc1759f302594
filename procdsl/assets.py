"""Where the grammar and the templates lie.

They stand at the top of a checkout and inside the package of a wheel; an editable install reads
the checkout. Looking beside this file first and above it second serves all three, from any working
directory (`importlib.resources` alone fails in an editable install).
"""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.realpath(__file__))


def folder(name: str) -> str:
    """The folder `grammar` or `templates`."""
    for parent in (_PACKAGE, os.path.dirname(_PACKAGE)):
        found = os.path.join(parent, name)
        if os.path.isdir(found):
            return found
    raise FileNotFoundError(f"procdsl is installed without its {name}/ folder: install it again")


def grammar() -> str:
    """The text of the grammar."""
    with open(os.path.join(folder("grammar"), "procdsl.lark"), encoding="utf-8") as file:
        return file.read()


def parser_cache() -> str | bool:
    """Where lark keeps the tables it builds of the grammar.

    False where there is none to write to; then they are built again each time, in some 30 ms.
    """
    folder = cache_folder()
    return os.path.join(folder, "grammar.lark-cache") if folder else False


def cache_folder() -> str:
    """A folder of procdsl in the user's own cache folder; empty where there is none to write to."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(home, "procdsl")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return ""
    return folder if os.access(folder, os.W_OK) else ""
