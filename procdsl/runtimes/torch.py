"""torch runs TorchScript, exported programs, and what AOTInductor compiled."""

from __future__ import annotations

import zipfile
from pathlib import Path

from procdsl.formats.pt2 import Pt2
from procdsl.formats.torchscript import TorchScript
from procdsl.serving.runtime import Runtime
from procdsl.serving.session import Session, of_module


class Torch(Runtime):
    library = "torch"
    formats = (TorchScript.title, Pt2.title)

    def open(self, path: str) -> Session:
        import torch

        with zipfile.ZipFile(path) as archive:
            names = [name.partition("/")[2] for name in archive.namelist()]
        if "archive_format" not in names:
            return of_module(torch.jit.load(path, map_location="cpu").eval())
        if any(name.startswith("data/aotinductor/") for name in names):
            return of_module(torch._inductor.aoti_load_package(path))
        with Path(path).open("rb") as file:  # a path must end in .pt2
            program = torch.export.load(file)
        return of_module(program.module(), [{name} for name in program.graph_signature.user_inputs])


RUNTIME = Torch()
