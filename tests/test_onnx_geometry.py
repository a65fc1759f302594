"""Where a step puts its picture, as a graph computes it: for thousands of sizes at once."""

from __future__ import annotations

import numpy as np
import pytest
from onnx_kernels import call_of, run
from support import compiled, source_of
from test_sizes import OTHERS, RESIZES, S, kernel_of, walked, word

from procdsl import registry
from procdsl.codegen.onnx import rooms
from procdsl.opdef.geometric import GeometricOp
from procdsl.ops.geometry.crop import Crop
from procdsl.ops.geometry.resize import Resize

SMALL = [(h, w) for h in (1, 2, 3, 5, 8, 31, 36) for w in (1, 2, 4, 7, 16, 45, 59)]


def of_cases() -> dict[str, GeometricOp]:
    """The ops of the cases that place a picture, one for each rule with its arguments."""
    found = {}
    for name in registry.op_names():
        for case in registry.op(name).cases():
            for step in compiled(source_of(case)).serving():
                if isinstance(step.op, GeometricOp):
                    rule = step.op.placement_rule
                    found[f"{rule.name}{rule.arguments}{dict(rule.flags)}"] = step.op
    return found


def named() -> dict[str, GeometricOp]:
    ops: list[GeometricOp] = [Resize(**{**arguments, **S}) for arguments, _ in RESIZES]
    ops += [op for op, _ in OTHERS]
    ops += [Crop(fraction=part, **word(place="center")) for part in (0.875, 0.5, 1 / 3)]
    return {str(op.placement_rule): op for op in ops}


def check(op: GeometricOp, sizes: list[tuple[int, int]]) -> None:
    """The numbers of every size that fits, and those of the first one, which is then known."""
    rule, wanted, fitting = op.placement_rule, [], []
    for h, w in sizes:
        try:
            wanted.append([int(number) for number in kernel_of(op)(h, w)[:8]])
            fitting.append((h, w))
        except ValueError:
            continue
    h, w = np.array(fitting, np.int64).T
    call = call_of(rule.name, *rule.arguments, **rule.flags)
    found = [np.broadcast_to(x, h.shape) for x in run(call, {"h": h, "w": w})]
    assert np.stack(found, 1).tolist() == wanted
    known = rooms.kernel(rule.name)(*fitting[0], *rule.arguments, **rule.flags)
    assert [*known[:8]] == wanted[0]
    assert all(type(number) is int for number in known[:8])


OF_CASES = of_cases()


@pytest.mark.parametrize("rule", OF_CASES)
def test_rules_of_the_cases(rule: str) -> None:
    check(OF_CASES[rule], SMALL)


NAMED = named()


@pytest.mark.parametrize("rule", NAMED)
def test_rules_of_libraries(rule: str) -> None:
    check(NAMED[rule], walked()[::3])
