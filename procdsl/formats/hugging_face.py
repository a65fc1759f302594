"""A Hugging Face folder: the manifest is `procdsl.json`, and `preprocessor_config.json` has its id
under `procdsl`, which survives `from_pretrained` and `save_pretrained`."""

from __future__ import annotations

import json
from typing import Any

from procdsl.modelfile import strict_json
from procdsl.modelfile.data import BadModelFile
from procdsl.modelfile.format import FILE, KEY, TEXT_BYTES, Files, Format, Model, decoded

_CONFIG = "preprocessor_config.json"


class HuggingFace(Format):
    title = "Hugging Face folder"
    unstated = "a Hugging Face folder states no shapes"

    def recognises(self, model: Model) -> bool:
        return model.is_folder and any(model.file(n) is not None for n in ("config.json", _CONFIG))

    def text(self, model: Model) -> str | None:
        data, config = model.file(FILE), _config(model)
        named = config.get(KEY)
        if data is None:
            if named is not None:
                raise BadModelFile(f"its {_CONFIG} names a pipeline, and there is no {FILE}")
            return None
        text = decoded(data.head(TEXT_BYTES + 1))
        if config and named != _id(text):
            found = json.dumps(named)[:80] if KEY in config else "no pipeline"
            raise BadModelFile(
                f"its {_CONFIG} names {found}, and {FILE} holds {_id(text)}: one of the two was "
                "written without the other"
            )
        return text

    def embedded(self, model: Model, text: str) -> Files:
        config = _config(model)
        files = {FILE: [text.encode()]}
        if config:
            written = json.dumps({**config, KEY: _id(text)}, indent=2) + "\n"
            files[_CONFIG] = [written.encode()]
        return files


def _config(model: Model) -> dict[str, Any]:
    data = model.file(_CONFIG)
    if data is None:
        return {}
    return strict_json.parse(data.head(strict_json.MOST + 1), f"its {_CONFIG}")


def _id(text: str) -> Any:
    """The id that a manifest states."""
    return strict_json.parse(text.encode(), f"its {FILE}").get("id")


FORMAT = HuggingFace()
