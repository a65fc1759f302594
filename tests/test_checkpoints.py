"""`torch.save` checkpoints: what torch loads afterwards, and what is refused without being run."""

from __future__ import annotations

import collections
import io
import os
import pickle
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import model_files as made
import numpy as np
import pytest
import torch
from model_files import Net, embedded, manifest, saved, text_of
from torch.utils import serialization

from procdsl.modelfile.data import BadModelFile

TEXT = manifest()
config: Any = serialization.config


def pickled(data: bytes) -> bytes:
    """A checkpoint with another pickle in it."""
    return made.repacked(saved({"model": 1}), {"archive/data.pkl": data})


def loaded(data: bytes, **given: Any) -> Any:
    return torch.load(io.BytesIO(data), **given)


def test_torch_loads_it_with_weights_only() -> None:
    before = loaded(made.checkpoint(), weights_only=True)
    after = loaded(embedded(made.checkpoint(), TEXT), weights_only=True)
    assert after.pop("procdsl") == TEXT
    assert before.keys() == after.keys()
    assert before["rates"] == after["rates"]
    for name, tensor in before["model"].items():
        assert torch.equal(after["model"][name], tensor)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_every_protocol_of_pickle(protocol: int) -> None:
    value = {"w": torch.arange(5), "name": "n" * 300, "list": list(range(70_000))}
    data = embedded(saved(value, pickle_protocol=protocol), TEXT)
    found = loaded(data, weights_only=protocol == 2)
    assert (found["procdsl"], found["list"], found["name"]) == (TEXT, value["list"], value["name"])
    assert torch.equal(found["w"], torch.arange(5))
    assert text_of(embedded(data, made.manifest(made.OTHER))) == made.manifest(made.OTHER)


def test_records_begin_where_torch_counts_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """torch maps the file, and computes where each record lies from the layout of its writer."""
    monkeypatch.setenv("TORCH_SERIALIZATION_DEBUG", "1")  # torch then compares with where it lies
    path = tmp_path / "model.pt"
    path.write_bytes(embedded(made.checkpoint(), TEXT))
    with config.patch({"load.calculate_storage_offsets": True}):
        found = torch.load(path, mmap=True, weights_only=True)
    wanted = made.net().state_dict()
    assert [t.data_ptr() % 64 for t in found["model"].values()] == [0] * len(wanted)
    assert all(torch.equal(found["model"][name], wanted[name]) for name in wanted)


def test_an_alignment_that_the_file_asks_for_is_kept() -> None:
    with config.patch({"save.storage_alignment": 4096}):
        plain = saved({"a": torch.ones(3), "b": torch.ones(5), "epoch": 1})
    data = embedded(plain, TEXT)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<2H", data, info.header_offset + 26)
            assert (info.header_offset + 30 + name + extra) % 4096 == 0
    assert torch.equal(loaded(data)["b"], torch.ones(5))


def test_a_text_that_training_put_in_is_read_and_replaced() -> None:
    data = saved({"model": dict(made.net().state_dict()), "procdsl": TEXT, "epoch": 7})
    assert text_of(data) == TEXT
    other = made.manifest(made.OTHER)
    found = loaded(embedded(data, other), weights_only=True)
    assert (found["procdsl"], found["epoch"], list(found)) == (
        other,
        7,
        ["model", "procdsl", "epoch"],
    )


def test_numpy_in_a_checkpoint_is_no_hindrance() -> None:
    data = embedded(saved({"w": torch.ones(1), "loss": np.float32(0.5), "a": np.ones(3)}), TEXT)
    assert loaded(data, weights_only=False)["loss"] == np.float32(0.5)


# Refused


class Call:
    """An object that is made by a call."""

    def __init__(self, function: Any, *given: Any) -> None:
        self.call = (function, given)

    def __reduce__(self) -> Any:
        return self.call


def payload(path: Path) -> Call:
    return Call(os.mkdir, str(path))


@pytest.mark.parametrize("place", ["top", "value", "key", "nested"])
def test_a_payload_is_never_run(place: str, tmp_path: Path) -> None:
    bad = payload(tmp_path / "harm")
    value: Any = {
        "top": bad,
        "value": {"model": 1, "procdsl": bad},
        "key": {bad: 1},
        "nested": {"model": {"x": [bad]}},
    }[place]
    data = pickled(pickle.dumps(value, 2))
    if place == "nested":
        assert text_of(embedded(data, TEXT)) == TEXT
    else:
        with pytest.raises(BadModelFile):
            embedded(data, TEXT)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(pickle.UnpicklingError):
        loaded(data, weights_only=True)


BARE = {
    "a dict": dict(Net().state_dict()),
    "what state_dict gives": Net().state_dict(),
    "parameters": collections.OrderedDict(w=torch.nn.Parameter(torch.ones(1))),
    "nothing": torch.nn.ReLU().state_dict(),
}


@pytest.mark.parametrize("value", BARE.values(), ids=BARE)
def test_a_bare_state_dict_is_told_the_line_to_write(value: Any) -> None:
    with pytest.raises(BadModelFile, match="a bare state dict") as refused:
        embedded(saved(value), TEXT)
    (line,) = re.findall("`(.*)` with torch.save", str(refused.value))

    class module:  # noqa: N801 - a generated module
        manifest_text = staticmethod(manifest)

    written = saved(eval(line, {"model": made.net(), "module": module}))
    assert text_of(written) == TEXT
    assert made.net().load_state_dict(loaded(written)["state_dict"], strict=True)


OTHERS = {
    "a module": (Net(), r"a pickled object \(model_files.Net\) and no dictionary"),
    "a list": ([1, 2], r"a pickled object \(list\)"),
    "a tensor": (torch.ones(2), r"a pickled object \(tensor\)"),
    "a text": ("text", r"a pickled object \(text\)"),
    "a number as manifest": ({"model": 1, "procdsl": 5}, "its key `procdsl` is no text"),
    "a list as manifest": ({"model": 1, "procdsl": ["a"]}, "its key `procdsl` is no text"),
    "twice": ({"procdsl": TEXT, "a": TEXT, "model": 1}, "stands under a second key"),
    "twice, below": ({"procdsl": TEXT, "a": {"b": TEXT}}, "stands under a second key"),
}


@pytest.mark.parametrize(("value", "said"), OTHERS.values(), ids=OTHERS)
def test_what_can_hold_no_manifest(value: Any, said: str) -> None:
    with pytest.raises(BadModelFile, match=said):
        embedded(saved(value), TEXT)


def test_the_format_of_old_is_named() -> None:
    data = saved({"w": torch.ones(2)}, _use_new_zipfile_serialization=False)
    for call in (lambda: text_of(data), lambda: embedded(data, TEXT)):
        with pytest.raises(BadModelFile, match="torch's format before 1.6"):
            call()


SELF = {"model": 1}
SELF["me"] = SELF  # type: ignore[assignment]  # a dictionary that holds itself


HOSTILE = [
    (b"\x80\x02}(U\x07procdslU\x01aU\x07procdslU\x01bu.", "`procdsl` stands twice"),
    (b"\x80\x02}U\x07procdslU\x01asU\x07procdslU\x01bs.", "`procdsl` stands twice"),
    (
        pickle.dumps({Call(str, "procdsl"): "text"}, 2),
        "a key of its dictionary is computed",
    ),
    (pickle.dumps({"procdsl": Call(str, "text")}, 2), "is no text that is written out"),
    (pickle.dumps(SELF, 2), "a key of its dictionary is computed"),
    (b"\x80\x02}2U\x01aU\x01bs0.", "a key of its dictionary is computed"),
    (b"\x80\x02}(U\x01au.", "its pickle is damaged"),
    (b"\x80\x02}u.", "its pickle is damaged"),
    (b"\x80\x02}", "its pickle is damaged"),
    (b".", "its pickle is damaged"),
    (b"\x80\x02}..", "followed by other bytes"),
    (b"\xff", "its pickle is damaged"),
    (b"\x80\x02}X\xff\xff\xff\x7fa.", "its pickle is damaged"),
    (b"\x80\x02h\x05.", "its pickle is damaged"),
    (b"(" * 100_000 + b".", r"a pickled object \(mark\)"),
    (b"]" * 1_000_000 + b".", "more than 1,000,000 opcodes"),
]


@pytest.mark.parametrize(("data", "said"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pickles(data: bytes, said: str) -> None:
    with pytest.raises(BadModelFile, match=said):
        embedded(pickled(data), TEXT)
