"""By how much a result may be off, from what its step does to an error."""

from __future__ import annotations

import math

from procdsl.records import replace
from procdsl.types.array import Array
from procdsl.types.dtypes import FLOATS
from procdsl.types.kind import kind
from procdsl.types.numerics import LARGEST, ULPS
from procdsl.types.value import Record, Type


def ulp(type_: Type) -> float:
    """How far the largest floats of a value lie apart; that of 1 where the range is not known."""
    if not isinstance(type_, Array):
        return 0.0
    largest = max(abs(type_.range.low), abs(type_.range.high)) if type_.range else 1.0
    return ULPS.get(type_.dtype, 0.0) * largest


def with_tolerance(type_: Type, error: float) -> Type:
    """An error turns a rounded number over to the next; of a decision nothing can be said.

    Steps that multiply it beyond float32 leave it there: no two floats lie further apart.
    """
    error = min(error, LARGEST)
    if isinstance(type_, Array):
        if type_.dtype in FLOATS:
            return type_.with_(tolerance=error)
        decided = type_.dtype == "bool" or (type_.kind and kind(type_.kind).decided)
        return type_.with_(tolerance=0.0 if decided else float(math.ceil(error)))
    if isinstance(type_, Record):
        fields = ((name, with_tolerance(array, error)) for name, array in type_.fields)
        return replace(type_, fields=tuple((n, a) for n, a in fields if isinstance(a, Array)))
    return type_
