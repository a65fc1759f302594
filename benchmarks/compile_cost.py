"""What the compiler costs: `check` and `compile` by the length of the file, and the start-up."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import Run, Workload, main
from procdsl import Source, check, generate

CLASSIFIER = Path(__file__).parent.parent / "examples" / "classifier" / "classifier.proc"

STEPS = (
    "convert(rgb)",
    "flip(horizontal)",
    "pad(top=1, left=1, bottom=1, right=1, fill=0)",
    "crop(top=1, left=1, h=64, w=64)",
    "convert(bgr)",
    "resize(h=64, w=64, sampler=cv2.linear)",
    "clip(min=1, max=254)",
    "flip(vertical)",
    "clip(min=0, max=255)",
    "letterbox(h=64, w=64, fill=114, sampler=cv2.linear)",
)


def text(count: int) -> str:
    """A pipeline of so many steps: ten kinds, over and over."""
    steps = "\n".join(f"    {STEPS[i % len(STEPS)]}" for i in range(count))
    return f"""proc 1
pipeline long
input image: u8[h=64, w=64, c=3] bgr
pre {{
{steps}
}}
model x: u8[h=64, w=64, c=3] bgr -> y: f32[n=3]
"""


def pads(count: int) -> str:
    steps = "    pad(top=1, left=1, bottom=1, right=1, fill=0)\n" * count
    return f"""proc 1
pipeline pads
input image: u8[h, w, c=3] bgr
pre {{
{steps}}}
model x: u8[h, w, c=3] bgr -> y: f32[n=3]
"""


def labels(count: int) -> str:
    table = ",\n".join(f'"l{k}"' for k in range(count))
    return f"""proc 1
pipeline labels
model x: f32[n=1] -> y: f32[n={count}]
post {{
    i = argmax(y, over=n)
    label = lookup(i, table=({table}))
}}
output label
"""


def cost(name: str, title: str, written: str) -> Workload:
    work = Workload(name, title)
    source = Source("long.proc", written)
    pipeline = check(source).pipeline
    assert pipeline is not None, "the generated file has something wrong with it"
    work.add("check", "ours")(lambda: lambda: check(source))
    work.add("compile: three modules and the manifest", "ours")(lambda: lambda: generate(pipeline))
    return work


def start_up() -> Workload:
    """Whole processes, from the start to the exit, with bytecode and the parser's tables cached.

    The limit is the import of what `procdsl check` cannot do without.
    """
    work = Workload("start_up", "Start-up of the command line")
    folder = Path(tempfile.mkdtemp(prefix="procdsl-bench-"))
    small = folder / "small.proc"
    small.write_text(text(10))
    ten = [folder / f"{name}.proc" for name in "abcdefghij"]
    for path in ten:
        path.write_text(CLASSIFIER.read_text().replace("classifier", path.stem))
    cached = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    cached["XDG_CACHE_HOME"] = str(folder)
    program = str(Path(sys.executable).with_name("procdsl"))

    def process(*command: str) -> Run:
        def run() -> None:
            subprocess.run(command, check=True, cwd=folder, env=cached, stdout=subprocess.DEVNULL)

        run()
        return run

    def python(program: str) -> Run:
        return process(sys.executable, "-c", program)

    work.add("python, import lark, argparse, json", "limit")(
        lambda: python("import lark, argparse, json")
    )
    work.add("python alone", "by hand")(lambda: python("pass"))
    work.add("python, import numpy", "by hand")(lambda: python("import numpy"))
    work.add("procdsl --version", "ours")(lambda: process(program, "--version"))
    work.add("procdsl check", "ours")(lambda: process(program, "check", str(small)))
    work.add("procdsl compile", "ours")(lambda: process(program, "compile", str(small)))
    of = ("-o", str(folder / "out"))
    work.add("procdsl check: the classifier of examples/", "ours")(
        lambda: process(program, "check", str(CLASSIFIER))
    )
    work.add("procdsl compile: the classifier", "ours")(
        lambda: process(program, "compile", str(CLASSIFIER), *of)
    )
    work.add("procdsl compile: ten like it in one call", "ours")(
        lambda: process(program, "compile", *map(str, ten), *of)
    )
    return work


SIZES = (
    *((f"compile_{n:04}", f"A file of {n} steps", text(n)) for n in (10, 100, 1000)),
    ("compile_pads", "A file of 3,000 pads", pads(3000)),
    *((f"compile_labels_{n}", f"A file of {n:,} labels", labels(n)) for n in (10_000, 60_000)),
)


if __name__ == "__main__":
    main([*(lambda size=size: cost(*size) for size in SIZES), start_up], rounds=5)
