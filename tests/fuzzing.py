"""Gives every reader and the checker what nobody would write, and holds what they promise.

    python tests/fuzzing.py TARGET [SECONDS [SEED]]

Each run has a number, from which it follows: what is found is run again by it. Told are how many
runs there were, the slowest, and the most memory. Every few minutes a process of its own goes on,
for what is scripted by torch is never freed. A reader raises what it says that it raises, within
the time, memory and output of docs/bounds.md; `hints` follows the first fix again and again,
which leads in no circle; `commands` types what nobody would; `pipelines` computes random
pipelines by all backends.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

import image_files
import model_files
import pytest
from bounded import largest_memory
from fixing import checked
from fuzzing_commands import commands
from manifests import RICH, SMALL, TRAINED, manifest
from random_pre import pre_pipeline

from procdsl.checker.check import check
from procdsl.diagnostics.diagnostic import apply
from procdsl.diagnostics.render import render
from procdsl.manifest.errors import BadManifest
from procdsl.manifest.read import read
from procdsl.modelfile.data import BadModelFile
from procdsl.ops.files._options import FORMATS
from procdsl.ops.files.decode import Decode
from procdsl.source import Source
from procdsl.types.constants import Word

SECONDS = 4.0
"""Of the processor, that one run may take: twice what is promised, for a busy machine."""

MEMORY = 512
"""Of all runs of a reader together, in MB, with what they read and the fuzzer itself."""

TURN = 180.0
"""How many seconds one process goes on."""

OUTPUT = 60_000
"""How many characters the findings of a source that fits on a few pages have at most."""

ODD = ["##", '"', "(", ")", "{", "}", "[", ",", "=", "->", "..", "@", "\u200b", "\x00", "é", "?"]
ODD += ["let", "use", "train", "allow", "_", "1e60", "-1", "16384", "99999999999", "\r", "\n", "\t"]
BYTES = [b"\xff" * 8, bytes(8), b"procdsl", b"\x7f\xff\xff\xff", b"{", b'"', b"<", b"\x80\x02"]
TOKENS = re.compile(r'"[^"\n]*"|\w+|[ \t]+|\n|[^\w\s]')


@cache
def _sources() -> list[str]:
    folder = Path(__file__).parent
    found = [*folder.glob("golden/*/*.proc"), *folder.glob("configurations/*/*.proc")]
    return [path.read_text() for path in sorted(found)]


def mutated(rng: random.Random, text: str) -> str:
    """A text with a few tokens left out, doubled, exchanged, or put in from elsewhere."""
    words = TOKENS.findall(text)
    for _ in range(rng.randint(1, 5)):
        i, j = rng.randrange(len(words)), rng.randrange(len(words))
        match rng.randrange(6):
            case 0:
                del words[i : i + rng.randint(1, 3)]
            case 1:
                words[i:i] = words[j : j + rng.randint(1, 40)] * rng.choice([1, 1, 1, 50])
            case 2:
                words[i], words[j] = words[j], words[i]
            case 3:
                words[i] = rng.choice(ODD)
            case 4:
                words.insert(i, rng.choice(ODD) * rng.choice([1, 1, 1, 300]))
            case _:
                words[i] = rng.choice(TOKENS.findall(rng.choice(_sources())))
        if not words:
            words = [" "]
    return "".join(words)


def sources(seed: int) -> None:
    rng = random.Random(seed)
    text = mutated(rng, rng.choice(_sources()))
    found = check(Source("p.proc", text)).diagnostics
    for style in ("text", "json", "github"):
        said = render(found, style)
        assert style == "json" or len(said) < OUTPUT, f"{len(said)} characters of {style}"


def hints(seed: int) -> None:
    rng = random.Random(seed)
    text = rng.choice(_sources())
    for _ in range(rng.randint(1, 3)):
        text = one_slip(rng, text)
    seen = {text}
    for _ in range(60):
        fixes = [fix for one in checked(text).diagnostics for fix in one.fixes]
        if not fixes or any(edit.span.source.text != text for edit in fixes[0].edits):
            return
        text = apply(fixes[0].edits, text)
        assert text not in seen, f"`{fixes[0].message}` leads back to where it was"
        seen.add(text)
    raise AssertionError("the fixes have no end")


def one_slip(rng: random.Random, text: str) -> str:
    """One token left out, doubled, with a slip, or another one of the file in its place."""
    words = TOKENS.findall(text)
    places = [i for i, word in enumerate(words) if word.strip()]
    if not places:
        return text
    i = rng.choice(places)
    word = words[i]
    at = rng.randrange(len(word))
    words[i] = rng.choice(
        ["", f"{word}{word}", word[:at] + word[at + 1 :], words[rng.choice(places)], word.upper()]
    )
    return "".join(words)


@cache
def _manifests() -> list[str]:
    return [json.dumps(manifest(text)) for text in (SMALL, RICH, TRAINED)]


def manifests(seed: int) -> None:
    rng = random.Random(seed)
    text = rng.choice(_manifests())
    try:
        read(mutated(rng, text) if rng.randrange(3) else _changed(rng, text.encode()).decode())
    except (BadManifest, UnicodeDecodeError):
        return


@cache
def _models() -> list[bytes]:
    kinds = model_files.MADE.values()
    return [model_files.embedded(make(), model_files.manifest()) for make in kinds]


def models(seed: int) -> None:
    rng = random.Random(seed)
    data = _changed(rng, rng.choice(_models()))
    for call in (model_files.text_of, lambda data: model_files.embedded(data, "{}")):
        try:
            call(data)
        except BadModelFile:
            continue


@cache
def _images() -> list[bytes]:
    kinds = (image_files.opaque(), image_files.transparent(), image_files.deep())
    return [data for kind in kinds for data in kind.values()]


def images(seed: int) -> None:
    rng = random.Random(seed)
    decode = Decode(
        to=Word("rgb"),
        by=Word("pil"),
        formats=tuple(map(Word, FORMATS)),
        exif=Word("ignore"),
        alpha=Word("refuse"),
        depth=Word("refuse"),
    )
    try:
        decode.header(_changed(rng, rng.choice(_images())), "image")
    except ValueError:
        return


def _changed(rng: random.Random, data: bytes) -> bytes:
    """Some bytes changed, taken out, or put in."""
    for _ in range(rng.randint(1, 4)):
        start = rng.choice([rng.randrange(400), rng.randrange(len(data) + 1)])
        start = max(0, len(data) - start) if rng.randrange(4) == 0 else start
        new = rng.choice([rng.randbytes(rng.randint(0, 12)), rng.choice(BYTES)])
        data = data[:start] + new + data[start + rng.choice([0, 1, len(new), 50]) :]
    return data


def pipelines(seed: int) -> None:
    from test_random_named import check_named
    from test_random_pipelines import check_pre
    from test_torch_random_post import check_detector

    try:
        match seed % 3:
            case 0:
                check_pre(pre_pipeline(10_000 + seed))
            case 1:
                check_named(10_000 + seed)
            case _:
                check_detector(10_000 + seed)
    except pytest.skip.Exception:
        return


TARGETS: dict[str, Callable[[int], None]] = {
    "sources": sources,
    "hints": hints,
    "manifests": manifests,
    "models": models,
    "images": images,
    "commands": commands,
    "pipelines": pipelines,
}


HEAVY = ("commands", "pipelines")
"""Those that import torch, compile and run what they have compiled."""


def fuzz(target: str, seconds: float, seed: int = 0, most: int = sys.maxsize) -> tuple[int, float]:
    """Run a target for so long, or so often: how many runs there were, and the slowest."""
    with suppress(Exception):  # what is made once is made before a run is timed
        TARGETS[target](seed)
    end, slowest, runs = time.monotonic() + seconds, 0.0, 0
    while runs < most and time.monotonic() < end:
        start = time.process_time()
        try:
            TARGETS[target](seed + runs)
        except BaseException as error:
            error.add_note(f"python tests/fuzzing.py {target} 1 {seed + runs}")
            raise
        took = time.process_time() - start
        if target not in HEAVY:
            assert took < SECONDS, f"{took:.1f} s: python tests/fuzzing.py {target} 1 {seed + runs}"
        slowest, runs = max(slowest, took), runs + 1
    return runs, slowest


def turn(target: str, seconds: float, seed: int, told: Connection) -> None:
    """What one process does of it: how many runs, the slowest, and its most memory in MB."""
    runs, slowest = fuzz(target, seconds, seed)
    peak = int(largest_memory())
    assert target in HEAVY or peak < MEMORY, f"{peak} MB: {target}, {runs} runs from {seed} on"
    told.send((runs, slowest, peak))


def fuzz_in_turns(target: str, seconds: float, seed: int) -> str:
    """Run a target for so long, one process after the other, and say how it went."""
    end = time.monotonic() + seconds
    spawn = multiprocessing.get_context("spawn")
    runs, slowest, peak = 0, 0.0, 0
    while (left := end - time.monotonic()) > 0 or not runs:
        ours, its = spawn.Pipe(duplex=False)
        process = spawn.Process(target=turn, args=(target, min(left, TURN), seed + runs, its))
        process.start()
        its.close()
        process.join()
        if process.exitcode:
            sys.exit(f"{target}: a find at {seed + runs} or behind it, exit {process.exitcode}")
        done, slow, most = ours.recv()
        runs, slowest, peak = runs + done, max(slowest, slow), max(peak, most)
    return f"{target}: {runs:,} runs, the slowest {slowest:.2f} s, {peak} MB"


if __name__ == "__main__":
    name, seconds, seed = (*sys.argv[1:], *("60", "0")[len(sys.argv) - 2 :])
    print(fuzz_in_turns(name, float(seconds), int(seed)))
