"""Command lines that nobody would type, in a folder of files of every kind.

Words and options are drawn from what each command's own parser takes. Nothing is a bug in procdsl,
and no command says more than a few pages.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import model_files
import pytest
from command_line import BAD, GOOD, PHOTOGRAPH

from procdsl.cli.main import BUG, COMMANDS, main

OUTPUT = 400_000
"""How many characters a command prints at most; a manifest is the longest text."""

ODD = ["", "-", "--", "-1", ".", "..", "*", "\n", "\u200b", "é", "x" * 300, "a=b", "=", "git:HEAD"]
ODD += ["1e60", "None", "good.proc/", "./good.proc", "git:x:y", "size=-1", "size=0", "size=99999"]
ODD += [
    "size=1/0",
    "json:loads",
    "json",
    ":",
    "pre.1",
    "post.nms",
    "E213",
    "nms",
    "none",
    "\x1b[31m",
]


@cache
def _files() -> dict[str, bytes]:
    """Name and content of each file of the folder in which commands run."""
    found = {"good.proc": GOOD.encode(), "bad.proc": BAD.encode(), "empty.proc": b""}
    found["model.proc"] = model_files.PIPELINE.encode()
    found |= {"latin.proc": b"# \xe9\n", "crlf.proc": GOOD.replace("\n", "\r\n").encode()}
    found |= {"small.manifest.json": model_files.manifest().encode(), "list.json": b"[1, 2]"}
    found |= {"photograph.png": PHOTOGRAPH.read_bytes(), "cut.png": PHOTOGRAPH.read_bytes()[:5000]}
    for name, make in model_files.MADE.items():
        data = make()
        found[f"{name}.bare"] = data
        found[f"{name}.model"] = model_files.embedded(data, model_files.manifest())
        found[f"{name}.cut"] = data[: len(data) // 2]
    return found


@contextlib.contextmanager
def _folder(rng: random.Random) -> Iterator[Path]:
    """A folder with these files, one of which may be missing, locked, linked or a folder."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in _files().items():
            (folder / file).write_bytes(data)
        (folder / "folder").mkdir()
        (folder / "loop.proc").symlink_to("loop.proc")
        os.mkfifo(folder / "pipe.proc")
        (folder / "link.proc").symlink_to("good.proc")
        odd = folder / rng.choice(sorted(_files()))
        match rng.randrange(8):
            case 0:
                odd.unlink()
            case 1:
                odd.chmod(0)
            case 2:
                odd.unlink()
                odd.mkdir()
            case 3:
                odd.write_bytes(odd.read_bytes()[: rng.randrange(200)])
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


@cache
def _parser(command: str) -> list[argparse.Action]:
    parser = argparse.ArgumentParser()
    importlib.import_module(f"procdsl.cli.{command}_command").add_arguments(parser)
    return [one for one in parser._actions if one.dest != "help"]


LIKELY = {
    "file.proc": "good.proc model.proc model.proc crlf.proc link.proc",
    "file": "good.proc crlf.proc small.manifest.json onnx.model",
    "model": "onnx.model onnx.bare checkpoint.model safetensors.bare small.manifest.json",
    "image": "photograph.png",
    "NAME=VALUE": "size=8 size=9",
    "KEY=VALUE": "epoch=50 note=a",
    "MODEL": "torchscript.bare torchscript.bare pt2.bare onnx.bare onnx.model",
    "FORMAT": "torchscript torchscript pt2 onnx",
    "NAME": "onnxruntime openvino",
    "ORDER": "rgb bgr",
    "STEP": "pre.1 resize to_float",
    "PACKAGE.MODULE:FUNCTION": "torch.nn:Identity json:loads",
    "TARGET": "numpy cv2 torch onnx",
    "DIR": "folder .",
    "FOLDER": "folder new",
    "OUT": "new new.onnx new.png folder",
    "N": "13 17 26",
    "git:REF": "git:HEAD",
    "name": "E213 nms cv2.linear samplers u8",
}
"""What stands in the place of each metavar of a parser in most command lines."""


def _value(rng: random.Random, action: argparse.Action, names: list[str]) -> str:
    kind = rng.randrange(12)
    if kind == 0:
        return rng.choice(ODD)
    if kind == 1:
        return rng.choice(names)
    if action.choices:
        return str(rng.choice(list(action.choices)))
    return rng.choice(LIKELY.get(str(action.metavar or action.dest), "good.proc").split())


def words(rng: random.Random, names: list[str]) -> list[str]:
    """A command line: mostly of words that its command takes."""
    command = rng.choice(list(COMMANDS))
    found: list[str] = []
    actions = _parser(command)
    options = sum(1 for action in actions if action.option_strings and not action.required)
    for action in actions:
        if not action.option_strings:
            many = rng.choice([0, 1, 1, 1, 2, 3]) if action.nargs in ("+", "*") else 1
            found += [_value(rng, action, names) for _ in range(many)]
        elif action.required or rng.random() * options < 1.5:
            for _ in range(rng.choice([1, 1, 1, 1, 2])):
                found.append(rng.choice(action.option_strings))
                if action.nargs != 0:
                    found.append(_value(rng, action, names))
    if rng.randrange(20) == 0 and found:
        found[rng.randrange(len(found))] = rng.choice(ODD)
    if rng.randrange(20) == 0:
        rng.shuffle(found)
    return [command, *found]


def commands(seed: int) -> None:
    rng = random.Random(seed)
    with _folder(rng) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROCDSL_TRACEBACK", "1")
        given = words(rng, sorted(path.name for path in folder.iterdir()))
        streams = {name: io.TextIOWrapper(io.BytesIO()) for name in ("stdin", "stdout", "stderr")}
        streams["stdin"].buffer.write(GOOD.encode())
        streams["stdin"].seek(0)
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        try:
            code = main(given)
        except BaseException as error:
            error.add_note(f"procdsl {' '.join(map(repr, given))}")
            raise
        said = "".join(_written(streams[name]) for name in ("stdout", "stderr"))
        assert code != BUG, (given, said)
        assert "Traceback" not in said, (given, said)
        assert len(said) < OUTPUT, f"{len(said):,} characters by {given}"


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
