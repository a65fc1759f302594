"""Modules that call externs: served, checked by themselves, as torch modules, as code."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import cv2
import pytest
import torch
from command_line import MYPY_CACHE
from extern_project import (
    DETECTOR,
    FILTERS,
    PIPELINE,
    RGB,
    SHOP_DENOISE,
    Project,
    denoised,
    file,
    loaded,
)
from support import BACKENDS, picture, run, same, to_backend, to_numpy

from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.manifest.read import read

# Where it is served


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_module_that_is_missing_where_it_is_served(project: Project, backend: str) -> None:
    files = generate(project.compiled(PIPELINE), [backend], options=Options(format=False))
    (project.folder / "shop" / "filters.py").unlink()
    said = "the pipeline `shop` needs its extern `denoise`: shop.filters:denoise cannot be imported"
    with pytest.raises(ImportError, match=said):
        loaded(files[f"shop_{backend}.py"])
    project.write("shop/filters.py", "def other(x):\n    return x\n")
    with pytest.raises(ImportError, match=f"{said}: cannot import name 'denoise'"):
        loaded(files[f"shop_{backend}.py"])


AUGMENTED = """proc 1
pipeline shop
extern denoise from "shop.filters:denoise" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb
extern augment from "training.augment:augment" (u8[h, w, c=3] cv2.hsv) -> u8[h, w, c=3] rgb
input image: u8[h, w, c=3] rgb
pre {
    denoise()
    train {
        convert(cv2.hsv)
        augment()
    }
    flip(vertical)
}
model x: u8[h, w, c=3] rgb -> y: f32[n=4]
"""
TRAINING = "def augment(image):\n    return image[:, ::-1]\n"


def forget_training() -> None:
    for name in ("training.augment", "training"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("backend", BACKENDS)
def test_serving_does_without_what_training_alone_calls(project: Project, backend: str) -> None:
    path = project.write("training/augment.py", TRAINING)
    forget_training()
    built = project.build(AUGMENTED, [backend])
    module = built.modules[backend]
    image = picture()
    (given,) = to_backend(module, [image])
    served = to_numpy(module.preprocess(given))
    assert "training.augment" not in sys.modules
    hsv = cv2.cvtColor(denoised(image), cv2.COLOR_RGB2HSV)
    same(to_numpy(module.preprocess_train(given)), hsv[::-1, ::-1], 0, backend)
    assert "training.augment" in sys.modules
    path.unlink()
    forget_training()
    again = loaded(built.files[f"shop_{backend}.py"])
    again.self_check()
    same(to_numpy(again.preprocess(given)), served, 0, backend)
    same(served, denoised(image)[::-1], 0, backend)
    said = "the pipeline `shop` needs its extern `augment`: training.augment:augment cannot be"
    with pytest.raises(ImportError, match=said):
        again.preprocess_train(given)
    project.write("shop/filters.py", FILTERS.replace("(3)", "(5)"))
    with pytest.raises(RuntimeError, match="the source of the extern `denoise`"):
        again.self_check()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_random_step_leaves_serving_as_it_is(project: Project, backend: str) -> None:
    """Without `preprocess_train`, nothing of the module names what only that would call."""
    project.write("training/augment.py", TRAINING)
    text = AUGMENTED.replace("augment()", "augment()\n        random_flip(horizontal, p=0.5)")
    pipeline = project.compiled(text)
    files = generate(pipeline, [backend], options=Options(format=False))
    code = files[f"shop_{backend}.py"]
    module = loaded(code)
    module.self_check()
    (given,) = to_backend(module, [picture()])
    same(to_numpy(module.preprocess(given)), denoised(picture())[::-1], 0, backend)
    assert not hasattr(module, "preprocess_train")
    assert not hasattr(module, "PreprocessTrain")
    assert "augment" not in code.partition("# The manifest, as in")[0].partition('"""\n')[2]
    assert [s.get("only") for s in module.MANIFEST["pre"]] == [None, *["train"] * 3, None]
    assert read(files["shop.manifest.json"]) == pipeline


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
    with ThreadPoolExecutor(1) as pool, module._StandIn((61, 83), record):
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
    with pytest.raises(RuntimeError, match="Could not export Python function call '_run_denoise'"):
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
            torch.jit.trace(torch_module.Preprocess(), (image,))
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
        ["mypy", "--config-file=", f"--cache-dir={MYPY_CACHE}"],
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
