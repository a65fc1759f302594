"""What `embed` and `bake` ask of a file before they write one in its place."""

from __future__ import annotations

import os
from pathlib import Path

from procdsl.workspace import models, written
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


def refuse_foreign(out: Path) -> None:
    """Refuse to write over a file that carries no manifest, and so is none of procdsl's."""
    written.refuse_special(out)
    if not out.exists():
        return
    with models.opened(str(out)) as model:
        from procdsl.modelfile.formats import recognised

        format = recognised(model)
        if format is None or format.text(model) is None:
            raise Misuse(
                f"{out} was not written by procdsl: move it away first, or --force replaces it"
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


def refuse_other_places(path: str, there: str | None, file: str, text: str, force: bool) -> None:
    """Refuse a manifest that says of a model file what runs in it, and it does not, or the reverse:
    what is done twice, or never, no number shows.

    With `force` the caller says that a model was made of a baked file.
    """
    before, now = _places(there), _places(text)
    if before == now or (force and there is None):
        return
    if now is None:
        raise Misuse(
            f"{path} is baked, and {file} is not of a baked file: bake it again, from the model "
            "that it was baked round"
        )
    raise Misuse(
        f"{file} is of a baked file that does other steps by itself than {path}: procdsl bake "
        "makes one, and embed takes the `.proc` file; where this model was made of that baked "
        "file, as by AOTInductor, say --force"
    )


def _places(text: str | None) -> list[tuple[object, ...]] | None:
    """Where each step runs by the manifest in a file; None where nothing is baked."""
    from procdsl.manifest import read
    from procdsl.manifest.planned import KEY

    try:
        plan = read.parse(text)[KEY] if text is not None else None
        return plan and [(step["block"], step["step"], step["place"]) for step in plan["steps"]]
    except (KeyError, TypeError, ValueError):
        return None  # it carries none, or one that is not whole
