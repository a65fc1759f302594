"""From a checked pipeline to the text of its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdsl.codegen.refusals import refused
from procdsl.codegen.target import Options, Unit
from procdsl.codegen.targets import standard, targets
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import canonical, write
from procdsl.reference.golden_record import golden_record


def generate(
    pipeline: Pipeline,
    names: Sequence[str] | None = None,
    provenance: Mapping[str, object] | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
) -> dict[str, str]:
    """The files of a pipeline by name: a module for each target, and the manifest.

    `names` are those of targets, of the standard ones where it is None. `provenance` is added to
    the manifest as it is. A ValueError says that no picture passes `pre`, or that a target cannot
    hold a step.
    """
    chosen = [targets()[name] for name in (standard() if names is None else names)]
    for target in chosen:
        for step, why in refused(pipeline, target.name):
            raise ValueError(f"{target.name} cannot hold `{step.op.name}`: {why.reason}")
    golden = golden_record(pipeline)
    manifest = write.text(write.manifest(pipeline, golden, provenance))
    identities = canonical.identity(pipeline), canonical.serving_identity(pipeline)
    unit = Unit(pipeline, golden, manifest, *identities, write.digest(pipeline.source), options)
    files: dict[str, str] = {}
    for target in chosen:
        files |= target.files(unit)
    return {**files, f"{pipeline.name}.manifest.json": manifest}
