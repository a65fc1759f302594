"""Kernels in a module: no branch that its literal arguments make dead, no parameter without use."""

from __future__ import annotations

import ast
import textwrap
from collections import Counter

import pytest
from support import build, source_of

from procdsl import registry
from procdsl.codegen.python.fold import folded
from procdsl.codegen.python.specialize import specialized
from procdsl.opdef.op import Case

KERNEL = '''def _sized(x: int, how: str, more: int = 0) -> int:
    """The size of a thing, rounded: `how` says whether up or down.

    With `more` that is added. It is never below 1.
    """
    # a comment that stays
    if how == "up":
        size = x + 1  # up
    elif how == "down":
        size = x - 1
    else:
        raise ValueError(how)
    if more > 0:
        size += more
    return max(1, size)
'''


def of(api: str, **kernels: str) -> tuple[str, dict[str, str]]:
    api, texts = specialized(api, kernels)
    for text in (api, *texts.values()):
        ast.parse(text)
    return api, {name: text.rstrip("\n") for name, text in texts.items()}


def test_the_branch_that_is_taken_stays_as_it_is_written() -> None:
    api, found = of('def f(x):\n    return _sized(x, "up")\n', sized=KERNEL)
    assert api == "def f(x):\n    return _sized(x)\n"
    assert found["sized"] == textwrap.dedent(
        '''\
        def _sized(x: int) -> int:
            """The size of a thing, rounded.

            It is never below 1.
            """
            # a comment that stays
            size = x + 1  # up
            return max(1, size)'''
    )


@pytest.mark.parametrize(
    ("how", "body"),
    [
        ("down", "    size = x - 1\n    return max(1, size)"),
        ("else", "    raise ValueError('else')"),
    ],
)
def test_other_branches(how: str, body: str) -> None:
    _, found = of(f'def f(x):\n    return _sized(x, "{how}")\n', sized=KERNEL)
    assert found["sized"].endswith(body)


def test_a_parameter_with_two_values_stays() -> None:
    text = 'def f(x):\n    return _sized(x, "up"), _sized(x, "down", more=2)\n'
    assert of(text, sized=KERNEL) == (text, {"sized": KERNEL.rstrip("\n")})


def test_what_is_not_known_stays() -> None:
    for text, left in (
        ("_sized(x, how, 3)", "_sized(x, how)"),
        ('_sized(*x, how="up")', '_sized(*x, how="up")'),
        ('map(_sized, x), _sized(1, "up")', 'map(_sized, x), _sized(1, "up")'),
    ):
        api, found = of(f"def f(x, how):\n    return {text}\n", sized=KERNEL)
        assert api == f"def f(x, how):\n    return {left}\n"
        assert 'if how == "up":' in found["sized"]


def test_a_value_is_followed_through_kernels() -> None:
    outer = "def _outer(x: int, how: str) -> int:\n    return 2 * _sized(x, how)\n"
    api, found = of('def f(x):\n    return _outer(x, how="up")\n', outer=outer, sized=KERNEL)
    assert api == "def f(x):\n    return _outer(x)\n"
    assert found["outer"] == "def _outer(x: int) -> int:\n    return 2 * _sized(x)"
    assert "elif" not in found["sized"]


def test_a_kernel_that_only_forwards_is_left_out() -> None:
    outer = (
        "def _outer(x: int, how: str) -> int:\n"
        '    if how == "sized":\n        return _inner(x)\n    return x\n'
    )
    inner = "def _inner(x: int) -> int:\n    return x + 1\n"
    api, found = of('def f(x):\n    return _outer(x, "sized")\n', outer=outer, inner=inner)
    assert api == "def f(x):\n    return _inner(x)\n"
    assert list(found) == ["inner"]


def test_a_kernel_that_nothing_calls_any_more_is_left_out() -> None:
    outer = (
        "def _outer(x: int, more: bool) -> int:\n"
        "    y = x + 1\n    if more:\n        y = _inner(y)\n    return y\n"
    )
    inner = "def _inner(x: int) -> int:\n    return x + 1\n"
    api, found = of("def f(x):\n    return _outer(x, False)\n", outer=outer, inner=inner)
    assert list(found) == ["outer"]
    assert found["outer"] == "def _outer(x: int) -> int:\n    y = x + 1\n    return y"


def test_of_a_file_only_what_is_called_stays() -> None:
    file = (
        '# of the sizes\n_LEAST = 1\n"""Of any size."""\n\n_MOST = 9\n\n\n'
        "class _Size(NamedTuple):\n    h: int\n\n\n"
        "def _other(x: int) -> int:\n    return _other(x - 1) if x > _MOST else x\n\n\n"
        "def _bounded(x: int) -> _Size:\n    return _Size(max(_LEAST, x))\n"
    )
    _, found = of("def f(x):\n    return _bounded(x)\n", file=file)
    assert found["file"] == (
        '# of the sizes\n_LEAST = 1\n"""Of any size."""\n\n\n'
        "class _Size(NamedTuple):\n    h: int\n\n\n"
        "def _bounded(x: int) -> _Size:\n    return _Size(max(_LEAST, x))"
    )


def test_a_call_that_is_handed_its_function() -> None:
    """`remembered(table, ...)` calls `table` with what follows."""
    remembered = "def _remembered(table, *arguments):\n    return table(*arguments)\n"
    api, found = of(
        'def f(x):\n    return _remembered(_sized, x, "up", 0)\n',
        remembered=remembered,
        sized=KERNEL,
    )
    assert api == "def f(x):\n    return _remembered(_sized, x)\n"
    assert found["sized"].startswith("def _sized(x: int) -> int:")


@pytest.mark.parametrize(
    ("test", "value", "left"),
    [
        ("flag and x > 0", True, "x > 0"),
        ("x > 0 or flag", True, None),
        ("x > 0 and y > 0 and flag", True, "(x > 0 and y > 0)"),
        ("not flag", False, None),
        ("flag is None", None, None),
        ('flag.startswith("a")', "abc", None),
    ],
)
def test_tests_of_several_parts(test: str, value: bool | str | None, left: str | None) -> None:
    text = f"def f(x, y, flag):\n    if {test}:\n        return x\n    return y"
    found, deciding = folded(text, (("f", "flag", value),))
    assert deciding == {("f", "flag")}
    kept = f"    if {left}:\n        return x\n    return y" if left else "    return x"
    assert found == f"def f(x, y, flag):\n{kept}"


def test_values_that_are_no_tests_stay() -> None:
    text = "def f(x, name):\n    return x or name, x or 'nothing', x and None"
    assert folded(text, (("f", "name", "a"),)) == (text, frozenset())


SAMPLE = [
    pytest.param(case, id=f"{name}-{number}", marks=[pytest.mark.slow] if number else [])
    for name in registry.op_names()
    for number, case in enumerate(registry.op(name).cases())
    if number % 11 == 0
]


@pytest.mark.parametrize("case", SAMPLE)
def test_no_module_has_a_branch_that_is_decided_or_what_nothing_calls(case: Case) -> None:
    for file, text in build(source_of(case)).files.items():
        if not file.endswith(".py"):
            continue
        tree = ast.parse(text)
        named = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
        for part in tree.body:
            if isinstance(part, ast.FunctionDef | ast.ClassDef) and part.name.startswith("_"):
                own = [n for n in ast.walk(part) if isinstance(n, ast.Name) and n.id == part.name]
                assert named[part.name] > len(own), f"{file}: {part.name}"
        for node in ast.walk(tree):
            tests = [node.test] if isinstance(node, ast.If | ast.IfExp) else []
            for test in tests:
                names = [n for n in ast.walk(test) if isinstance(n, ast.Name | ast.Attribute)]
                assert names, f"{file}: {ast.unparse(test)}"


TIMES_ZERO = """def _scaled(x: float, by: float) -> float:
    if by == 0:
        return by * x
    return x
"""
SIGNED = "def _limited(x: float, high: float) -> float:\n    return high if x > high else x\n"


def test_zeros_of_two_signs_are_two_values() -> None:
    """Also from one module to the next, of which the same text is remembered."""
    api, found = of("def f(x):\n    return _limited(_limited(x, 0.0), -0.0)\n", limited=SIGNED)
    assert api == "def f(x):\n    return _limited(_limited(x, 0.0), -0.0)\n"
    assert found["limited"] == SIGNED.rstrip("\n")
    for zero in ("0.0", "-0.0", "0"):
        _, found = of(f"def f(x):\n    return _scaled(x, {zero})\n", scaled=TIMES_ZERO)
        assert f"return {zero} * x" in found["scaled"]
