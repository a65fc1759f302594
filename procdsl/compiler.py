"""From a checked pipeline to its files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from procdsl.codegen.refusals import refused
from procdsl.codegen.target import Options, Target, Unit
from procdsl.codegen.targets import standard, targets
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import canonical, planned, write
from procdsl.plan.halves import halves
from procdsl.records import replace
from procdsl.reference.golden_record import GoldenRecord, golden_record, stated
from procdsl.seal import fingerprint


def generate(
    pipeline: Pipeline,
    names: Sequence[str] | None = None,
    provenance: Mapping[str, object] | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
) -> dict[str, Any]:
    """The files of a pipeline by name: those of each target, and the manifest.

    They are texts, and bytes where a target writes no text; of a pipeline with a plan they are what
    stays on the host. `names` are those of targets, of the standard ones where it is None.
    `provenance` is added to the manifest as it is. A ValueError says that no picture passes `pre`,
    or that a target cannot hold a step.
    """
    part = _part(pipeline)
    chosen = [_target(part, name) for name in (standard() if names is None else names)]
    golden = golden_record(pipeline)
    manifest = write.manifest(pipeline, golden, provenance)
    if pipeline.plan:
        golden = golden_record(part)
        manifest = planned.added(manifest, pipeline, golden)
    unit = _unit(pipeline, part, golden, manifest, options)
    files: dict[str, Any] = {}
    for target in chosen:
        files |= target.files(unit)
    return {**files, manifest_name(pipeline): unit.manifest}


def left_out(pipeline: Pipeline, files: Mapping[str, Any]) -> list[str]:
    """The functions of which the golden record in these files has nothing."""
    manifest = json.loads(files[manifest_name(pipeline)])
    if pipeline.plan:
        return stated(manifest["plan"]["self_check"]).left_out(_part(pipeline))
    return stated(manifest["self_check"]).left_out(pipeline)


def manifest_name(pipeline: Pipeline) -> str:
    """What the file is called that `generate` gives the manifest."""
    return f"{_part(pipeline).name}.manifest.json"


def files_of_manifest(
    pipeline: Pipeline,
    manifest: Mapping[str, Any],
    name: str,
    options: Options = Options(),  # noqa: B008 - frozen
) -> Mapping[str, Any]:
    """The files of one target, of a pipeline and the manifest that it was read from.

    The golden record is what the manifest states: nothing is run, and `self_check` of the files
    says whether it is true. A ValueError says that the target cannot hold a step.
    """
    part = _part(pipeline)
    record = manifest["plan"] if pipeline.plan else manifest
    unit = _unit(pipeline, part, stated(record["self_check"]), manifest, options)
    return _target(part, name).files(unit)


def _part(pipeline: Pipeline) -> Pipeline:
    """What modules are made of: the pipeline, or of a planned one what stays on the host."""
    if pipeline.plan is None:
        return pipeline
    doc = f"What the host does before and after the baked model file of `{pipeline.name}`."
    host = halves(pipeline, pipeline.plan).host
    return replace(host, name=f"{pipeline.name}_host", doc=doc)


def _target(pipeline: Pipeline, name: str) -> Target:
    """The target of this name, which must hold every step."""
    for step, why in refused(pipeline, name):
        raise ValueError(f"{name} cannot hold `{step.op.name}`: {why.reason}")
    return targets()[name]


def _unit(
    whole: Pipeline,
    part: Pipeline,
    golden: GoldenRecord,
    manifest: Mapping[str, Any],
    options: Options,
) -> Unit:
    return Unit(
        part,
        golden,
        write.text(manifest),
        canonical.identity(whole),
        canonical.serving_identity(whole),
        write.digest(whole.source),
        fingerprint(manifest),
        options,
        whole.plan,
    )
