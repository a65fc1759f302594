"""How an extern is declared and named, and where its source is found."""

from __future__ import annotations

import hashlib
import sys

import numpy as np
import pytest
from checking import mended
from extern_project import PIPELINE, RGB, Project, file
from support import BACKENDS, run, same

from procdsl import registry
from procdsl.checker.check import check
from procdsl.codegen.python.names import reserved
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.reference.interpreter import preprocess
from procdsl.source import Source
from procdsl.syntax.tokens import WORDS
from procdsl.workspace import externs

# Names

OWN = {"x", "x_1", "x_2", "found", "image", "y", "denoise", "run_denoise", "run_x", "_x", "error"}
NAMES = sorted(
    (reserved() | OWN) - set(WORDS.values()) - set(registry.op_names()) - {"_", "__debug__"}
)


@pytest.mark.parametrize("start", range(0, len(NAMES), 40))
def test_names_that_a_module_uses_itself(project: Project, start: int) -> None:
    """As the names of externs, of which each changes a value of its own."""
    names = NAMES[start : start + 40]
    project.write("shop/filters.py", "def f(a, b):\n    return a + b, a - b\n")
    types = "(i64[n], i64[n]) -> i64[n], i64[n]"
    head = "".join(f'extern {name} from "shop.filters:f" {types}\n' for name in names)
    inputs = "".join(f"input {name}: i64[n]\n" for name in ("first", *names))
    steps = "".join(f"    first, {name} = {name}(first, {name})\n" for name in names)
    fed = ", ".join(f"{name}: i64[n]" for name in ("first", *names))
    text = f"proc 1\npipeline p\n{head}{inputs}pre {{\n{steps}}}\nmodel {fed} -> q: f32[]\n"
    built = project.build(text)
    given = {name: np.arange(3) + n for n, name in enumerate(("first", *names))}
    wanted = preprocess(built.pipeline, given, call=lambda step, g: (g[0] + g[1], g[0] - g[1]))
    for backend, module in built.modules.items():
        for x, y in zip(run(module, given), wanted, strict=True):
            same(x, y, 0, backend)
        module.self_check()


DOC = r'''""" \ {{ 7 }} {% raw %} é %s {0} \N{DASH} \x """, "'''


@pytest.mark.parametrize("backend", BACKENDS)
def test_documentation_stays_documentation(project: Project, backend: str) -> None:
    text = PIPELINE.replace("extern", f"## {DOC}\nextern")
    module = project.build(text, [backend]).modules[backend]
    assert module.MANIFEST["externs"][0]["doc"] == DOC
    doc = module._run_denoise.__doc__
    assert doc is not None
    assert doc.splitlines()[0] == DOC


@pytest.mark.parametrize(
    "target",
    [
        "", ":", "shop", "shop.filters", "shop:", ":f", "shop::f", "a:b:c", ".shop:f", "shop.:f",
        "shop..filters:f", "../shop:f", "/shop:f", "shop/filters:f", "shop filters:f", "shop:f ",
        "shop:f()", "shop:f; import os", "shop:f\\n", "shop:f\\nimport os", "shop.filters:f.g",
        "shop:class", "import.shop:f", "shop.None:f", "shöp:f", "shop:ﬁ", "1shop:f",
        "shop:" + "f" * 65, '\\"\\"\\":f', "shop:f\\u0000", "{{ 7 }}:f", "shop:f#",
    ],
)  # fmt: skip
def test_a_reference_is_names_and_nothing_else(project: Project, target: str) -> None:
    text = file(f'f from "{target}" ({RGB}) -> {RGB}', "f()")
    checked = check(Source("p.proc", text))
    assert [d.code for d in checked.diagnostics] == ["E222"]
    assert not any(diagnostic.fixes for diagnostic in checked.diagnostics)


@pytest.mark.parametrize("target", ["shop.filters.denoise", "shop.denoise"])
def test_a_dot_for_the_colon(target: str) -> None:
    text = file(f'denoise from "{target}" ({RGB}) -> {RGB}', "denoise()")
    checked = check(Source("p.proc", text))
    assert check(Source("p.proc", mended(text, *checked.diagnostics))).diagnostics == ()


def test_a_faulty_declaration_is_reported_once(project: Project) -> None:
    text = file(f'f from "shop.filters:f" (u9[h, w, c=3] rgb) -> {RGB}', "f()")
    assert [code for code, _ in project.codes(text)] == ["E218"]
    text = file(f'_ from "shop.filters:denoise" ({RGB}) -> {RGB}', "flip(vertical)")
    assert project.codes(text)[0][0] == "E113"


def test_what_it_is_given_must_be_what_it_declares(project: Project) -> None:
    project.write("shop/filters.py", "def f(x):\n    return x\n")
    head = 'proc 1\npipeline p\nextern f from "shop.filters:f" (f32[class=4]TAG) -> f32[class=4]\n'
    text = head + (
        "model x: f32[n=1] -> y: f32[class=4]\npost {\n    p = softmax(y, over=class)\n"
        "    q = f(p)\n}\noutput q\n"
    )
    assert project.codes(text.replace("TAG", " probabilities")) == []
    assert [code for code, _ in project.codes(text.replace("TAG", ""))] == ["E312"]


# Where the source is found


def found_at(project: Project, target: str) -> str:
    module, _, function = target.partition(":")
    return externs.find(Source(str(project.folder / "deep" / "p.proc"), ""), module, function)


def test_the_source_is_read_and_never_run(project: Project) -> None:
    marker = project.folder / "ran"
    code = f"open({str(marker)!r}, 'w')\nraise SystemExit(3)\n\n\ndef denoise(x):\n    return x\n"
    project.write("shop/__init__.py", code)
    project.write("shop/filters.py", code)
    files = generate(project.compiled(PIPELINE), options=Options(format=False))
    assert not marker.exists()
    assert "shop" not in sys.modules
    wanted = hashlib.sha256(code.encode()).hexdigest()
    assert f'"sha256": "{wanted}"' in files["shop.manifest.json"]


def test_places(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the file, then in the project's folder, then on Python's path."""

    def code(n: int) -> str:
        return f"def f(x):\n    return x + {n}\n"

    def hashed(n: int) -> str:
        return hashlib.sha256(code(n).encode()).hexdigest()

    elsewhere = project.folder.parent / f"{project.folder.name}_elsewhere"
    (project.folder / "deep").mkdir()
    project.write("pyproject.toml", "")
    (elsewhere / "mine" / "space").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(elsewhere)])
    (elsewhere / "mine" / "space" / "f.py").write_text(code(1))
    assert found_at(project, "mine.space.f:f") == hashed(1)
    project.write("mine/space/f.py", code(2))
    assert found_at(project, "mine.space.f:f") == hashed(2)
    project.write("deep/mine/space/f.py", code(3))
    assert found_at(project, "mine.space.f:f") == hashed(3)
    project.write("deep/mine/__init__.py", "")  # a package hides folders of its name
    assert found_at(project, "mine.space.f:f") == hashed(3)
    project.write("deep/mine.py", code(4))  # and a package a module
    assert found_at(project, "mine.space.f:f") == hashed(3)
    project.write("deep/windows.py", code(5).replace("\n", "\r\n"))
    assert found_at(project, "windows:f") == hashed(5)


@pytest.mark.parametrize(
    ("target", "why", "meant"),
    [
        ("shop.filter:denoise", "no module `shop.filter` in", ""),
        ("store.filters:denoise", "no module `store` in", ""),
        ("shop.filters.deep:denoise", "no module `shop.filters.deep` in", ""),
        ("shop.filters:denoize", "defines no function `denoize`", "shop.filters:denoise"),
        ("shop.filters:np", "defines no function `np`", ""),
        ("shop:denoise", "is imported into", "shop.filters:denoise"),
        ("shop:clean", "is imported into", "shop.filters:denoise"),
        ("shop.more:denoise", "is imported into", "shop.filters:denoise"),
        ("shop.folder:f", "is a folder without `__init__.py`", ""),
        ("shop.compiled:f", "and no Python source", ""),
        ("shop.broken:f", "is no Python that can be read", ""),
        ("shop.later:f", "defines no function `f`", ""),
        ("shop.assigned:f", "", ""),
        ("shop.branches:f", "", ""),
    ],
)
def test_a_source_that_is_not_there(project: Project, target: str, why: str, meant: str) -> None:
    project.write(
        "shop/__init__.py",
        "from .filters import denoise\nfrom shop.filters import denoise as clean\n",
    )
    project.write("shop/more.py", "from .filters import denoise\n")
    project.write("shop/folder/f.py", "")
    project.write("shop/compiled.pyc", "")
    project.write("shop/broken.py", "def f(:\n")
    project.write("shop/later.py", "async def f(x): ...\ndef g():\n    def f(x): ...\n")
    project.write("shop/assigned.py", "import functools\nf = functools.partial(max, 3)\n")
    project.write(
        "shop/branches.py",
        "try:\n    import numba\nexcept ImportError:\n    if 1:\n        def f(x): ...\n",
    )
    text = file(f'f from "{target}" ({RGB}) -> {RGB}', "f()")
    source = Source(str(project.folder / "p.proc"), text)
    found = check(source, find=externs.find).diagnostics
    assert [d.code for d in found] == ["E222"] * bool(why)
    for diagnostic in found:
        assert why in diagnostic.found
        assert bool(diagnostic.fixes) == bool(meant)
        text = mended(text, diagnostic)
        assert f'from "{meant or target}"' in text
        left = check(Source(source.name, text), find=externs.find).diagnostics
        assert [d.found for d in left] == ([] if meant else [diagnostic.found])
