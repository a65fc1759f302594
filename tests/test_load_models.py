"""The models that `procdsl.load` runs: from the file, or given by the caller."""

from __future__ import annotations

import importlib.util
import re
import threading
import warnings
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import model_files as made
import numpy as np
import pytest
import torch
from documents import ROOT
from support import compiled, picture

import procdsl
from procdsl import discovery
from procdsl.modelfile.formats import formats
from procdsl.serving import runtime, session
from procdsl.serving.runtime import runtimes
from procdsl.serving.session import Session

IMAGE = picture()
CONTRACT = compiled(
    "proc 1\npipeline p\nmodel a: f32[n=2], b: u8[n=3] -> y: f32[m], z: i64[k=1]\n"
).model


def carrier(kind: str, folder: Path, text: str = "") -> Path:
    path = folder / kind
    path.write_bytes(made.embedded(made.MADE[kind](), text or made.manifest()))
    return path


# The caller's own


def as_mapping(x: np.ndarray) -> Any:
    return {"hidden": x, "logits": np.ones((len(x), 4), np.float32)}


class Foreign:
    """An array of another library, such as JAX."""

    shape, dtype = (1, 4), np.dtype(np.float32)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.ones(self.shape, np.float32)


@pytest.mark.parametrize(
    "model",
    [
        as_mapping,
        lambda x: np.ones((len(x), 4), np.float32),
        lambda x: [np.ones((len(x), 4), np.float32)],
        lambda x: {"only": torch.ones(len(x), 4, requires_grad=True)},
        lambda x: Foreign(),
        torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3072, 4)).eval(),
    ],
)
def test_what_a_model_may_give(model: Callable[..., Any], tmp_path: Path) -> None:
    processor = procdsl.load(carrier("checkpoint", tmp_path), model=model)
    found = processor(IMAGE).probabilities
    assert type(found) is np.ndarray
    assert found.shape == (4,)
    assert np.isclose(found.sum(), 1)


@pytest.mark.parametrize(
    ("gives", "kind", "said"),
    [
        (lambda x: None, TypeError, "`logits`: expected an array, got NoneType"),
        (
            lambda x: np.ones((len(x), 4)),
            ValueError,
            r"the contract wants f32\[1, 4\].*gives float64\[",
        ),
        (lambda x: np.ones(4, np.float32), ValueError, r"wants f32\[1, 4\], .*gives f32\[4\]"),
        (lambda x: np.ones((2, 4), np.float32), ValueError, r"wants f32\[1, 4\],.* f32\[2, 4\]"),
        (lambda x: (x, x), ValueError, "the contract has the outputs `logits`, the model one, one"),
        (lambda x: {"a": x, "b": x}, ValueError, "has the outputs `logits`, the model `a`, `b`"),
    ],
)
def test_a_model_that_gives_something_else(
    gives: Any, kind: type[Exception], said: str, tmp_path: Path
) -> None:
    processor = procdsl.load(carrier("checkpoint", tmp_path), model=gives)
    with pytest.raises(kind, match=said):
        processor(IMAGE)


def test_what_a_model_is_not_run_on(tmp_path: Path) -> None:
    processor = procdsl.load(carrier("torchscript", tmp_path))
    fed = processor.preprocess(IMAGE)
    for wrong, kind, said in [
        (IMAGE, ValueError, r"`x`: expected f32\[1, 3, 32, 32\].* got u8\[1, 20, 30, 3\]"),
        (fed.astype(np.float64), ValueError, r"got float64\[1, 3, 32, 32\]"),
        (fed[:, :31], ValueError, r"got f32\[1, 3, 31, 32\]"),
        (fed[None][:0], ValueError, "the model is run on no sample"),
        ([fed], TypeError, "`x`: expected an array, got list"),
    ]:
        with pytest.raises(kind, match=said):
            processor.run(wrong)
    with pytest.raises(ValueError, match="no sample"):
        processor([])
    read_only = fed[:, ::-1, ::-1]
    read_only.flags.writeable = False
    assert processor.run(read_only).shape == (4,)


# From the file


def test_weights_alone_are_not_run(tmp_path: Path) -> None:
    processor = procdsl.load(carrier("safetensors", tmp_path))
    with pytest.raises(ValueError, match=r"safetensors \(safetensors\) holds no model that can be"):
        processor(IMAGE)
    (tmp_path / "a.proc").write_text(made.PIPELINE)
    with pytest.raises(ValueError, match=r"\(a `.proc` file\) holds no model .*function, model=,"):
        procdsl.load(tmp_path / "a.proc")(IMAGE)


def test_a_runtime_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    processor = procdsl.load(carrier("torchscript", tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said = r"torchscript \(TorchScript\) needs torch, which is not installed: pip install torch, or"
    with pytest.raises(ImportError, match=said):
        processor(IMAGE)


def test_a_model_that_the_runtime_cannot_open(tmp_path: Path) -> None:
    damaged = made.repacked(made.torchscript(), {"archive/data.pkl": b"N."})
    path = tmp_path / "m.pt"
    path.write_bytes(made.embedded(damaged, made.manifest()))
    processor = procdsl.load(path)
    with pytest.raises(ValueError, match=rf"{path}: torch cannot open it: "):
        processor(IMAGE)


def test_a_file_that_is_replaced(tmp_path: Path) -> None:
    path = carrier("torchscript", tmp_path)
    processor = procdsl.load(path)
    path.write_bytes(made.embedded(made.torchscript(), made.manifest(made.OTHER)))
    with pytest.raises(ValueError, match="was replaced since it was loaded"):
        processor(IMAGE)
    carrier("torchscript", tmp_path)
    first = processor(IMAGE)
    path.unlink()
    assert np.array_equal(processor(IMAGE).probabilities, first.probabilities)  # it is open


def test_it_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, both = [], threading.Barrier(2)
    really = runtime.opened

    def opening(path: str, format: str) -> Session:
        opened.append(path)
        return really(path, format)

    monkeypatch.setattr(runtime, "opened", opening)
    processor = procdsl.load(carrier("torchscript", tmp_path))
    found = []

    def serve() -> None:
        both.wait()
        found.append(processor(IMAGE).probabilities.tolist())

    threads = [threading.Thread(target=serve) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1
    assert found[0] == found[1]


def test_a_model_of_one_size_of_batch(tmp_path: Path) -> None:
    for size in (1, 2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.export.export(made.net(), (made.EXAMPLE[:size],))
            torch.export.save(program, tmp_path / "m.pt2")
        data = (tmp_path / "m.pt2").read_bytes()
        (tmp_path / "m.pt2").write_bytes(made.embedded(data, made.manifest()))
        processor = procdsl.load(tmp_path / "m.pt2")
        batch = [IMAGE, IMAGE[:20], IMAGE[::-1]]
        if size == 1:
            alone = [processor(one).probabilities.tolist() for one in batch]
            assert [one.probabilities.tolist() for one in processor(batch)] == alone
        else:
            assert len(processor(batch[:2])) == 2
            with pytest.raises(ValueError, match="the model takes batches of 2, got 3 samples"):
                processor(batch)


# Names


def echo(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return a.astype(np.float32), b[:, :1].astype(np.int64)


A = np.array([[1, 2], [3, 4]], np.float32)
B = np.array([[5, 6, 7], [8, 9, 1]], np.uint8)


@pytest.mark.parametrize(
    ("inputs", "outputs", "swapped"),
    [
        ((), (), False),
        ([{"a"}, {"b"}], [{"y"}, {"z"}], False),
        ([{"b", "second"}, {"a"}], [{"z"}, {"y", "other"}], True),
        ([{"a"}, {"b"}], [{"more"}, {"z"}, {"y"}], True),
    ],
)
def test_values_are_matched_by_name(
    inputs: Sequence[Collection[str]], outputs: Sequence[Collection[str]], swapped: bool
) -> None:
    def model(*given: np.ndarray) -> Any:
        first, second = (given[1], given[0]) if [*inputs][:1] == [{"b", "second"}] else given
        y, z = echo(first, second)
        found = [z, y] if swapped else [y, z]
        return [None] * (len(outputs) - 2) + found

    y, z = session.run(Session(model, False, inputs, outputs), CONTRACT, [A, B], tensors=False)
    assert (y.tolist(), z.tolist()) == ([[1, 2], [3, 4]], [[5], [8]])


@pytest.mark.parametrize(
    ("inputs", "outputs", "said"),
    [
        ([{"a"}, {"c"}], (), "the contract has the inputs `a`, `b`, the model `a`, `c`"),
        ([{"a"}, {"b"}, {"c"}], (), "has the inputs `a`, `b`, the model `a`, `b`, `c`"),
        ((), [{"y"}, {"w"}], "the contract has the outputs `y`, `z`, the model `y`, `w`"),
    ],
)
def test_names_that_do_not_fit(
    inputs: Sequence[Collection[str]], outputs: Sequence[Collection[str]], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        session.run(Session(echo, False, inputs, outputs), CONTRACT, [A, B], tensors=False)


def test_an_exported_program_with_its_inputs_in_another_order(tmp_path: Path) -> None:
    class Two(torch.nn.Module):
        def forward(self, b: torch.Tensor, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return a + 1, b[:, :1].long()

    text = "proc 1\npipeline p\nmodel a: f32[n=2], b: u8[n=3] -> y: f32[m=2], z: i64[k=1]\n"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(Two(), (torch.tensor(B), torch.tensor(A)))
        torch.export.save(program, tmp_path / "m.pt2")
    data = (tmp_path / "m.pt2").read_bytes()
    (tmp_path / "m.pt2").write_bytes(made.embedded(data, made.manifest(text)))
    y, z = procdsl.load(tmp_path / "m.pt2").run((A, B))
    assert (y.tolist(), z.tolist()) == ([[2, 3], [4, 5]], [[5], [8]])


# Runtimes


def test_each_format_has_at_most_one_runtime() -> None:
    opened = [title for one in runtimes() for title in one.formats]
    assert len(set(opened)) == len(opened)
    assert set(opened) <= {format.title for format in formats()}
    assert [one.library for one in runtimes()] == [*discovery.modules("runtimes")]


def test_the_page_says_who_runs_which_format() -> None:
    page = (ROOT / "docs" / "model-files.md").read_text(encoding="utf-8")
    section = page.partition("### Who runs the model")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section, re.M)[1:]
    assert len(rows) == len(runtimes()) + 1  # and `model=`
    for one in runtimes():
        (formats_,) = [
            said for said, by in rows if by.lower().replace(" ", "").startswith(one.library)
        ]
        assert all(title in formats_ for title in one.formats)
