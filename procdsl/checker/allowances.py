"""What steps say they are meant to set off: `allow E321 "why"`."""

from __future__ import annotations

from collections.abc import Iterable

from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.diagnostics.guards import GUARDS
from procdsl.ir.pipeline import Allowance
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.constants import shorten


class Allowances:
    """The allowances of all steps, and which of them allowed something."""

    def __init__(self, sink: DiagnosticSink) -> None:
        self.sink = sink
        self.found: dict[tree.Step, tuple[Allowance, ...]] = {}
        """By the step, where it was understood."""
        self.open: dict[tree.Allowance, tree.Step] = {}
        """Those that nothing has needed yet."""

    def read(self, step: tree.Step) -> None:
        """Read what a step that was understood allows, and report what cannot be allowed."""
        found: dict[str, Allowance] = {}
        for node in step.allowed:
            code, reason = node.code.text, str(node.reason.value).strip()
            if self._is_wrong(node, step, reason, code in found):
                continue
            found[code] = Allowance(code, reason)
            self.open[node] = step
        self.found[step] = tuple(found.values())

    def allows(self, step: tree.Step, code: str) -> bool:
        """Whether the step allows what it sets off."""
        nodes = [node for node in step.allowed if node.code.text == code]
        for node in nodes:
            self.open.pop(node, None)
        return bool(nodes)

    def report_stale(self) -> None:
        """Report the allowances that nothing has needed."""
        for node, step in self.open.items():
            code = node.code.text
            if self.sink.blind(code):
                continue
            self._wrong(
                node,
                f"nothing here sets off {code}",
                found=f"`{shorten(node.span.text)}`",
                wanted="an allowance of what the step sets off",
                fixes=(Fix.same("remove it", Edit(_with_gap(node, step), "")),),
            )

    def _is_wrong(self, node: tree.Allowance, step: tree.Step, reason: str, doubled: bool) -> bool:
        code = node.code.text
        if code not in GUARDS:
            self._wrong(
                node,
                f"`{code}` is no guard, and cannot be allowed",
                found=f"`allow {code}`",
                wanted=f"one of {_listed(GUARDS)}",
                help="mend what it says; a guard is an error of what could be computed",
            )
        elif not reason:
            self._wrong(
                node,
                "an allowance without a reason",
                found='`""`',
                wanted="why the model is served with it, for the next reader",
                help='write the reason, such as "trained so: BGR pictures with these numbers"',
            )
        elif doubled:
            self._wrong(
                node,
                f"`{code}` is allowed twice",
                found=f"a second `allow {code}`",
                wanted="one allowance for each code",
                fixes=(Fix.same("remove it", Edit(_with_gap(node, step), "")),),
            )
        else:
            return False
        return True

    def _wrong(
        self,
        node: tree.Allowance,
        message: str,
        *,
        found: str,
        wanted: str,
        help: str = "",
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        self.sink.add(
            "E223", node.span, message, found=found, wanted=wanted, help=help, fixes=fixes
        )


def _with_gap(node: tree.Allowance, step: tree.Step) -> Span:
    """The allowance and the blank before it."""
    place = step.allowed.index(node)
    before = step.allowed[place - 1].span if place else step.call.span
    return Span(before.source, before.end, node.span.end)


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))
