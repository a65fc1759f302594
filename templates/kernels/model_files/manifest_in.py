import os
import zipfile

from kernels.model_files.text_in_onnx_file import text_in_onnx
from kernels.model_files.text_in_safetensors import text_in_safetensors
from kernels.model_files.text_in_xml import text_in_xml
from kernels.model_files.text_in_zip import text_in_zip


def manifest_in(path: str | os.PathLike[str]) -> str:
    """The manifest that a model file carries, or a Hugging Face folder.

    Nothing in the file is run: no model is loaded and no pickle is opened.
    """
    place, folder = os.fspath(path), os.path.isdir(path)
    with open(os.path.join(place, "procdsl.json") if folder else place, "rb") as file:
        head = file.read(16)
        file.seek(0)
        try:
            if folder:
                found: str | None = file.read(8_000_001).decode()
            elif head[:4] == b"PK\3\4":
                with zipfile.ZipFile(file) as archive:
                    found = text_in_zip(archive)
            elif head[8:9] == b"{":
                found = text_in_safetensors(file)
            elif head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
                found = text_in_xml(file)
            else:
                found = text_in_onnx(file)
        except Exception as error:  # hostile bytes make the standard library raise many kinds
            raise ValueError(f"{place}: no model file that can be read: {error}") from error
    if found is None:
        raise ValueError(f"{place}: carries no manifest: `procdsl embed` puts one in")
    if len(found) > 8_000_000:
        raise ValueError(f"{place}: its manifest is larger than is read")
    return found
