"""What is not baked: each is refused with what came and what was wanted, and nothing is written."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import torch
from baking import SEGMENTER, Bakery, baked, bakery, network, ran, refused, studio
from extern_project import FILTERS
from support import compiled
from torch import nn

from procdsl.manifest import write
from procdsl.reference.golden_record import golden_record
from procdsl.workspace import models

__all__ = ["bakery", "studio"]

TO = ("--to", "torchscript", "-o", "out/x")
CLASSIFIER = ("classifier.proc", *TO)


def saved(path: str, module: nn.Module) -> str:
    torch.jit.save(torch.jit.script(module), path)
    return path


class Answering(nn.Module):
    """A model that gives something else than the contract says."""

    def __init__(self, shape: list[int], dtype: torch.dtype) -> None:
        super().__init__()
        self.shape, self.dtype = shape, dtype

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.zeros([x.shape[0]] + self.shape, dtype=self.dtype)


class Half(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(3 * 32 * 48, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.linear(x.flatten(1))
        return found


class Two(nn.Module):
    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return x + y


# The model


@pytest.mark.parametrize(
    ("shape", "dtype", "wanted"),
    [
        ([5], torch.float32, "f32[2, 5]"),
        ([4], torch.float64, "float64[2, 4]"),
        ([4, 1], torch.float32, "f32[2, 4, 1]"),
    ],
)
def test_an_answer_that_is_not_the_contract_s(
    shape: list[int], dtype: torch.dtype, wanted: str, studio: Path
) -> None:
    saved("model.ts", Answering(shape, dtype))
    told = refused(studio, *CLASSIFIER, "--model", "model.ts")
    assert (
        "`logits`: the contract wants f32[2, 4], the first axis for the batch, "
        f"the model gives {wanted}"
    ) in told


def test_a_model_of_half_precision_says_so(studio: Path) -> None:
    saved("model.ts", Half().half())
    told = refused(studio, *CLASSIFIER, "--model", "model.ts")
    assert "the model does not run on what the contract says, x: f32[2, 3, 32, 48]" in told
    assert "(its weights are of torch.float16): RuntimeError: " in told


def test_half_precision_in_the_contract_is_baked(studio: Path) -> None:
    text = (studio / "classifier.proc").read_text()
    text = text.replace("    layout(c, h, w)", "    cast(f16)\n    layout(c, h, w)")
    text = text.replace("model x: f32[", "model x: f16[").replace("logits: f32", "logits: f16")
    text = text.replace(
        "    probabilities = softmax", "    logits = cast(logits, f32)\n    probabilities = softmax"
    )
    (studio / "classifier.proc").write_text(text)
    saved("model.ts", Half().half())
    _, told = baked("classifier", "torchscript", "--model", "model.ts")
    assert "what enters the model        x              the same bits" in told


def test_another_number_of_inputs(studio: Path) -> None:
    saved("model.ts", Two())
    told = refused(studio, *CLASSIFIER, "--model", "model.ts")
    assert "the model does not run on what the contract says" in told
    assert "RuntimeError" in told


def test_what_the_file_states_is_held_before_it_is_run(studio: Path) -> None:
    program = torch.export.export(nn.Flatten(), (torch.zeros(2, 3, 16, 16),))
    torch.export.save(program, "model.pt2")
    told = refused(studio, "classifier.proc", "--to", "pt2", "-o", "out/x", "--model", "model.pt2")
    assert told == (
        "procdsl: error: model.pt2 does not fit the contract:\n"
        "  the input `x` is f32[?, 3, 32, 48] by the contract, the first axis for the batch, and "
        "f32[2, 3, 16, 16] in the model\n"
        "  the output `logits` is f32[?, 4] by the contract, the first axis for the batch, and "
        "f32[2, 768] in the model\n"
    )


def test_a_model_that_is_baked_already_would_run_twice(studio: Path, bakery: Bakery) -> None:
    path, _ = bakery("classifier", "torchscript")
    told = refused(studio, *CLASSIFIER, "--model", str(path), "--force")
    assert (
        "is baked already, and takes image: u8[h, w, c=3] bgr: what it does would be done" in told
    )
    told = refused(studio, str(path), *TO, "--factory", "networks:classifier")
    assert "is of a file that is baked already: extract its source" in told


def test_a_model_of_another_pipeline(studio: Path) -> None:
    pipeline = compiled(SEGMENTER)
    saved("model.ts", network("classifier"))
    with models.opened("model.ts") as model:
        from procdsl.modelfile.formats import format_of

        text = write.text(write.manifest(pipeline, golden_record(pipeline)))
        models.embed(model, format_of(model), text, Path("model.ts"))
    told = refused(studio, *CLASSIFIER, "--model", "model.ts")
    assert "model.ts carries the pipeline segmenter" in told
    assert baked("classifier", "torchscript", "--model", "model.ts", "--force")[0].exists()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), "a model is baked round: --model, --factory, or both"),
        (("--model", "none.ts"), "none.ts does not exist"),
        (("--model", "networks.py"), "it is no model file that procdsl knows"),
        (("--model", "weights.pt"), "weights.pt holds weights, and no network that runs: name the "
         "function that makes it of them, --factory package.module:function"),
        (("--factory", "networks"), "networks: expected package.module:function"),
        (("--factory", "networks:__import__('os')"), "expected package.module:function"),
        (("--factory", "none:make"), "none:make raises ModuleNotFoundError: No module named"),
        (("--factory", "networks:none"), "networks:none raises AttributeError"),
        (("--factory", "networks:broken"), "networks:broken raises KeyError: 'weights'"),
        (("--factory", "networks:number"), "expected a torch.nn.Module, it gives a int"),
        (("--model", "weights.pt", "--factory", "networks:broken"), "broken raises TypeError"),
        (("--model", "model.pt2"), "model.pt2 (pt2) cannot be baked to TorchScript: give a file of "
         "that format, or the function that makes the network, --factory"),
        (("--model", "model.pt2", "--factory", "networks:classifier"), "model.pt2 (pt2): a factory "
         "takes a torch checkpoint"),
    ],
)  # fmt: skip
def test_what_is_no_model(words: tuple[str, ...], wanted: str, studio: Path) -> None:
    torch.save({"model": {}}, "weights.pt")
    if "model.pt2" in words:
        program = torch.export.export(network("classifier"), (torch.zeros(2, 3, 32, 48),))
        torch.export.save(program, "model.pt2")
    with (studio / "networks.py").open("a") as file:
        file.write(
            "\n\ndef broken():\n    raise KeyError('weights')\n\n\ndef number():\n    return 3\n"
        )
    assert wanted in refused(studio, *CLASSIFIER, *words)


def test_a_network_that_cannot_be_scripted_is_not_traced(studio: Path) -> None:
    (studio / "networks.py").write_text(
        "import torch\n\n\nclass Loose(torch.nn.Module):\n"
        "    def forward(self, *x):\n"
        "        return torch.zeros(len(x[0]), 4) if x else print(*x, sep='')\n\n\n"
        "def loose():\n    return Loose()\n"
    )
    told = refused(studio, *CLASSIFIER, "--factory", "networks:loose")
    assert "its network cannot be scripted, and is not traced" in told
    assert "give a TorchScript file" in told


def test_without_torch(studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "torch" else real(name)
    )
    told = refused(studio, *CLASSIFIER, "--factory", "networks:classifier")
    assert told == "procdsl: error: --to torchscript needs torch: pip install torch\n"


# The pipeline


def test_where_nothing_can_be_baked(studio: Path) -> None:
    told = refused(
        studio, "segmenter.proc", *TO, "--factory", "networks:segmenter",
        "--keep", "layout", "--keep", "argmax",
    )  # fmt: skip
    assert "no step can be baked (procdsl plan says why): procdsl embed puts the manifest" in told


def test_a_file_with_errors(studio: Path) -> None:
    text = (studio / "classifier.proc").read_text()
    (studio / "classifier.proc").write_text(text.replace("convert(rgb)", "convert(pink)"))
    told = refused(studio, *CLASSIFIER, "--factory", "networks:classifier", code=1)
    assert "error[E204]" in told


def test_an_extern_that_fails(studio: Path) -> None:
    (studio / "shop").mkdir()
    broken = "\n\ndef denoise(image):\n    raise OSError('no space')\n"
    (studio / "shop" / "filters.py").write_text(FILTERS + broken)
    text = (studio / "classifier.proc").read_text()
    text = text.replace(
        "input image",
        'extern denoise from "shop.filters:denoise" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb\n'
        "input image",
    ).replace("    convert(rgb)\n", "    convert(rgb)\n    denoise()\n")
    (studio / "classifier.proc").write_text(text)
    told = refused(studio, *CLASSIFIER, "--factory", "networks:classifier")
    assert "cat.jpg: shop.filters:denoise raises OSError: no space" in told


def test_an_extern_that_gives_something_else(studio: Path) -> None:
    (studio / "shop").mkdir()
    (studio / "shop" / "filters.py").write_text("def denoise(image):\n    return image[..., 0]\n")
    text = (studio / "classifier.proc").read_text()
    text = text.replace(
        "input image",
        'extern denoise from "shop.filters:denoise" (u8[h, w, c=3] bgr) -> u8[h, w, c=3] bgr\n'
        "input image",
    ).replace("    convert(rgb)\n", "    denoise()\n    convert(rgb)\n")
    (studio / "classifier.proc").write_text(text)
    told = refused(studio, *CLASSIFIER, "--factory", "networks:classifier")
    assert "shop.filters:denoise: expected u8[h, w, c=3] bgr, got uint8 [87, 131]" in told


# What is written


def test_places_that_are_taken(studio: Path) -> None:
    given = ("--factory", "networks:classifier")
    module = studio / "out" / "classifier_host_cv2.py"
    module.write_text("mine = 1\n")
    told = refused(studio, *CLASSIFIER, *given)
    assert "classifier_host_cv2.py was not written by procdsl: move it away first" in told
    module.unlink()
    where = ("classifier.proc", "--to", "torchscript", *given, "-o")
    assert "out is a folder: -o names the file that is written" in refused(studio, *where, "out")
    assert "none/x cannot be written: No such file" in refused(studio, *where, "none/x")
    (studio / "notes.ts").write_text("mine")
    told = refused(studio, *where, "notes.ts")
    assert "notes.ts was not written by procdsl: move it away first" in told
    assert (studio / "notes.ts").read_text() == "mine"
    saved("model.ts", network("classifier"))
    told = refused(studio, *where[:3], "--model", "model.ts", "-o", "model.ts")
    assert "model.ts is the model itself, which is kept" in told


def test_pictures_that_are_none(studio: Path) -> None:
    given = ("--factory", "networks:classifier", "--pictures")
    assert "none is no folder of pictures" in refused(studio, *CLASSIFIER, *given, "none")
    (studio / "empty").mkdir()
    told = refused(studio, *CLASSIFIER, *given, "empty")
    assert "empty holds no file that ends as a picture does" in told


def test_a_name_that_two_pipelines_have(studio: Path) -> None:
    baked("classifier", "torchscript")
    text = (studio / "classifier.proc").read_text()
    (studio / "other.proc").write_text(text.replace("sampler=cv2.linear", "sampler=cv2.area"))
    given = ("other.proc", *TO, "--factory", "networks:classifier")
    assert "was made from classifier.proc, and now from other.proc" in refused(studio, *given)


def test_a_file_of_another_pipeline_is_not_replaced(studio: Path) -> None:
    path, _ = baked("classifier", "torchscript")
    given = ("segmenter.proc", "--to", "torchscript", "-o", str(path))
    told = refused(studio, *given, "--factory", "networks:segmenter")
    assert "carries the pipeline classifier" in told
    assert "--force replaces it" in told


# The manifest of a baked file stays with it


def test_embed_leaves_places_as_they_are(studio: Path) -> None:
    path, _ = baked("classifier", "torchscript")
    before = path.read_bytes()
    code, _, told = ran("embed", "classifier.proc", str(path), "--force")
    assert (code, path.read_bytes()) == (2, before)
    assert "is baked, and classifier.proc is not of a baked file: bake it again" in told
    saved("model.ts", network("classifier"))
    before = (studio / "model.ts").read_bytes()
    code, _, told = ran("embed", str(path), "model.ts")
    assert (code, (studio / "model.ts").read_bytes()) == (2, before)
    assert "is of a baked file that does other steps by itself than model.ts" in told
    assert ran("embed", str(path), str(path), "--set", "epoch=9")[0] == 0
