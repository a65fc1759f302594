"""What a function of the user's may do, return and raise, on threads and in processes, too."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from extern_project import PIPELINE, RGB, Project, file
from support import BACKENDS, picture, run, run_post, same, to_backend

from procdsl.compiler import generate

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
    wanted = (
        r"the extern `strange` \(shop.filters:odd\): expected an array of uint8 \(20, 30, 3\), "
    )
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
