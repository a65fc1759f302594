"""TorchScript: what is baked is scripted and never traced, so that any batch and size is right."""

from __future__ import annotations

from procdsl.bake.target import BakeTarget
from procdsl.formats.torchscript import TorchScript


class ToTorchScript(BakeTarget):
    codegen = "torch"
    format = TorchScript.title


TARGET = ToTorchScript()
