"""Models of a project, and how they are baked: the classifier, a detector, a segmenter."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from command_line import PHOTOGRAPH
from PIL import Image
from pipelines import CLASSIFIER, DETECTOR
from torch import nn

from procdsl.bake import steps
from procdsl.cli.main import main
from procdsl.codegen.python.code import Draft
from procdsl.codegen.python.loading import load

NETWORKS = '''
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.convolution = nn.Conv2d(3, 8, 3, 2)
        self.linear = nn.Linear(8, 4)

    def forward(self, x):
        return 5 * self.linear(self.convolution(x).relu().mean((2, 3)))


class Detector(nn.Module):
    """The layout of YOLOv8: centre, size and scores of each anchor, in pixels of 64 x 64."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.convolution = nn.Conv2d(3, 8, 3, 2)
        self.linear = nn.Linear(8, 7 * 40)

    def forward(self, x):
        raw = self.linear(self.convolution(x).mean((2, 3))).reshape(-1, 7, 40)
        places = 64 * raw[:, :4].sigmoid()
        return torch.cat([places, (3 * raw[:, 4:]).sigmoid()], 1)


class Segmenter(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.convolution = nn.Conv2d(3, 5, 3, 2, padding=1)

    def forward(self, x):
        return self.convolution(x)


def classifier(checkpoint=None):
    network = Classifier()
    if checkpoint is not None:
        network.load_state_dict(checkpoint["model"])
    return network


def detector():
    return Detector()


def segmenter():
    return Segmenter()
'''
SEGMENTER = """proc 1
pipeline segmenter
input image: u8[h, w, c=3] rgb
pre {
    resize(h=48, w=64, sampler=cv2.linear)
    to_float(scale=1/255)
    normalize(mean=0.5, std=0.25)
    layout(c, h, w)
}
model x: f32[c=3, h=48, w=64] rgb -> logits: f32[class=5, h=24, w=32]
post {
    labels = argmax(logits, over=class)
}
output labels
"""
FOUND = DETECTOR.replace(
    "    found = clip_to(found, image)\n}\noutput found",
    "    found = clip_to(found, image)\n"
    '    names = lookup(found.classes, table=("cat", "dog", "bird"))\n}\noutput found, names',
)
PIPELINES = {"classifier": CLASSIFIER, "detector": FOUND, "segmenter": SEGMENTER}


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """In a folder with the pipelines and the networks, in which commands are run."""
    before, path = Path.cwd(), list(sys.path)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
        for name in list(sys.modules):
            if name.partition(".")[0] in ("networks", "shop"):
                del sys.modules[name]


def laid_out(folder: Path) -> Path:
    """The files of the studio."""
    (folder / "networks.py").write_text(NETWORKS)
    for name, text in PIPELINES.items():
        (folder / f"{name}.proc").write_text(text)
    (folder / "out").mkdir()
    return folder


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Path]:
    """A folder of a test's own, with the pipelines and the networks."""
    with inside(laid_out(tmp_path)):
        yield tmp_path


class Bakery:
    """Files that several tests look at, each baked once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._baked: dict[tuple[str, ...], tuple[Path, str]] = {}

    def __call__(self, name: str, to: str, *words: str) -> tuple[Path, str]:
        """The file, in a folder of its own, and what was told of it."""
        key = (name, to, *words)
        if key not in self._baked:
            folder = self._folder / str(len(self._baked))
            folder.mkdir()
            with inside(laid_out(folder)):
                path, told = baked(name, to, *words)
                self._baked[key] = (folder / path, told)
        return self._baked[key]


@pytest.fixture(scope="session")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Bakery:
    return Bakery(tmp_path_factory.mktemp("bakery"))


def network(name: str) -> nn.Module:
    """The network of a pipeline, as the factory makes it."""
    made: nn.Module = getattr(load(NETWORKS, "baking_networks"), name)().eval()
    return made


def ran(*words: str, laid: bool = False) -> tuple[int, str, str]:
    """A command's exit code, what it prints, and what it tells.

    To save time no step is timed for long, torch has one thread, and modules are laid out for
    readers only if `laid`.
    """
    printed, told = io.StringIO(), io.StringIO()
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        torch.set_num_threads(1)
        patch.setattr(steps, "_SECONDS", 0)
        if not laid:
            patch.setattr(Draft, "formatted", lambda draft: draft.text)
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
            code = main(words)
        torch.set_num_threads(threads)
    assert "bug in procdsl" not in told.getvalue(), told.getvalue()
    return code, printed.getvalue(), told.getvalue()


def baked(name: str, to: str, *words: str, laid: bool = False) -> tuple[Path, str]:
    """Bake a pipeline of the folder round its network; the file, and what was told."""
    path = f"out/{name}.{to}"
    made = {"--model", "--factory"} & set(words)
    given = words if made else ("--factory", f"networks:{name}", *words)
    code, printed, told = ran("bake", f"{name}.proc", "--to", to, "-o", path, *given, laid=laid)
    assert code == 0, told
    assert printed.splitlines()[0] == path
    return Path(path), told


def refused(folder: Path, *words: str, code: int = 2) -> str:
    """What a command says that writes nothing."""

    def files() -> dict[Path, bytes]:
        found = (p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
        return {path: path.read_bytes() for path in found}

    before = files()
    found, printed, told = ran("bake", *words)
    assert (found, printed) == (code, ""), told
    assert files() == before
    return told


def photograph(h: int | None = None, w: int | None = None) -> np.ndarray:
    return np.asarray(Image.open(PHOTOGRAPH).convert("RGB"))[:h, :w]


def opened(path: Path, to: str) -> Any:
    """A baked file in torch, by nothing of procdsl."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if to == "torchscript":
            return torch.jit.load(str(path))
        with path.open("rb") as file:
            return torch.export.load(file).module()


def same_numbers(found: Any, wanted: Any) -> None:
    """Results of two libraries, equal in dtype, shape and bits."""
    one, other = np.asarray(found), np.asarray(wanted)
    assert (one.dtype, one.shape) == (other.dtype, other.shape)
    assert one.tobytes() == other.tobytes()
