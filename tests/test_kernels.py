"""Kernels: how a module groups them."""

from __future__ import annotations

from pathlib import Path

from procdsl import assets
from procdsl.codegen.python.kernels import SUBJECTS, Kernel, by_subject

FOLDERS = {path.parent.name for path in (Path(assets.folder("templates")) / "kernels").glob("*/*")}


def kernel(subject: str) -> Kernel:
    return Kernel(f"{subject}/f", subject, ("f",), (), (), "", f"def {subject}(): ...")


def test_a_folder_without_a_title_follows_under_its_name() -> None:
    found = by_subject([kernel(s) for s in ("tiles", "key_points", "audio", "resize")])
    assert found == [
        ("Samplers", ["def resize(): ..."]),
        ("Tiles", ["def tiles(): ..."]),
        ("Audio", ["def audio(): ..."]),
        ("Key points", ["def key_points(): ..."]),
    ]


def test_every_title_is_of_a_folder() -> None:
    assert set(SUBJECTS) <= FOLDERS
