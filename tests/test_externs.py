"""Externs: steps in the user's own Python, on real packages in a folder of their own."""

from __future__ import annotations

import hashlib
import io
import itertools
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter
from support import BACKENDS, Built, run, run_post, same, to_backend, to_numpy

from procdsl import registry
from procdsl.checker.check import check
from procdsl.cli import externs
from procdsl.compiler import draft, generate
from procdsl.emit.names import reserved
from procdsl.interpret import postprocess, preprocess
from procdsl.ir import Pipeline, Step
from procdsl.loading import load
from procdsl.source import Source
from procdsl.syntax.tokens import WORDS

FILTERS = """
import numpy as np
from PIL import Image, ImageFilter


def denoise(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).filter(ImageFilter.MedianFilter(3)))
"""
RGB = "u8[h, w, c=3] rgb"
SHOP_DENOISE = f'denoise from "shop.filters:denoise" ({RGB}) -> {RGB}'
DENOISE = f"extern {SHOP_DENOISE}\n"
PIPELINE = f"""proc 1
pipeline shop
{DENOISE}
input image: u8[h, w, c=3] bgr
pre {{
    convert(rgb)
    denoise()
    resize(h=16, w=24, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h=16, w=24] rgb -> logits: f32[class=4]
"""
_count = itertools.count()


class Project:
    """A folder with a package `shop` that Python finds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def compiled(self, text: str) -> Pipeline:
        checked = check(Source(str(self.folder / "p.proc"), text), find=externs.find)
        assert checked.pipeline is not None, [(d.code, d.found) for d in checked.diagnostics]
        return checked.pipeline

    def build(self, text: str, backends: Sequence[str] = BACKENDS, fuse: bool = True) -> Built:
        pipeline = self.compiled(text)
        files = draft(pipeline, backends, fuse=fuse)
        modules = {
            backend: load(files[f"{pipeline.name}_{backend}.py"], f"extern_{next(_count)}")
            for backend in backends
        }
        return Built(pipeline, modules, files)

    def codes(self, text: str) -> list[tuple[str, str]]:
        checked = check(Source(str(self.folder / "p.proc"), text), find=externs.find)
        return [(d.code, d.found) for d in checked.diagnostics]


def forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    made = Project(tmp_path)
    made.write("shop/__init__.py", "")
    made.write("shop/filters.py", FILTERS)
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield made
    forget()


def picture(h: int = 20, w: int = 30, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)


def denoised(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).filter(ImageFilter.MedianFilter(3)))


def calling(function: Callable[..., Any]) -> Callable[[Step, Sequence[np.ndarray]], Any]:
    """The function as what the interpreter calls for an extern of one result."""
    return lambda step, given: [function(*given)]


def file(extern: str, *steps: str, image: str = RGB, model: str = RGB, post: str = "") -> str:
    pre = "".join(f"    {step}\n" for step in steps)
    return (
        f"proc 1\npipeline p\nextern {extern}\ninput image: {image}\npre {{\n{pre}}}\n"
        f"model x: {model} -> y: f32[n=4]\n{post}"
    )


# What they compute


@pytest.mark.parametrize("fuse", [True, False])
def test_every_backend_runs_the_function(project: Project, fuse: bool) -> None:
    built = project.build(PIPELINE, fuse=fuse)
    for size in ((20, 30), (3, 3), (90, 7)):
        image = picture(*size)
        (wanted,) = preprocess(built.pipeline, {"image": image}, call=calling(denoised))
        for backend, module in built.modules.items():
            same(run(module, {"image": image})[0], wanted, 0, backend)


def test_channels_are_not_moved_past_an_extern(project: Project) -> None:
    project.write(
        "shop/filters.py",
        "def first(x):\n    x[..., 0] //= 2\n    x[::2] = x[::2, ::-1]\n    return x\n",
    )
    extern = f'first from "shop.filters:first" ({RGB}) -> {RGB}'
    text = file(
        extern, "convert(rgb)", "first()", "convert(bgr)", "crop(top=1, left=2, h=5, w=6)",
        image="u8[h, w, c=3] bgr", model="u8[h=5, w=6, c=3] bgr",
    )  # fmt: skip
    image = picture()
    x = image[..., ::-1].copy()
    x[..., 0] //= 2
    x[::2] = x[::2, ::-1]
    wanted = x[1:6, 2:8, ::-1]
    for fuse in (True, False):
        for backend, module in project.build(text, fuse=fuse).modules.items():
            same(run(module, {"image": image})[0], wanted, 0, backend)


DTYPES = {"u8": "uint8", "u16": "uint16", "i32": "int32", "i64": "int64"}
DTYPES |= {"f32": "float32", "f16": "float16", "bool": "bool"}


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_goes_there_and_back(project: Project, dtype: str) -> None:
    project.write("shop/filters.py", "def turn(x):\n    return x[::-1], x[0, 0], x.T\n")
    text = f"""proc 1
pipeline p
extern turn from "shop.filters:turn" ({dtype}[a, b]) -> {dtype}[a, b], {dtype}[], {dtype}[b, a]
model x: f32[n=1] -> y: {dtype}[a, b]
post {{
    u, v, w = turn(y)
}}
output u, v, w
"""
    built = project.build(text)
    y = (np.arange(12) % 7).reshape(3, 4).astype(DTYPES[dtype])
    for backend, module in built.modules.items():
        found = run_post(module, {"y": y}, ())
        for result, wanted in zip(found.values(), (y[::-1], y[0, 0], y.T), strict=True):
            same(np.asarray(result), np.asarray(wanted), 0, backend)
        module.self_check()


def test_several_values_and_several_calls(project: Project) -> None:
    project.write("shop/filters.py", "def mix(a, b):\n    return a // 2 + b // 2\n")
    text = f"""proc 1
pipeline p
extern mix from "shop.filters:mix" ({RGB} @a, {RGB} @b) -> {RGB} @b
input left: {RGB}
input right: {RGB}
pre {{
    both = mix(left, right)
    x = mix(both, left)
}}
model x: {RGB} -> y: f32[n=4]
"""
    built = project.build(text)
    left, right = picture(seed=1), picture(seed=2)
    wanted = (left // 2 + right // 2) // 2 + left // 2
    for backend, module in built.modules.items():
        same(run(module, {"left": left, "right": right})[0], wanted, 0, backend)
        module.self_check()
        record = module.MANIFEST["self_check"]["preprocess"]
        assert set(record) == {
            "x", *(f"mix, call {n}, value {i}" for n in (1, 2) for i in (1, 2))
        }  # fmt: skip


def test_a_step_of_training_alone(project: Project) -> None:
    text = f"""proc 1
pipeline p
{DENOISE}
input image: {RGB}
pre {{
    train {{
        denoise()
    }}
    flip(vertical)
}}
model x: {RGB} -> y: f32[n=4]
"""
    built = project.build(text)
    image = picture()
    for backend, module in built.modules.items():
        (given,) = to_backend(module, [image])
        same(to_numpy(module.preprocess(given)), image[::-1], 0, backend)
        same(to_numpy(module.preprocess_train(given)), denoised(image)[::-1], 0, backend)
        module.self_check()


def test_a_clip_only_where_it_is_declared(project: Project) -> None:
    clip = f"u8[t, {RGB[3:]}"
    text = file(SHOP_DENOISE, "denoise()", image=clip, model=clip)
    assert {code for code, _ in project.codes(text)} == {"E312"}
    project.write("shop/filters.py", "def turn(x):\n    return x[::-1]\n")
    text = file(
        f'turn from "shop.filters:turn" ({clip}) -> {clip}', "turn()", image=clip, model=clip
    )
    frames = np.stack([picture(seed=n) for n in range(3)])
    for backend, module in project.build(text).modules.items():
        same(run(module, {"image": frames})[0], frames[::-1], 0, backend)


# Frames of coordinates

DETECTOR = f"""proc 1
pipeline p
extern denoise from "shop.filters:denoise" ({RGB} @image) -> {RGB} @image
input image: {RGB}
pre {{
    resize(h=40, w=50, sampler=cv2.linear)
    denoise()
}}
model x: u8[h=40, w=50, c=3] rgb -> boxes: f32[n, box=4] boxes
post {{
    found = back_to(boxes, image)
}}
output found
"""


def test_pixels_that_stay_keep_size_and_frame(project: Project) -> None:
    boxes = np.array([[10, 8, 25, 20]], np.float32)
    for backend, module in project.build(DETECTOR).modules.items():
        found = run_post(module, {"boxes": boxes}, [(20, 100)])["found"]
        same(found, np.array([[20, 4, 50, 10]], np.float32), 0, backend)
        module.self_check()


def test_without_a_frame_there_is_no_way_back(project: Project) -> None:
    codes = [code for code, _ in project.codes(DETECTOR.replace(" @image", ""))]
    assert "E312" in codes  # any size
    assert len(codes) > 1  # and no frame
    other = DETECTOR.replace("rgb @image)", "rgb @here)")
    assert project.codes(other)[0][0] == "E206"


@pytest.mark.parametrize("backend", BACKENDS)
def test_pixels_that_stay_may_not_change_their_number(project: Project, backend: str) -> None:
    module = project.build(DETECTOR, [backend]).modules[backend]
    sys.modules["shop.filters"].denoise = lambda x: x[:-1]  # type: ignore[attr-defined]
    module.denoise = sys.modules["shop.filters"].denoise  # type: ignore[attr-defined]
    with pytest.raises(
        ValueError, match=r"expected .* uint8 \(40, 50, 3\), got uint8 \(39, 50, 3\)"
    ):
        run(module, {"image": picture()})


# Memory


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_function_may_write_to_what_it_is_given(project: Project, backend: str) -> None:
    project.write("shop/filters.py", "def wipe(x):\n    x[:] = 7\n    return x\n")
    text = file(f'wipe from "shop.filters:wipe" ({RGB}) -> {RGB}', "wipe()")
    module = project.build(text, [backend]).modules[backend]
    image = picture()
    kept = image.copy()
    read_only = picture()
    read_only.flags.writeable = False
    given: list[Any] = [image, image[::2, ::-1], read_only]
    if backend == "torch":
        given = [torch.from_numpy(image), torch.from_numpy(image)[::2].transpose(0, 1)]
    for x in given:
        assert (module.preprocess(x) == 7).all()
    assert np.array_equal(image, kept)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_function_may_keep_what_it_returns(project: Project, backend: str) -> None:
    """A buffer that it uses again, or a table that it holds: neither is the caller's memory."""
    project.write(
        "shop/filters.py",
        "import numpy as np\nBUFFER = np.zeros((4, 4, 3), np.uint8)\n\n\n"
        "def keep(x):\n    BUFFER[:] = x\n    return BUFFER\n",
    )
    text = file(f'keep from "shop.filters:keep" ({RGB}) -> {RGB}', "keep()")
    module = project.build(text, [backend]).modules[backend]
    images = [picture(4, 4, seed) for seed in range(3)]
    found = module.preprocess_batch(to_backend(module, images))
    assert np.array_equal(np.asarray(found), np.stack(images))
    one = module.preprocess(to_backend(module, images)[0])
    one[:] = 0
    assert np.array_equal(sys.modules["shop.filters"].BUFFER, images[0])


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_gives_one_memory_layout(project: Project, backend: str) -> None:
    project.write(
        "shop/filters.py",
        "def look(x):\n    assert x.flags.c_contiguous and x.flags.writeable and x.flags.owndata\n"
        "    return x\n",
    )
    text = file(
        f'look from "shop.filters:look" ({RGB}) -> {RGB}',
        "flip(horizontal)",
        "look()",
        "flip(vertical)",
    )
    module = project.build(text, [backend]).modules[backend]
    same(run(module, {"image": picture()})[0], picture()[::-1, ::-1], 0, backend)


# What a function must return


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("returns", "error", "said"),
    [
        ("None", TypeError, "got NoneType"),
        ("[[1]]", TypeError, "got list"),
        ("(x,)", TypeError, "got tuple"),
        ("torch.zeros(2)", TypeError, "got Tensor"),
        ("np.ma.masked_array(x)", TypeError, "got MaskedArray"),
        ("x / 255", TypeError, r"got float64 \(20, 30, 3\)"),
        ("x.astype('>u2')", TypeError, r"got >u2 \(20, 30, 3\)"),
        ("x.astype(object)", TypeError, r"got object \(20, 30, 3\)"),
        ("x[..., 0]", ValueError, r"got uint8 \(20, 30\)"),
        ("x[..., :2]", ValueError, r"got uint8 \(20, 30, 2\)"),
        ("x[None]", ValueError, r"got uint8 \(1, 20, 30, 3\)"),
        ("x[:0]", ValueError, r"got uint8 \(0, 30, 3\)"),
    ],
)
def test_what_is_not_as_declared(
    project: Project, backend: str, returns: str, error: type[Exception], said: str
) -> None:
    code = f"import numpy as np\nimport torch\n\n\ndef odd(x):\n    return {returns}\n"
    project.write("shop/filters.py", code)
    text = file(f'strange from "shop.filters:odd" ({RGB}) -> {RGB}', "strange()")
    module = project.build(text, [backend]).modules[backend]
    wanted = r"the extern `strange` \(shop.filters:odd\): expected an array of uint8 \(h, w, 3\), "
    with pytest.raises(error, match=wanted + said):
        run(module, {"image": picture()})


@pytest.mark.parametrize("backend", BACKENDS)
def test_several_results_are_a_tuple_of_them(project: Project, backend: str) -> None:
    project.write("shop/filters.py", "def two(x):\n    return RESULT\n")
    text = """proc 1
pipeline p
extern two from "shop.filters:two" (f32[n=4]) -> f32[n=4], i64[]
model x: f32[n=1] -> y: f32[n=4]
post {
    a, b = two(y)
}
output a, b
"""
    module = project.build(text, [backend]).modules[backend]
    y = np.arange(4, dtype=np.float32)
    for result, said in (
        (y, "expected a tuple of 2 arrays, got ndarray"),
        ((y,), "expected a tuple of 2 arrays, got 1"),
        ((y, 3), r"result 2 of the extern `two` .* expected an array of int64 \(\), got int"),
        ((y, np.int32(3)), r"result 2 .*, got int32 \(\)"),
    ):
        sys.modules["shop.filters"].RESULT = result  # type: ignore[attr-defined]
        with pytest.raises(TypeError, match=said):
            run_post(module, {"y": y}, ())
    sys.modules["shop.filters"].RESULT = (y, np.int64(3))  # type: ignore[attr-defined]
    assert run_post(module, {"y": y}, ())["b"] == 3


# What a function raises

FAILING = """
class Lost(Exception):
    def __init__(self, place, reason):
        super().__init__(f"{reason} at {place}")


def fail(x):
    if x[0, 0, 0] == 1:
        raise Lost(3, "nothing")
    if x[0, 0, 0] == 2:
        raise ValueError("two")
    return x
"""


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("backend", BACKENDS)
def test_what_a_function_raises_comes_through(project: Project, backend: str, workers: int) -> None:
    project.write("shop/filters.py", FAILING)
    text = file(f'fail from "shop.filters:fail" ({RGB}) -> {RGB}', "fail()")
    module = project.build(text, [backend]).modules[backend]
    note = "raised by the extern `fail` (shop.filters:fail)"
    images = to_backend(module, [np.full((4, 4, 3), n, np.uint8) for n in (0, 1, 2)])
    with pytest.raises(Exception, match="^nothing at 3\n") as lost:
        module.preprocess(images[1])
    assert type(lost.value) is sys.modules["shop.filters"].Lost
    assert lost.value.__notes__ == [note]
    assert "filters.py" in str(lost.traceback[-1].path)
    with pytest.raises(Exception, match="^nothing at 3\n") as lost:
        module.preprocess_batch(images[:2], workers=workers)
    assert lost.value.__notes__ == [note]
    with pytest.raises(ValueError, match="^sample 1: two$") as two:
        module.preprocess_batch([images[0], images[2]], workers=workers)
    assert two.value.__cause__ is not None
    assert two.value.__cause__.__notes__ == [note]


# Threads and processes


@pytest.mark.parametrize("backend", BACKENDS)
def test_batches_on_threads(project: Project, backend: str) -> None:
    module = project.build(PIPELINE, [backend]).modules[backend]
    images = to_backend(module, [picture(10 + n, 30 - n, n) for n in range(8)])
    one, two = (module.preprocess_batch(images, workers=n) for n in (1, 2))
    assert (one == two).all()


def test_processes_and_pickles(project: Project) -> None:
    for name, text in generate(project.compiled(PIPELINE)).items():
        project.write(name, text)
    project.write(
        "main.py",
        "import multiprocessing, pickle\nimport numpy as np, torch\nimport shop_numpy, shop_torch\n"
        "if __name__ == '__main__':\n"
        "    image = np.arange(5 * 6 * 3, dtype=np.uint8).reshape(5, 6, 3)\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        found = pool.map(shop_numpy.preprocess, [image])[0]\n"
        "    module = pickle.loads(pickle.dumps(shop_torch.Preprocess()))\n"
        "    assert np.array_equal(module(torch.from_numpy(image)).numpy(), found)\n"
        "    print(found.shape)\n",
    )
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=project.folder, capture_output=True, text=True
    )
    assert done.stdout.strip() == "(3, 16, 24)", done.stderr


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
    doc = module.run_denoise.__doc__
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
    (edit,) = checked.diagnostics[0].edits
    mended = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert check(Source("p.proc", mended)).diagnostics == ()


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
    files = draft(project.compiled(PIPELINE))
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
        for edit in sorted(diagnostic.edits, key=lambda edit: -edit.span.start):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        assert (f'from "{meant}"' in text) == bool(meant)
        assert check(Source(source.name, text), find=externs.find).diagnostics == ()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_module_that_is_missing_where_it_is_served(project: Project, backend: str) -> None:
    files = draft(project.compiled(PIPELINE), [backend])
    (project.folder / "shop" / "filters.py").unlink()
    said = "the pipeline `shop` needs its extern `denoise`: shop.filters:denoise cannot be imported"
    with pytest.raises(ImportError, match=said):
        load(files[f"shop_{backend}.py"], f"extern_{next(_count)}")
    project.write("shop/filters.py", "def other(x):\n    return x\n")
    with pytest.raises(ImportError, match=f"{said}: cannot import name 'denoise'"):
        load(files[f"shop_{backend}.py"], f"extern_{next(_count)}")


# self_check


@pytest.mark.parametrize("backend", BACKENDS)
def test_self_check_runs_no_extern(project: Project, backend: str) -> None:
    project.write("shop/filters.py", "def denoise(x):\n    raise AssertionError('it ran')\n")
    module = project.build(PIPELINE, [backend]).modules[backend]
    module.self_check()
    with pytest.raises(AssertionError, match="it ran"):
        run(module, {"image": picture()})


@pytest.mark.parametrize("backend", BACKENDS)
def test_self_check_finds_a_source_that_changed(project: Project, backend: str) -> None:
    module = project.build(PIPELINE, [backend]).modules[backend]
    path = project.write("shop/filters.py", FILTERS.replace("\n", "\r\n"))
    module.self_check()
    project.write("shop/filters.py", FILTERS.replace("(3)", "(5)"))
    said = r"self_check: the source of the extern `denoise` \(shop.filters:denoise\) is not the one"
    with pytest.raises(RuntimeError, match=f"{said} .*filters.py has the SHA-256"):
        module.self_check()
    path.unlink()
    with pytest.raises(RuntimeError, match="self_check: no source of the extern `denoise`"):
        module.self_check()


RESIZE = "resize(h=16, w=24, sampler=cv2.linear)"
RESIZED = "u8[h=16, w=24, c=3] rgb"


@pytest.mark.parametrize(
    ("steps", "model", "name"),
    [
        ((RESIZE, "denoise()"), RGB, "denoise, call 1, value 1"),
        (("denoise()", RESIZE), RESIZED, "x"),
    ],
)
def test_self_check_finds_drift_on_both_sides(
    project: Project, monkeypatch: pytest.MonkeyPatch, steps: tuple[str, ...], model: str, name: str
) -> None:
    module = project.build(file(SHOP_DENOISE, *steps, model=model), ["cv2"]).modules["cv2"]
    module.self_check()
    resize = module.cv2.resize
    monkeypatch.setattr(module.cv2, "resize", lambda *a, **k: resize(*a, **k) ^ 1)
    with pytest.raises(RuntimeError, match=f"self_check: `{name}` is not what the compiler"):
        module.self_check()


@pytest.mark.parametrize("backend", BACKENDS)
def test_self_check_leaves_other_threads_alone(project: Project, backend: str) -> None:
    built = project.build(PIPELINE, [backend])
    module, image = built.modules[backend], picture()
    (wanted,) = run(module, {"image": image})
    record = {"denoise, call 1, value 1": {"sha256": "0" * 64}}
    with ThreadPoolExecutor(1) as pool, module.StandIn((61, 83), record):
        same(pool.submit(run, module, {"image": image}).result()[0], wanted, 0, backend)
        with pytest.raises(RuntimeError, match="denoise, call 1, value 1"):
            run(module, {"image": image})
    same(run(module, {"image": image})[0], wanted, 0, backend)


# torch


@pytest.fixture
def torch_module(project: Project) -> ModuleType:
    return project.build(PIPELINE, ["torch"]).modules["torch"]


def test_torch_scripts_but_does_not_save(torch_module: ModuleType) -> None:
    image = torch.from_numpy(picture())
    scripted = torch.jit.script(torch_module.Preprocess())
    assert torch.equal(scripted(image), torch_module.preprocess(image))
    with pytest.raises(RuntimeError, match="Could not export Python function call 'run_denoise'"):
        torch.jit.save(scripted, io.BytesIO())


def test_torch_scripts_several_results(project: Project) -> None:
    project.write("shop/filters.py", "def two(a, b):\n    return a + b, a - b\n")
    text = """proc 1
pipeline p
extern two from "shop.filters:two" (f32[n=4], f32[n=4]) -> f32[n=4], f32[n=4]
model x: f32[n=1] -> y: f32[n=4], z: f32[n=4]
post {
    a, b = two(y, z)
}
output a, b
"""
    module = project.build(text, ["torch"]).modules["torch"]
    y, z = torch.arange(4.0), torch.ones(4)
    found = torch.jit.script(module.Postprocess())(y, z)
    assert torch.equal(found.a, y + z)
    assert torch.equal(found.b, y - z)


def test_torch_refuses_to_bake_a_result_in(torch_module: ModuleType) -> None:
    """A trace would keep what the function gave for the example."""
    image = torch.from_numpy(picture())
    said = r"the extern `denoise` \(shop.filters:denoise\) .* cannot be traced or exported"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the checks, which a trace does not keep
        with pytest.raises(RuntimeError, match=said):
            torch.jit.trace(torch_module.Preprocess(), (image,))  # type: ignore[no-untyped-call]
    with pytest.raises(RuntimeError, match=said):
        torch.export.export(torch_module.Preprocess(), (image,))
    with pytest.raises(torch._dynamo.exc.Unsupported, match="run_denoise"):
        torch.export.export(torch_module.Preprocess(), (image,), strict=True)


def test_torch_compile_leaves_the_function_to_python(torch_module: ModuleType) -> None:
    image = torch.from_numpy(picture())
    whole: Any = torch.compile(torch_module.Preprocess(), backend="eager")
    assert torch.equal(whole(image), torch_module.preprocess(image))


def test_torch_cuts_gradients(project: Project) -> None:
    project.write("shop/filters.py", "def f(x):\n    return x * x\n")
    image = "f32[h, w, c=3] rgb"
    text = file(f'f from "shop.filters:f" ({image}) -> {image}', "f()", image=image, model=image)
    module = project.build(text, ["torch"]).modules["torch"]
    x = torch.full((2, 2, 3), 3.0, requires_grad=True)
    found = module.preprocess(x)
    assert torch.equal(found, torch.full((2, 2, 3), 9.0))
    assert not found.requires_grad


def test_a_module_pickles(torch_module: ModuleType) -> None:
    image = torch.from_numpy(picture())
    again = pickle.loads(pickle.dumps(torch_module.Preprocess()))
    assert torch.equal(again(image), torch_module.preprocess(image))


# The generated code


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--isolated"],
        ["black", "--check", "--quiet", "--line-length", "100"],
        ["mypy", "--config-file=", "--no-incremental"],
    ],
    ids=lambda command: command[0],
)
def test_modules_pass_as_hand_written_code_does(project: Project, command: Sequence[str]) -> None:
    text = DETECTOR.replace('denoise from "shop.filters:denoise"', 'np from "shop.filters:denoise"')
    text = text.replace("    denoise()", "    np()").replace("extern", "## Doc.\nextern")
    paths = [
        str(project.write(name, code))
        for name, code in generate(project.compiled(text)).items()
        if name.endswith(".py")
    ]
    assert len(paths) == 3
    done = subprocess.run(
        [sys.executable, "-m", *command, *paths],
        capture_output=True, text=True, cwd=project.folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_postprocess_by_the_interpreter(project: Project) -> None:
    """The interpreter runs what stands for an extern, and refuses to guess."""
    project.write("shop/filters.py", "def f(x):\n    return x\n")
    text = """proc 1
pipeline p
extern f from "shop.filters:f" (f32[n=4]) -> f32[n=4]
model x: f32[n=1] -> y: f32[n=4]
post {
    a = f(y)
}
output a
"""
    pipeline = project.compiled(text)
    y = np.arange(4, dtype=np.float32)
    (found,) = postprocess(pipeline, {"y": y}, {}, calling(lambda x: x * 2))
    assert np.array_equal(np.asarray(found), y * 2)
    with pytest.raises(LookupError, match="nothing stands for the extern `f`"):
        postprocess(pipeline, {"y": y}, {})
