"""Cases of ops whose values take each other's names: what a step gives is called as what it takes,
or what it has taken is called anew behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from procdsl.checker.check import check
from procdsl.opdef.op import Case
from procdsl.records import replace
from procdsl.source import Source

STEP = re.compile(r"(?P<targets>[\w, ]+) = (?P<op>\w+)\((?P<arguments>.*)\)")
ANEW = (
    "{0} = multiply({0}, {0})",
    "{0} = threshold({0}, above=1)",
    "{0} = nms({0}.boxes, {0}.scores, {0}.classes, score=0.9, iou=0.1, limit=3)",
    "{0} = above({0}.boxes, {0}.scores, {0}.classes, score=0.9, limit=3)",
)


def given_as_taken(case: Case) -> Iterator[tuple[str, Case]]:
    """For each result and each operand of a step in `post`: both called as the operand, where no
    later step takes that one; with the op, and which of each it is."""
    lines = case.post.splitlines()
    for i, line in enumerate(lines):
        step = STEP.fullmatch(line.strip())
        if step is None:
            continue
        targets = step["targets"].split(", ")
        for at, target in enumerate(targets):
            for operand, name in enumerate(_operands(step["arguments"])):
                later = lines[i + 1 :]
                if target == "_" or name in targets or any(_has(other, name) for other in later):
                    continue
                given = ", ".join(name if t == target else t for t in targets)
                renamed = [re.sub(rf"\b{target}\b(?!=)", name, other) for other in later]
                made = [*lines[:i], f"{given} = {line.partition(' = ')[2]}", *renamed]
                yield f"{step['op']}-{at}-{operand}", replace(case, post="\n".join(made))


def taken_anew(case: Case) -> Iterator[tuple[str, Case]]:
    """For each operand of a step in `post`: a step behind it that gives another value its name."""
    lines = case.post.splitlines()
    for i, line in enumerate(lines):
        step = STEP.fullmatch(line.strip())
        if step is None:
            continue
        for operand, name in enumerate(_operands(step["arguments"])):
            if name in step["targets"].split(", ") or any(_has(x, name) for x in lines[i + 1 :]):
                continue
            for form in ANEW:
                made = [*lines[: i + 1], form.format(name), *lines[i + 1 :]]
                yield f"{step['op']}-{operand}", replace(case, post="\n".join(made))


def passes(text: str) -> bool:
    return check(Source("case.proc", text)).pipeline is not None


def _operands(arguments: str) -> Sequence[str]:
    """The values that a call takes by their place."""
    words = re.split(r",\s*(?![^()]*\))", arguments)
    found = [re.fullmatch(r"([A-Za-z_]\w*)(\.\w+)?", word) for word in words]
    return list(dict.fromkeys(match[1] for match in found if match is not None))


def _has(line: str, name: str) -> bool:
    return re.search(rf"\b{name}\b(?!=)", line) is not None
