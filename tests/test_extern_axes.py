"""One name of an axis in the declaration of an extern is one size, in types and when it runs."""

from __future__ import annotations

import numpy as np
import pytest
from extern_project import RGB, Project, calling
from support import BACKENDS, picture, run, run_post, same

from procdsl.checker.check import check
from procdsl.reference.interpreter import preprocess
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.workspace import externs


def post(extern: str, takes: str, outputs: str, results: str = "r") -> str:
    """A file whose `post` calls the extern `f` with what the model gives."""
    return (
        f'proc 1\npipeline p\nextern f from "shop.filters:f" {extern}\nmodel x: f32[n=1] -> '
        f"{outputs}\npost {{\n    {results} = f({takes})\n}}\noutput {results}\n"
    )


def shapes(project: Project, text: str) -> list[str]:
    """The types of the results of a file's `post`."""
    project.write("shop/filters.py", "def f(*x):\n    return x\n")
    types = [value.type for value in project.compiled(text).outputs]
    assert all(isinstance(type_, Array) for type_ in types)
    return [str(type_) for type_ in types]


@pytest.mark.parametrize(
    ("extern", "takes", "outputs", "expected"),
    [
        ("(f32[n]) -> f32[n]", "y", "y: f32[n=9]", ["f32[n=9]"]),
        ("(f32[n]) -> f32[m]", "y", "y: f32[n=9]", ["f32[m]"]),
        ("(f32[n=9]) -> f32[n]", "y", "y: f32[n=9]", ["f32[n=9]"]),
        ("(f32[n]) -> f32[n=4]", "y", "y: f32[n=9]", ["f32[n=4]"]),
        ("(f32[n], f32[n]) -> f32[n]", "y, z", "y: f32[n], z: f32[n=9]", ["f32[n=9]"]),
        # an open axis before one of a size that is written
        ("(f32[n=4], f32[n]) -> f32[n]", "y, z", "y: f32[n=4], z: f32[n=9]", ["f32[n=9]"]),
        ("(f32[n=4], f32[n=9]) -> f32[n]", "y, z", "y: f32[n=4], z: f32[n=9]", ["f32[n]"]),
        ("(f32[c, h, w]) -> f32[c, h, w]", "y", "y: f32[c=3, h=8, w=9]", ["f32[c=3, h=8, w=9]"]),
        ("(f32[h, w]) -> i64[w, h, k]", "y", "y: f32[h=8, w=9]", ["i64[w=9, h=8, k]"]),
    ],
)
def test_types(
    project: Project, extern: str, takes: str, outputs: str, expected: list[str]
) -> None:
    assert shapes(project, post(extern, takes, outputs)) == expected


def test_several_results(project: Project) -> None:
    text = post(
        "(f32[anchor, feature=85]) -> f32[anchor, box=4], f32[anchor, class=80], i64[kept]",
        "y", "y: f32[anchor=25, feature=85]", "a, b, c",
    )  # fmt: skip
    assert shapes(project, text) == [
        "f32[anchor=25, box=4]",
        "f32[anchor=25, class=80]",
        "i64[kept]",
    ]


def pictures(extern: str) -> str:
    return (
        f'proc 1\npipeline p\nextern f from "shop.filters:f" {extern}\n'
        f"input left: {RGB}\ninput right: {RGB}\npre {{\n    a = crop(left, center, h=5, w=7)\n"
        "    b = crop(right, center, h=6, w=7)\n    x = f(a, b)\n}\n"
        f"model x: {RGB} -> y: f32[n=4]\n"
    )


def test_two_sizes_for_one_name_are_refused(project: Project) -> None:
    project.write("shop/filters.py", "def f(a, b):\n    return a\n")
    text = pictures(f"({RGB}, {RGB}) -> {RGB}")
    (found,) = check(Source(str(project.folder / "p.proc"), text), find=externs.find).diagnostics
    assert (found.code, found.message) == ("E312", "`f` is given two sizes for its axis `h`")
    assert found.found == "h=5 of value 1 and h=6 of value 2"
    assert "- `@a` and `@b` behind the types of the declaration" in found.hint
    open_axis = pictures("(u8[h=5, w, c=3] rgb, u8[h=6, w, c=3] rgb) -> u8[h=5, w=7, c=3] rgb")
    sizes = open_axis.replace(f"model x: {RGB}", "model x: u8[h=5, w=7, c=3] rgb")
    assert project.codes(sizes) == []
    apart = text.replace("(u8[h, w, c=3] rgb, u8[h, w, c=3] rgb)", f"({RGB} @a, {RGB} @b)")
    assert project.codes(apart) == []
    other = post("(f32[n], f32[n]) -> f32[n]", "y, z", "y: f32[n=4], z: f32[n=9]")
    assert project.codes(other) == [("E312", "n=4 of value 1 and n=9 of value 2")]


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_returned_is_as_long_as_what_was_given(project: Project, backend: str) -> None:
    project.write("shop/filters.py", "def f(x):\n    return x[:3]\n")
    module = project.build(post("(f32[n]) -> f32[n]", "y", "y: f32[n]"), [backend]).modules[backend]
    y = np.arange(5, dtype=np.float32)
    same(run_post(module, {"y": y[:3]}, ())["r"], y[:3], 0, backend)
    with pytest.raises(ValueError, match=r"expected an array of float32 \(5\), got float32 \(3,\)"):
        run_post(module, {"y": y}, ())
    module.self_check()


@pytest.mark.parametrize("backend", BACKENDS)
def test_values_of_two_sizes_are_refused_when_it_runs(project: Project, backend: str) -> None:
    """The sides of pictures are each one's own, so that the extern is the first who holds them."""
    project.write("shop/filters.py", "def f(a, b):\n    return a\n")
    text = f"""proc 1
pipeline p
extern f from "shop.filters:f" ({RGB}, {RGB}) -> {RGB}
input left: {RGB}
input right: {RGB}
pre {{
    x = f(left, right)
}}
model x: {RGB} -> y: f32[n=4]
"""
    module = project.build(text, [backend]).modules[backend]
    said = r"^left, right: the extern `f` \(shop.filters:f\): expected one size for w, got 3 and 4$"
    with pytest.raises(ValueError, match=said):
        run(module, {"left": picture(5, 3), "right": picture(5, 4)})
    module.self_check()


@pytest.mark.parametrize("backend", BACKENDS)
def test_outputs_of_two_sizes_are_refused_before_it_runs(project: Project, backend: str) -> None:
    project.write("shop/filters.py", "def f(a, b):\n    return a\n")
    text = post("(f32[n, k], f32[k]) -> f32[n]", "y, z", "y: f32[n, k], z: f32[k]")
    module = project.build(text, [backend]).modules[backend]
    with pytest.raises(ValueError, match="^y and z: expected one size of k, got 3 and 4$"):
        run_post(module, {"y": np.zeros((2, 3), np.float32), "z": np.zeros(4, np.float32)}, ())
    module.self_check()


def test_two_pictures_have_sizes_of_their_own(project: Project) -> None:
    """`@` on the one side alone: the extern may turn the picture."""
    project.write("shop/filters.py", "def f(x):\n    return x.transpose(1, 0, 2)\n")
    text = (
        f'proc 1\npipeline p\nextern f from "shop.filters:f" ({RGB} @before) -> {RGB}\n'
        f"input image: {RGB}\npre {{\n    f()\n}}\nmodel x: {RGB} -> y: f32[n=4]\n"
    )
    built = project.build(text)
    image = picture(20, 30)
    (wanted,) = preprocess(
        built.pipeline, {"image": image}, call=calling(lambda x: x.transpose(1, 0, 2))
    )
    for backend, module in built.modules.items():
        same(run(module, {"image": image})[0], wanted, 0, backend)
        module.self_check()
