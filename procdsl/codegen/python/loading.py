"""Turns the text of a generated module into a module."""

from __future__ import annotations

import linecache
import sys
from types import ModuleType


def load(text: str, name: str) -> ModuleType:
    """Run a module's text under a name of its own.

    Its lines are kept where tracebacks and `torch.jit.script` look for them.
    """
    module = ModuleType(name)
    file = f"<{name}>"
    module.__file__ = file
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    sys.modules[name] = module
    code = compile(text, file, "exec", dont_inherit=True)
    exec(code, module.__dict__)  # noqa: S102 - our own generated text
    return module
