"""A small benchmark on a device: a batch through the torch modules, and through what is written
by hand, with kornia and torchvision where they are installed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from time import perf_counter
from types import ModuleType
from typing import Any

import torch
from torch.nn import functional

Run = Callable[[], Any]

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def measure(modules: Mapping[str, ModuleType], device: torch.device, batch: int = 64) -> None:
    """Print a line a workload and contestant: milliseconds of a batch, and of one by one ours."""
    batch = batch if device.type != "cpu" else 4
    generator = torch.Generator().manual_seed(0)
    pictures = torch.randint(0, 256, (batch, 375, 500, 3), generator=generator).to(torch.uint8)
    frames = torch.randint(0, 256, (batch, 720, 1280, 3), generator=generator).to(torch.uint8)
    pictures, frames = pictures.to(device), frames.to(device)
    raw = torch.rand(batch, 84, 8400, generator=generator)
    raw[:, 4:] *= torch.rand(batch, 1, 8400, generator=generator) ** 8  # few are sure
    raw[:, :4] *= 600
    raw = raw.to(device)
    sizes = [(720, 1280)] * batch
    preprocess = {name: module.Preprocess().to(device) for name, module in modules.items()}
    postprocess = modules["yolov8"].postprocess_batch
    workloads: dict[str, dict[str, Run]] = {
        "ImageNet by Pillow": {
            "procdsl": lambda: preprocess["imagenet_pil"](pictures),
            "by hand": lambda: imagenet(pictures, antialias=True),
            **with_kornia(pictures, antialias=True),
        },
        "ImageNet by OpenCV": {
            "procdsl": lambda: preprocess["imagenet_cv2"](pictures),
            "by hand": lambda: imagenet(pictures, antialias=False),
            **with_kornia(pictures, antialias=False),
        },
        "letterbox of 720p": {
            "procdsl": lambda: preprocess["yolov8"](frames),
            "by hand": lambda: letterbox(frames),
        },
        "YOLOv8 post": {
            "procdsl": lambda: postprocess(raw, sizes),
            **with_torchvision(raw),
        },
    }
    print(f"\nmilliseconds for a batch of {batch}")
    for workload, runs in workloads.items():
        for name, run in runs.items():
            print(f"{workload:20} {name:12} {timed(run, device):10.2f}")


def timed(run: Run, device: torch.device) -> float:
    """The median of some calls in milliseconds, after one that warms up."""
    times = []
    for _ in range(2 if device.type == "cpu" else 12):
        wait(device)
        start = perf_counter()
        run()
        wait(device)
        times.append(1e3 * (perf_counter() - start))
    return statistics.median(times[1:])


def wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def normalized(x: torch.Tensor) -> torch.Tensor:
    mean, std = (torch.tensor(n, device=x.device)[:, None, None] for n in (MEAN, STD))
    return (x - mean) / std


def imagenet(pictures: torch.Tensor, antialias: bool) -> torch.Tensor:
    """torch's own resize in float32, which has other bits."""
    x = pictures.permute(0, 3, 1, 2).float() / 255
    x = functional.interpolate(x, [256, 341], mode="bilinear", antialias=antialias)
    return normalized(x[..., 16:240, 58:282]).contiguous()


def letterbox(frames: torch.Tensor) -> torch.Tensor:
    x = frames.flip(-1).permute(0, 3, 1, 2).float()
    x = functional.interpolate(x, [360, 640], mode="bilinear")
    return functional.pad(x, [0, 0, 140, 140], value=114.0) / 255


def with_torchvision(raw: torch.Tensor) -> dict[str, Run]:
    """The usual code round torchvision's suppression, where that is installed."""
    try:
        from torchvision.ops import batched_nms, box_convert
    except ImportError:
        return {}

    def one(x: torch.Tensor) -> torch.Tensor:
        best, classes = x[4:].max(0)
        sure = best > 0.25
        boxes, best, classes = (
            box_convert(x[:4, sure].T, "cxcywh", "xyxy"),
            best[sure],
            classes[sure],
        )
        kept = batched_nms(boxes, best, classes, 0.45)[:300]
        boxes[:, 1::2] -= 140
        return torch.cat([boxes[kept] * 2, best[kept, None], classes[kept, None]], 1)

    return {"torchvision": lambda: [one(x) for x in raw]}


def with_kornia(pictures: torch.Tensor, antialias: bool) -> dict[str, Run]:
    """kornia, where it is installed."""
    try:
        import kornia
    except ImportError:
        return {}
    mean, std = (torch.tensor(n, device=pictures.device) for n in (MEAN, STD))

    def run() -> Any:
        x = pictures.permute(0, 3, 1, 2).float() / 255
        x = kornia.geometry.resize(x, (256, 341), antialias=antialias)
        return kornia.enhance.normalize(x[..., 16:240, 58:282], mean, std)

    return {"kornia": run}
