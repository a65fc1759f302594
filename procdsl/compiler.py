"""From a checked pipeline to its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from procdsl.codegen.refusals import refused
from procdsl.codegen.target import Options, Target, Unit
from procdsl.codegen.targets import standard, targets
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import canonical, write
from procdsl.reference.golden_record import GoldenRecord, golden_record, stated


def generate(
    pipeline: Pipeline,
    names: Sequence[str] | None = None,
    provenance: Mapping[str, object] | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
) -> dict[str, Any]:
    """The files of a pipeline by name: those of each target, and the manifest.

    They are texts, and bytes where a target writes no text. `names` are those of targets, of the
    standard ones where it is None. `provenance` is added to the manifest as it is. A ValueError
    says that no picture passes `pre`, or that a target cannot hold a step.
    """
    chosen = [_target(pipeline, name) for name in (standard() if names is None else names)]
    golden = golden_record(pipeline)
    unit = _unit(pipeline, golden, write.manifest(pipeline, golden, provenance), options)
    files: dict[str, Any] = {}
    for target in chosen:
        files |= target.files(unit)
    return {**files, f"{pipeline.name}.manifest.json": unit.manifest}


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
    unit = _unit(pipeline, stated(manifest["self_check"]), manifest, options)
    return _target(pipeline, name).files(unit)


def _target(pipeline: Pipeline, name: str) -> Target:
    """The target of this name, which must hold every step."""
    for step, why in refused(pipeline, name):
        raise ValueError(f"{name} cannot hold `{step.op.name}`: {why.reason}")
    return targets()[name]


def _unit(
    pipeline: Pipeline, golden: GoldenRecord, manifest: Mapping[str, Any], options: Options
) -> Unit:
    identities = canonical.identity(pipeline), canonical.serving_identity(pipeline)
    digest = write.digest(pipeline.source)
    return Unit(pipeline, golden, write.text(manifest), *identities, digest, options)
