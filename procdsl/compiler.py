"""From a checked pipeline to the text of its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdsl.codegen.python.code import formatted
from procdsl.codegen.python.module import BACKENDS, Sealed, module
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import write


def generate(
    pipeline: Pipeline,
    targets: Sequence[str] = BACKENDS,
    provenance: Mapping[str, object] | None = None,
) -> dict[str, str]:
    """The files of a pipeline by name: a module for each target, and the manifest.

    `provenance` is added to the manifest as it is. A ValueError says that no picture passes `pre`.
    """
    files = draft(pipeline, targets, provenance)
    return {n: formatted(text) if n.endswith(".py") else text for n, text in files.items()}


def draft(
    pipeline: Pipeline,
    targets: Sequence[str] = BACKENDS,
    provenance: Mapping[str, object] | None = None,
    fuse: bool = True,
) -> dict[str, str]:
    """The same files before black: what is enough to run them. Without `fuse`, step by step."""
    data = write.manifest(pipeline, provenance)
    text = write.text(data)
    size = data["self_check"]["size"]
    sealed = Sealed(pipeline, data["id"], write.digest(pipeline.source), text, (size[0], size[1]))
    files = {f"{pipeline.name}_{target}.py": module(sealed, target, fuse) for target in targets}
    return {**files, f"{pipeline.name}.manifest.json": text}
