"""What `embed` and `bake` ask of a file before they write one in its place."""

from __future__ import annotations

import os

from procdsl.workspace import models
from procdsl.workspace.errors import Misuse


def refuse_another(path: str, text: str, file: str) -> None:
    """Refuse to replace the manifest of another pipeline, or one that cannot be read."""
    from procdsl.manifest import read

    if not os.path.exists(path):
        return
    with models.opened(path) as model:
        from procdsl.modelfile.formats import recognised

        format = recognised(model)
        there = format.text(model) if format else None
    if there is None:
        return
    try:
        before, now = read.parse(there), read.parse(text)
    except ValueError as error:
        raise Misuse(
            f"{path} carries a manifest that is not whole ({error}): --force replaces it"
        ) from None
    if before["id"] != now["id"]:
        raise Misuse(
            f"{path} carries the pipeline {before['pipeline']} ({before['id'][:12]}), and "
            f"{file} is {now['pipeline']} ({now['id'][:12]}): --force replaces it"
        )


def refuse_baked(path: str, text: str) -> None:
    """Refuse a model that does some of the processing itself: it would be done twice."""
    from procdsl.manifest import read
    from procdsl.manifest.planned import KEY

    try:
        manifest = read.parse(text)
    except ValueError:
        return  # which is refused as another pipeline's
    if KEY in manifest:
        raise Misuse(
            f"{path} is baked already, and takes {', '.join(manifest[KEY]['takes'])}: what it does "
            "would be done twice; give the model that it was baked round"
        )
