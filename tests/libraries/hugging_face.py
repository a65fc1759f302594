"""transformers itself, its processors on Pillow, for files of `configurations/hugging_face`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from expected.common import IMAGENET, Expected

STATISTICS = {"image_mean": list(IMAGENET[0]), "image_std": list(IMAGENET[1])}


def processor(model: str, name: str, **options: Any) -> Callable[[], Expected]:
    def made() -> Expected:
        module = importlib.import_module(
            f"transformers.models.{model}.image_processing_pil_{model}"
        )
        process = getattr(module, f"{name}ImageProcessorPil")(**options)

        def expected(image: np.ndarray) -> np.ndarray:
            found: np.ndarray = np.asarray(process(image, return_tensors="np")["pixel_values"])
            return found[0] if found.shape[0] == 1 else found

        return expected

    return made


def square(side: int) -> dict[str, int]:
    return {"height": side, "width": side}


MADE: dict[str, Callable[[], Expected]] = {
    "vit": processor("vit", "ViT"),
    "siglip": processor("siglip", "Siglip", size=square(224)),
    "swin": processor("vit", "ViT", resample=3, **STATISTICS),
    "segformer": processor("segformer", "Segformer"),
    "blip": processor("blip", "Blip"),
    "clip": processor("clip", "CLIP"),
    "dinov2": processor(
        "bit", "Bit", size={"shortest_edge": 256}, crop_size=square(224), **STATISTICS
    ),
    "mobilenet_v2": processor("mobilenet_v2", "MobileNetV2"),
    "deit": processor("deit", "DeiT", **STATISTICS),
    "levit": processor("levit", "Levit"),
    "detr": processor("detr", "Detr", do_pad=False),
    "yolos_small": processor(
        "yolos", "Yolos", size={"shortest_edge": 512, "longest_edge": 864}, do_pad=False
    ),
    "dpt_large": processor("dpt", "DPT", size=square(384), resample=3),
    "dpt_keep_aspect": processor(
        "dpt",
        "DPT",
        size=square(384),
        resample=3,
        keep_aspect_ratio=True,
        ensure_multiple_of=32,
    ),
    "depth_anything": processor(
        "dpt",
        "DPT",
        size=square(518),
        resample=3,
        keep_aspect_ratio=True,
        ensure_multiple_of=14,
        **STATISTICS,
    ),
    "glpn_kitti": processor("glpn", "GLPN"),
    "swin2sr": processor("swin2sr", "Swin2SR"),
    "sam_vit": processor("sam", "Sam"),
    "mask2former": processor("mask2former", "Mask2Former"),
    "vilt": processor("vilt", "Vilt"),
    "llava_pad": processor(
        "llava", "Llava", do_pad=True, size={"shortest_edge": 336}, crop_size=square(336)
    ),
    "qwen2_vl": processor("qwen2_vl", "Qwen2VL"),
    "siglip2_naflex": processor("siglip2", "Siglip2"),
}
