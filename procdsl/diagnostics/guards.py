"""Which diagnostics refuse a file that could be computed as it is written.

A guard is set off by what is most likely a mistake. A model that was trained with the mistake must
be served with it: a step may say `allow E321 "why"`.
"""

from __future__ import annotations

GUARDS = frozenset({"E303", "E304", "E305", "E308", "E317", "E321", "E325", "E328", "E338"})
"""The codes that a step may allow."""

COMPUTABLE = GUARDS | {"E208", "E223", "E320"}
"""The codes of all diagnostics that leave it open what a file computes to none: the guards, what
nothing takes, what changes nothing, and allowances, which are not computed at all."""


def way_out(code: str) -> str:
    """How a step says that a guard is not for it."""
    return f'the model was trained so: keep it, and write `allow {code} "why"` behind the step'
