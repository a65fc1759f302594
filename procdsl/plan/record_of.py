"""A value of several fields, of the arrays that a baked file gives for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from procdsl.opdef.op import Op
from procdsl.records import dataclass
from procdsl.types.value import Record

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Fields, Variable


@dataclass(frozen=True, kw_only=True)
class RecordOf(Op):
    """It computes nothing, and is no op of the language."""

    record: Record

    def infer(self, *types: Any) -> Record:
        return self.record

    def reference(self, types: Any, *values: Any) -> Any:
        return {name: x for (name, _), x in zip(self.record.fields, values, strict=True)}

    def lower(self, build: Builder, *operands: Variable) -> Fields:
        from procdsl.lower.program import Fields

        names = [name for name, _ in self.record.fields]
        return Fields(self.record.name, dict(zip(names, operands, strict=True)))

    @property
    def parts(self) -> tuple[Any, ...]:
        return ()
