"""Models of torch of every kind: each is baked round and is right, or is refused with the names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from baking import baked, opened, photograph, refused, studio
from torch import nn
from torch.export import Dim

__all__ = ["studio"]

NETWORKS = '''
import torch
from typing import Dict, List, Tuple


def bright(x: torch.Tensor) -> torch.Tensor:
    return x.mean(dim=(1, 2, 3))[:, None].expand(-1, 4).contiguous()


class ByName(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> Dict[str, torch.Tensor]:
        return {"logits": bright(x), "hidden": x}


class OtherName(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> Dict[str, torch.Tensor]:
        return {"scores": bright(x), "hidden": x}


class OneOther(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> Dict[str, torch.Tensor]:
        return {"scores": bright(x)}


class Two(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        return bright(x), x


class Flat(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        assert x.dim() == 2
        return x[:, :4]


class Square(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.shape[2] != x.shape[3]:
            raise ValueError("both sides must be equal")
        return bright(x)


class Text(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> str:
        return "cat"


class Processed(torch.nn.Module):
    """Its parts are called as those of a baked file are, and as the steps."""

    def __init__(self):
        super().__init__()
        self.preprocess, self.postprocess = torch.nn.Identity(), torch.nn.Identity()
        self.model, self.after = torch.nn.Identity(), torch.nn.Identity()

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.after(self.postprocess(bright(self.model(self.preprocess(image)))))
'''
DOES_NOT_RUN = "the model does not run on what the contract says, x: f32[2, 3, 32, 48]"
WORKS = {"ByName", "OneOther", "Processed"}
REFUSED: Mapping[str, str] = {
    "OtherName": "the contract has the outputs `logits`, the model `scores`, `hidden`",
    "Two": "the contract has the outputs `logits`, the model one, one",
    "Flat": DOES_NOT_RUN,
    "Square": DOES_NOT_RUN,
    "Text": "`logits`: expected an array, got str",
}
"""Networks, and what is said of each."""


@pytest.fixture
def networks(studio: Path) -> Path:
    functions = "".join(f"\n\ndef of{n}():\n    return {n}()\n" for n in (*WORKS, *REFUSED))
    (studio / "networks.py").write_text(NETWORKS + functions)
    return studio


@pytest.mark.parametrize("to", ["torchscript", pytest.param("pt2", marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", sorted(WORKS))
def test_it_is_baked_round_and_right(kind: str, to: str, networks: Path) -> None:
    path, _ = baked("classifier", to, "--factory", f"networks:of{kind}")
    image = torch.from_numpy(photograph(61, 83).copy())[None]
    with torch.no_grad():
        found = opened(path, to)(image)
    assert torch.equal(found["probabilities"], torch.full((1, 4), 0.25))


@pytest.mark.parametrize("to", ["torchscript", "pt2"])
@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_it_is_refused_with_the_names(kind: str, to: str, networks: Path) -> None:
    words = ("classifier.proc", "--to", to, "-o", "out/x", "--factory", f"networks:of{kind}")
    assert REFUSED[kind] in refused(networks, *words)


class Bright(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean(dim=(1, 2, 3))[:, None].expand(-1, 4).contiguous()


class AndAnother(nn.Module):
    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return x.mean(dim=(1, 2, 3))[:, None].expand(-1, 4) + y


def program(name: str) -> torch.export.ExportedProgram:
    """Exported programs that state more or less than the contract."""
    n, h, w = Dim("n", min=1), Dim("h", min=8), Dim("w", min=8)
    x = torch.zeros(2, 3, 40, 40)
    if name == "sides that are equal":
        return torch.export.export(Bright(), (x,), dynamic_shapes=({0: n, 2: h, 3: h},))
    if name == "any sides":
        return torch.export.export(Bright(), (x,), dynamic_shapes=({0: n, 2: h, 3: w},))
    if name == "another rank":
        return torch.export.export(nn.Linear(6, 4), (torch.zeros(2, 6),), dynamic_shapes=({0: n},))
    if name == "half precision":
        half = torch.zeros(2, 3, 32, 48, dtype=torch.float16)
        return torch.export.export(Bright(), (half,), dynamic_shapes=({0: n},))
    both = (torch.zeros(2, 3, 32, 48), torch.zeros(2, 4))
    return torch.export.export(AndAnother(), both, dynamic_shapes=({0: n}, {0: n}))


PROGRAMS = {
    "sides that are equal": DOES_NOT_RUN,
    "another rank": "and f32[?, 6] in the model\n",
    "half precision": "and f16[?, 3, 32, 48] in the model\n",
    "an input more": "the contract has the inputs `x`, the model `x`, `y`\n",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_that_do_not_fit(name: str, studio: Path) -> None:
    torch.export.save(program(name), "model.pt2")
    words = ("classifier.proc", "--to", "pt2", "-o", "out/x", "--model", "model.pt2")
    assert PROGRAMS[name] in refused(studio, *words)


@pytest.mark.slow
def test_a_program_that_states_less(studio: Path) -> None:
    torch.export.save(program("any sides"), "model.pt2")
    path, _ = baked("classifier", "pt2", "--model", "model.pt2")
    image = torch.from_numpy(photograph(61, 83).copy())[None]
    assert torch.equal(opened(path, "pt2")(image)["probabilities"], torch.full((1, 4), 0.25))


@pytest.mark.parametrize("to", ["torchscript", "pt2"])
def test_what_is_cut_off_is_no_model(to: str, studio: Path) -> None:
    if to == "pt2":
        torch.export.save(program("any sides"), "model.pt2")
    else:
        torch.jit.save(torch.jit.script(Bright()), "model.pt2")
    whole = Path("model.pt2").read_bytes()
    Path("model.pt2").write_bytes(whole[: len(whole) // 2])
    told = refused(studio, "classifier.proc", "--to", to, "-o", "out/x", "--model", "model.pt2")
    assert "model.pt2" in told
