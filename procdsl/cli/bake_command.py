"""`procdsl bake`."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from procdsl.cli import carrying, checking, paths, planning, provenance
from procdsl.records import replace
from procdsl.workspace import files, models, sources, written
from procdsl.workspace.errors import Misuse
from procdsl.workspace.staging import Staged

if TYPE_CHECKING:
    from procdsl.bake.bake import Baked
    from procdsl.bake.samples import Sample
    from procdsl.bake.source import ModelSource
    from procdsl.bake.target import BakeTarget
    from procdsl.ir.pipeline import Pipeline


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=paths.path, metavar="file.proc", help="the pipeline")
    parser.add_argument(
        "--model",
        type=paths.path,
        metavar="MODEL",
        help="the model file: of the format that is baked to, or a checkpoint for --factory",
    )
    parser.add_argument(
        "--factory",
        default="",
        metavar="PACKAGE.MODULE:FUNCTION",
        help="your function that gives the network: of what the checkpoint of --model holds, or "
        "without one of nothing",
    )
    planning.add_arguments(parser)
    parser.add_argument(
        "-o", dest="out", type=paths.path, required=True, help="the file that is written"
    )
    parser.add_argument(
        "--pictures",
        type=paths.path,
        metavar="DIR",
        help="prove it on the pictures in this folder (default: eight)",
    )
    provenance.add_arguments(parser)
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace a file that carries another pipeline or none, and modules that were changed",
    )
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Write the file and the modules of what stays on the host; the output names them."""
    described = checking.described(given.file, given, provenance.values(given.values))
    if described is None:
        return 1
    assert described.pipeline is not None, "there are no errors"
    target, out = planning.target(given), Path(given.out)
    _check(given, described.pipeline, target, out)
    source = _source(given, described.pipeline, described.manifest)
    if not given.force and out.exists():
        carrying.refuse_foreign(out)
        carrying.refuse_another(str(out), described.manifest, given.file)
    plan = planning.plan(described.pipeline, given)
    pipeline = replace(described.pipeline, plan=plan)
    if not any(step.place == "model" for step in plan.steps):
        raise Misuse(
            "no step can be baked (procdsl plan says why): procdsl embed puts the manifest into "
            "the model as it is"
        )
    from procdsl.manifest import provenance as of_manifest

    texts = _modules(pipeline, out, given.force)
    told = of_manifest.of(described.manifest)
    return _bake(given, pipeline, target, source, texts, told)


def _check(given: argparse.Namespace, pipeline: Pipeline, target: BakeTarget, out: Path) -> None:
    if pipeline.plan is not None:
        raise Misuse(f"{given.file} is of a file that is baked already: extract its source")
    if pipeline.serving_externs and not sources.is_source(given.file):
        raise Misuse(
            f"{given.file} is no `.proc` file, and names Python that would be imported: extract "
            "its source, read it, and bake that"
        )
    if not (given.model or given.factory):
        raise Misuse("a model is baked round: --model, --factory, or both")
    if importlib.util.find_spec(target.library) is None:
        raise Misuse(f"--to {given.to} needs {target.library}: pip install {target.library}")
    if out.is_dir():
        raise Misuse(f"{out} is a folder: -o names the file that is written")
    written.refuse_special(out)
    if given.model and out.exists() and out.samefile(given.model):
        raise Misuse(f"{out} is the model itself, which is kept: choose another file for -o")


def _source(given: argparse.Namespace, pipeline: Pipeline, manifest: str) -> ModelSource:
    """The model, whose file must fit the pipeline as far as it states what it is."""
    from procdsl.bake.source import ModelSource
    from procdsl.modelfile.contract import differences
    from procdsl.modelfile.formats import format_of

    if not given.model:
        return ModelSource("", "", given.factory)
    with models.opened(given.model) as model:
        format = format_of(model)
        text, stated = format.text(model), format.interface(model)
    if text is not None:
        carrying.refuse_baked(given.model, text)
        if not given.force:
            carrying.refuse_another(given.model, manifest, given.file)
    wrong = differences(pipeline.model, stated) if stated else []
    if wrong:
        raise Misuse("\n  ".join([f"{given.model} does not fit the contract:", *wrong]))
    inputs = stated.inputs if stated else ()
    batches = {tensor.shape[0] for tensor in inputs if tensor.shape} - {None}
    batch = batches.pop() if len(batches) == 1 else None
    return ModelSource(given.model, format.title, given.factory, batch)


def _bake(
    given: argparse.Namespace,
    pipeline: Pipeline,
    target: BakeTarget,
    source: ModelSource,
    texts: Mapping[Path, str],
    told: Mapping[str, object],
) -> int:
    from procdsl.bake.bake import bake
    from procdsl.bake.proof import NotEqual
    from procdsl.manifest import provenance as of_manifest
    from procdsl.modelfile.formats import format_of
    from procdsl.plan.turned import in_order
    from procdsl.workspace.externs import folders

    out = Path(given.out)
    sys.path[:0] = [*map(str, folders(Path(given.file).parent)), str(Path.cwd())]
    try:
        samples = _samples(given, in_order(pipeline))
        with Staged() as work:
            place = str(work.add(out, []))
            baked = bake(pipeline, target, source, samples, place)
            text = of_manifest.added([*texts.values()][-1], {**told, "bake": baked.proof.plain()})
            with models.opened(place) as model:
                models.embed(model, format_of(model), text, out, texts, given.force)
    except NotEqual as error:
        print(f"procdsl: {out} is not written: {error}", file=sys.stderr)
        return 1
    except (ImportError, ValueError) as error:
        raise Misuse(f"{given.file}: {error}") from None
    for line in report(baked):
        print(line, file=sys.stderr)
    for path in (out, *texts):
        print(path)
    return 0


def _samples(given: argparse.Namespace, pipeline: Pipeline) -> Sequence[Sample]:
    from procdsl.bake.samples import LEAST, Sample, built_in

    if not given.pictures:
        return built_in(pipeline)
    from procdsl.cli.pictures import image_input, picture_files, read_image

    type_ = image_input(pipeline, given.file)
    (value,) = pipeline.inputs
    found = [
        Sample(str(path), {value.name: read_image(path, type_, any_order=False)})
        for path in picture_files(Path(given.pictures))
    ]
    return [*found, *built_in(pipeline)[: max(0, LEAST - len(found))]]


def _modules(pipeline: Pipeline, out: Path, force: bool) -> dict[Path, str]:
    """What stays on the host, beside the file: the modules and, last, the manifest."""
    from procdsl.compiler import generate

    try:
        texts = generate(pipeline)
    except ValueError as error:
        raise Misuse(f"{pipeline.name}: {error}") from None
    placed = {out.parent / name: text for name, text in texts.items()}
    for path, text in placed.items():
        files.check_target(path, text, force)
    return placed


def report(baked: Baked) -> Iterator[str]:
    """What was proved, and what each step costs in the file and on the host."""
    from procdsl.ir.unparse import call_text
    from procdsl.tables.texts import aligned
    from procdsl.types.constants import shorten

    proof = baked.proof
    count = len(proof.pictures)
    yield f"{count} picture{'s' * (count != 1)}, by {proof.runtime}:"
    rows = [
        *(
            ["what enters the model", held.name, _held(held.largest, held.bound)]
            for held in proof.fed
        ),
        *(
            ["what is made of its outputs", h.name, _held(h.largest, h.bound)]
            for h in proof.results
        ),
        *(["the model, before and after", h.name, _held(h.largest, None)] for h in proof.model),
        ["batches of", ", ".join(map(str, proof.batches)), "the bits of one by one"],
    ]
    yield from (f"  {line}" for line in aligned(rows))
    if baked.costs:
        hosts = list(baked.costs[0].host)
        table = [["ms, one thread", "", "graph", *hosts]]
        for cost in baked.costs:
            times = [f"{cost.graph:.3f}", *(f"{cost.host[host]:.3f}" for host in hosts)]
            table.append([cost.block, shorten(call_text(cost.step), 60), *times])
        yield from aligned(table)


def _held(largest: float, bound: float | None) -> str:
    if not largest:
        return "the same bits"
    allowed = "" if bound is None else f", {bound:.3g} is allowed"
    return f"at most {largest:.3g} off{allowed}"
