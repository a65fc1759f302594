"""`torch.save` checkpoints: the manifest is the text under the key `procdsl` of the dictionary.

It is found in the pickle's opcodes, of which none is run, and put in as one item more before the
last of them. `torch.load(weights_only=True)` takes it as it takes any text.
"""

from __future__ import annotations

import struct

from procdsl.modelfile import pickled, zip_archive
from procdsl.modelfile.data import BadModelFile, Data
from procdsl.modelfile.format import KEY, Files, Format, Model, decoded
from procdsl.modelfile.pickled import Dictionary, Other, Text
from procdsl.modelfile.torch_archive import with_file

_OLD = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
"""How a file of torch before 1.6 begins: a number of its own as a pickle."""


class Checkpoint(Format):
    title = "torch checkpoint"
    unstated = "a checkpoint holds tensors, and not how they are called"

    def recognises(self, model: Model) -> bool:
        if model.is_folder:
            return False
        if model.data.head(len(_OLD)) == _OLD:
            return True
        if not zip_archive.is_zip(model.data):
            return False
        archive = zip_archive.read(model.data)
        others = ("constants.pkl", "archive_format")
        return archive.find("data.pkl") is not None and not any(map(archive.find, others))

    def text(self, model: Model) -> str | None:
        found = _text(_scanned(_archive(model.data))[1])
        return None if found is None else decoded(found.value.encode(errors="surrogatepass"))

    def embedded(self, model: Model, text: str) -> Files:
        archive = _archive(model.data)
        data, pickle = _scanned(archive)
        top = pickle.top
        if not isinstance(top, Dictionary):
            what = top.what if isinstance(top, Other) else "text"
            raise BadModelFile(
                f"it is a pickled object ({what}) and no dictionary, so nothing can be put beside "
                'it: save `{"state_dict": model.state_dict(), "procdsl": module.manifest_text()}` '
                "with torch.save"
            )
        if top.is_state_dict:
            raise BadModelFile(
                "it is a bare state dict, in which load_state_dict would take a text for a tensor: "
                'save `{"state_dict": model.state_dict(), "procdsl": module.manifest_text()}` with '
                "torch.save"
            )
        old = _text(pickle)
        if old is not None and old.start in pickle.again:
            raise BadModelFile(
                f"the text of its key `{KEY}` stands under a second key, which would change, too: "
                "save it without that"
            )
        value = _opcode(text)
        if old is None:
            changes = [(pickle.stop, pickle.stop, _opcode(KEY) + value + b"s")]
        else:
            changes = [(old.start, old.end, value)]
        changes += [(frame, frame + 9, b"") for frame in pickle.frames]  # their lengths would lie
        for start, end, new in sorted(changes, reverse=True):
            data = data[:start] + new + data[end:]
        if len(data) > pickled.MOST:
            raise BadModelFile("its pickle would become larger than is read")
        return with_file(archive, "data.pkl", data)


def _archive(data: Data) -> zip_archive.Archive:
    if not zip_archive.is_zip(data):
        raise BadModelFile(
            "it is of torch's format before 1.6, which is one stream of pickles: load it, and save "
            "it with torch.save as it is today"
        )
    return zip_archive.read(data)


def _scanned(archive: zip_archive.Archive) -> tuple[bytes, pickled.Pickle]:
    """The pickle of a checkpoint, and what it is."""
    member = archive.find("data.pkl")
    assert member is not None, "a checkpoint is recognised by it"
    data = archive.read(member, pickled.MOST)
    return data, pickled.scan(data)


def _text(pickle: pickled.Pickle) -> Text | None:
    """The value of the key `procdsl`, of which there must be one that is written out."""
    top = pickle.top
    if not isinstance(top, Dictionary):
        return None
    if top.shared or any(isinstance(key, Other) and key.computed for key, _ in top.items):
        raise BadModelFile(
            f"a key of its dictionary is computed, so that it may be a second `{KEY}`"
        )
    found = [value for key, value in top.items if isinstance(key, Text) and key.value == KEY]
    if len(found) > 1:
        raise BadModelFile(f"the key `{KEY}` stands twice in its dictionary")
    if found and not isinstance(found[0], Text):
        raise BadModelFile(f"the value of its key `{KEY}` is no text that is written out")
    return found[0] if found and isinstance(found[0], Text) else None


def _opcode(text: str) -> bytes:
    data = text.encode()
    return b"X" + struct.pack("<I", len(data)) + data


FORMAT = Checkpoint()
