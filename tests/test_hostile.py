"""Names and texts from a file never become code in a generated module."""

from __future__ import annotations

import ast
import builtins
import json
import keyword
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support import BACKENDS, build, manifest_of

from procdsl.codegen.python.code import docstring
from procdsl.codegen.python.names import reserved
from procdsl.syntax.tokens import WORDS
from procdsl.types.constants import show

NASTY = [
    '"""',
    "'''",
    '"; import os; os.system("x") #',
    "\\",
    "\\\\n",
    "a\\",
    "\n",
    "\r\n",
    "\t",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{0} {x!r} %s %d",
    "${HOME} `ls`",
    "\u2028\u2029",
    "\x00\x1b[31m",
    "é 猫 🐈",
    '"',
    '\\"',
    'r"""',
    "",
]


def labelled(names: list[str]) -> str:
    table = ", ".join(show(name) for name in names)
    allowed = ' allow E308 "one name"' * (len(names) == 1)
    return (
        "proc 1\npipeline p\n"
        f"model x: f32[n=1] -> y: f32[class={len(names)}]\n"
        f"post {{\n    i = argmax(y, over=class){allowed}\n"
        f"    name = lookup(i, table=({table},))\n}}\n"
        "output name\n"
    )


def picked(module: Any, count: int, index: int) -> str:
    y = np.zeros(count, np.float32)
    y[index] = 1
    given_ = torch.from_numpy(y) if hasattr(module, "torch") else y
    name: str = module.postprocess(given_).name
    return name


@pytest.mark.parametrize("backend", BACKENDS)
def test_nasty_texts_come_back_as_they_went_in(backend: str) -> None:
    built = build(labelled(NASTY), [backend])
    module = built.modules[backend]
    assert [picked(module, len(NASTY), i) for i in range(len(NASTY))] == NASTY
    assert manifest_of(built) == module.MANIFEST
    module.self_check()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=4, unique=True
    )
)
def test_any_text_comes_back(names: list[str]) -> None:
    built = build(labelled(names), ["numpy"])
    module = built.modules["numpy"]
    assert [picked(module, len(names), i) for i in range(len(names))] == names
    assert manifest_of(built) == module.MANIFEST


VISIBLE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp", "Cs"))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(VISIBLE, max_size=60), st.sampled_from(BACKENDS))
def test_any_documentation_stays_documentation(doc: str, backend: str) -> None:
    text = (
        f"proc 1\n## {doc}\npipeline p\n## {doc}\ninput image: u8[h, w] gray\npre {{\n"
        f"    ## {doc}\n    flip(vertical)\n}}\n## {doc}\n"
        f"model x: u8[h, w] gray -> y: f32[n=2]\n## {doc}\noutput y\n"
    )
    built = build(text, [backend])
    module = built.modules[backend]
    code = built.files[f"p_{backend}.py"]
    names = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    plain = build(text.replace(f"## {doc}\n", ""), [backend]).files[f"p_{backend}.py"]
    assert names == {n.id for n in ast.walk(ast.parse(plain)) if isinstance(n, ast.Name)}
    assert module.MANIFEST["doc"] == doc.strip()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_docstrings_are_one_literal(text: str) -> None:
    module = ast.parse(f"x = {docstring(text)}")
    (assignment,) = module.body
    assert isinstance(assignment, ast.Assign)
    assert isinstance(assignment.value, ast.Constant)


WORDS_THAT_MODULES_USE = sorted(
    (reserved() | set(keyword.softkwlist) | {"image_size", "x", "at", "fed", "found", "wanted"})
    - set(WORDS.values())
    - {"_"}
    - {name for name in dir(builtins) if name.startswith("__")}
)


@pytest.mark.parametrize("start", range(0, len(WORDS_THAT_MODULES_USE), 24))
def test_names_that_a_module_uses_itself(start: int) -> None:
    """Two dozen names at a time: as inputs, values in flow, model outputs, results, axes."""
    start = min(start, len(WORDS_THAT_MODULES_USE) - 4)  # two of each, at least
    words = WORDS_THAT_MODULES_USE[start : start + 24]
    inputs = "".join(f"input {word}: u8[h, w] gray\n" for word in words[::2])
    steps = "".join(f"    {word} = flip({word}, vertical)\n" for word in words[::2])
    fed = ", ".join(f"{word}: u8[h, w] gray" for word in words[::2])
    given_ = ", ".join(f"{word}: f32[{word}=3]" for word in words[1::2])
    post = "".join(f"    {word} = softmax({word}, over={word})\n" for word in words[1::2])
    output = ", ".join(words[1::2])
    text = f"proc 1\npipeline {words[0]}\n{inputs}pre {{\n{steps}}}\nmodel {fed} -> {given_}\n"
    built = build(text + f"post {{\n{post}}}\noutput {output}\n")
    pictures = [np.full((2, 3), n, np.uint8) for n in range(len(words[::2]))]
    scores = [np.arange(3, dtype=np.float32) * n for n in range(len(words[1::2]))]
    for backend, module in built.modules.items():
        as_torch = backend == "torch"
        given_pictures = [torch.from_numpy(p) for p in pictures] if as_torch else pictures
        given_scores = [torch.from_numpy(s) for s in scores] if as_torch else scores
        found = module.preprocess(*given_pictures)
        for wanted, picture in zip(pictures, found, strict=True):
            assert (np.asarray(picture) == wanted).all()
        results = module.postprocess(*given_scores)
        assert len(results) == len(scores)
        module.self_check()


def test_axes_may_be_called_anything() -> None:
    for axis in ("class", "lambda", "None", "__import__", "self"):
        text = f"proc 1\npipeline p\nmodel x: f32[n=1] -> y: f32[{axis}=3]\n"
        text += f"post {{\n    i = argmax(y, over={axis})\n}}\noutput i\n"
        assert build(text, ["numpy"]).modules["numpy"].postprocess(np.eye(3, dtype="f4")[1]).i == 1


def test_the_manifest_in_a_module_is_the_manifest() -> None:
    built = build(labelled(NASTY))
    for backend, module in built.modules.items():
        assert json.dumps(module.MANIFEST) == json.dumps(manifest_of(built)), backend
