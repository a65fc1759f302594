"""TorchScript: the manifest is the extra file `procdsl.json`, as `torch.jit.save` writes it."""

from __future__ import annotations

from procdsl.modelfile import zip_archive
from procdsl.modelfile.format import Files, Format, Model
from procdsl.modelfile.torch_archive import extra_file, with_extra_file


class TorchScript(Format):
    title = "TorchScript"
    unstated = "TorchScript states no shapes"

    def recognises(self, model: Model) -> bool:
        if model.is_folder or not zip_archive.is_zip(model.data):
            return False
        archive = zip_archive.read(model.data)
        return archive.find("data.pkl") is not None and archive.find("constants.pkl") is not None

    def text(self, model: Model) -> str | None:
        return extra_file(zip_archive.read(model.data))

    def embedded(self, model: Model, text: str) -> Files:
        return with_extra_file(zip_archive.read(model.data), text)


FORMAT = TorchScript()
