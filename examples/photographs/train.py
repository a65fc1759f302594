"""Trains, with the generated module in the workers, and hands on the model in every format.

Nothing of procdsl is needed here but the module: its `manifest_text` is what a file must carry.
safetensors and ONNX are written where their libraries are installed.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, Sampler

HERE = Path(__file__).parent
BUILD = Path("build")
sys.path[:0] = [str(HERE), str(BUILD)]

import augment
import photographs_numpy
from crops import LABELS, Sample, write
from network import network

EPOCHS, BATCH, WORKERS = 15, 32, 2

Key = tuple[int, int]
"""The epoch, and the number of the sample."""


class Crops(Dataset[tuple[torch.Tensor, int]]):
    """The files with their labels, as the module prepares them for training."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.samples = samples

    def __getitem__(self, key: Key) -> tuple[torch.Tensor, int]:
        augment.draw_by(*key)
        path, label = self.samples[key[1]]
        x = photographs_numpy.preprocess_train(path.read_bytes())
        return torch.from_numpy(x), label


class Keys(Sampler[Key]):
    """The keys of an epoch, shuffled; workers that live on get each epoch's through them."""

    def __init__(self, count: int) -> None:
        self.count, self.epoch = count, 0

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Key]:
        generator = torch.Generator().manual_seed(self.epoch)
        order = torch.randperm(self.count, generator=generator).tolist()
        return iter([(self.epoch, number) for number in order])


def start_worker(number: int) -> None:
    """One thread for each process."""
    torch.set_num_threads(1)


def trained(samples: Sequence[Sample]) -> nn.Sequential:
    torch.manual_seed(0)
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.05)
    keys = Keys(len(samples))
    loader = DataLoader(
        Crops(samples),
        batch_size=BATCH,
        sampler=keys,
        drop_last=True,
        num_workers=WORKERS,
        worker_init_fn=start_worker,
        persistent_workers=True,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, EPOCHS * len(loader))
    for keys.epoch in range(EPOCHS):
        for x, labels in loader:
            loss = functional.cross_entropy(model(x), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def accuracy(model: nn.Module, samples: Sequence[Sample]) -> float:
    """The share of files that are told right."""
    x = photographs_numpy.preprocess_batch([path.read_bytes() for path, _ in samples])
    with torch.no_grad():
        logits = model(torch.from_numpy(x)).numpy()
    answers = photographs_numpy.postprocess_batch(logits)
    pairs = zip(answers, samples, strict=True)
    return sum(found.label == LABELS[label] for found, (_, label) in pairs) / len(samples)


def save(model: nn.Module, manifest: str) -> None:
    """The model in every format that can be written here, each with the manifest."""
    extra = {"procdsl.json": manifest}
    torch.save({"model": model.state_dict(), "procdsl": manifest}, BUILD / "photographs.pt")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TorchScript is deprecated
        scripted = torch.jit.script(model)
        torch.jit.save(scripted, BUILD / "photographs.ts", _extra_files=extra)
    example = (torch.zeros(2, 3, 32, 32),)
    batch = torch.export.Dim("batch")
    program = torch.export.export(model, example, dynamic_shapes=({0: batch},))
    torch.export.save(program, BUILD / "photographs.pt2", extra_files=extra)
    if find_spec("safetensors"):
        from safetensors.torch import save_file

        save_file(model.state_dict(), BUILD / "photographs.safetensors")
    if find_spec("onnx") and find_spec("onnxscript"):
        exported = torch.onnx.export(program, input_names=["x"], output_names=["logits"])
        assert exported is not None
        exported.save(BUILD / "photographs.onnx")


def main() -> None:
    torch.set_num_threads(1)  # the same bits on any number of cores
    start = perf_counter()
    model = trained(write("train"))
    taken = perf_counter() - start
    right = accuracy(model, write("test"))
    save(model, photographs_numpy.manifest_text(epochs=EPOCHS, accuracy=right))
    print(f"trained in {taken:.0f} s; of the test files {right:.1%} are told right")


if __name__ == "__main__":
    main()
