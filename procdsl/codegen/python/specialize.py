"""Kernels as one module needs them: without the branches that its literal arguments make dead.

A kernel's file serves all pipelines; in a module a parameter may have one value wherever it is
called. Such values are followed from the module's functions through the kernels, the tests that
they decide are folded, and a parameter that has decided one is dropped, with its arguments. A
definition that nothing comes to any more is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from procdsl.codegen.python.calls import (
    Constant,
    Function,
    Given,
    Own,
    Varies,
    bound,
    forwarders,
    functions,
)
from procdsl.codegen.python.drop import without
from procdsl.codegen.python.fold import folded
from procdsl.codegen.python.reached import reached

Parameter: TypeAlias = tuple[str, str]
"""A function, and a parameter of it."""


def specialized(api: str, kernels: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The text of the module's functions, and of each kernel that it needs, by its file."""
    texts = dict(kernels)
    deciding: set[Parameter] = set()
    while True:
        known = _known(texts)
        constants = _constants(api, known)
        listed = [(f, p, constants[f, p]) for f, p in sorted(constants)]
        after = {}
        for file, text in texts.items():
            own = [one for one in listed if one[0] in functions(text)]
            after[file], found = folded(text, tuple(own)) if own else (text, frozenset())
            deciding |= found
        if after == texts:
            break
        texts = after
    dropped = {key: constants[key] for key in _useless(known, constants, deciding)}
    texts = {"": api, **texts}
    texts = {file: without(text, dropped, known) for file, text in texts.items()}
    texts = _past_forwarders(texts)
    api = texts.pop("")
    return api, reached(api, texts)


def _known(texts: Mapping[str, str]) -> dict[str, Function]:
    found: dict[str, Function] = {}
    for text in texts.values():
        found |= {name: function for name, function in functions(text).items() if name}
    return found


def _constants(api: str, known: Mapping[str, Function]) -> dict[Parameter, Constant]:
    """The parameters that have one value in every call, and that value."""
    values: dict[Parameter, Given] = {}
    flows = _flows(api, known)
    changed = True
    while changed:
        changed = False
        for to, value in flows:
            if isinstance(value, tuple):
                if value not in values:
                    continue  # not known yet
                value = values[value]
            if to in values and values[to] is not Varies and repr(values[to]) != repr(value):
                value = Varies  # 1 is not 1.0, 0.0 not -0.0
            elif to in values:
                continue
            values[to], changed = value, True
    return {k: v for k, v in values.items() if v is not Varies and not isinstance(v, Own | type)}


def _flows(api: str, known: Mapping[str, Function]) -> list[tuple[Parameter, Given | Parameter]]:
    """What each parameter of the functions that are reached is given: a constant, or a parameter
    of the function that calls it."""
    flows: list[tuple[Parameter, Given | Parameter]] = []
    reached = {f" {name}": function for name, function in functions(api).items()}
    work = list(reached.items())
    while work:
        caller, function = work.pop()
        for name, given in _given(function, known):
            for parameter in known[name].parameters:
                value: Given | Parameter = given.get(parameter, Varies)
                if isinstance(value, Own):
                    owned = value.name in function.parameters
                    value = (caller, value.name) if owned else Varies
                if parameter in known[name].assigned:
                    value = Varies
                flows.append(((name, parameter), value))
            if name not in reached:
                reached[name] = known[name]
                work.append((name, known[name]))
    return flows


def _given(
    function: Function, known: Mapping[str, Function]
) -> Iterator[tuple[str, Mapping[str, Given]]]:
    """Each function that one reaches, and what it gives it where it calls it; one that it passes
    on may be given anything."""
    passed_on = function.passed_on & known.keys()
    for call in function.calls:
        found = bound(call, known)
        if found is not None:
            yield found
            if found[0] != call.function:  # it is applied by the one that is called
                passed_on -= {found[0]}
                yield call.function, {}
    yield from ((name, {}) for name in passed_on)


def _useless(
    known: Mapping[str, Function],
    constants: Mapping[Parameter, Constant],
    deciding: set[Parameter],
) -> set[Parameter]:
    """The parameters that have decided a test, and those that are only passed on to such."""
    dropped = {key for key in deciding if key in constants}
    passed: dict[Parameter, list[Parameter]] = {}
    for caller, function in known.items():
        for call in function.calls:
            for parameter, value in (bound(call, known) or ("", {}))[1].items():
                if isinstance(value, Own):
                    to = (bound(call, known) or ("", {}))[0], parameter
                    passed.setdefault((caller, value.name), []).append(to)
    while True:
        more = {
            key
            for key, to in passed.items()
            if key in constants and key not in dropped and dropped.issuperset(to)
            if known[key[0]].uses.get(key[1], 0) == len(to)
        }
        if not more:
            return dropped
        dropped |= more


def _past_forwarders(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts with what a function forwards to in the place of one that does nothing else."""
    found: dict[str, str] = {}
    for file, text in texts.items():
        found |= forwarders(text) if file else {}
    texts = dict(texts)
    while found:
        name, to = found.popitem()
        found = {n: to if t == name else t for n, t in found.items()}
        word = re.compile(rf"\b{name}\b(?!\s*=[^=])")
        for file, text in texts.items():
            if name in text and name not in functions(text):
                texts[file] = word.sub(to, text)
    return texts
