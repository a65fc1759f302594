"""ImageNet by Pillow: RGB u8 500 x 375, short side to 256 antialiased, centre 224, CHW f32.

The second workload is the same with torch's antialiased kernel.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from benchmarks import peers
from benchmarks.harness import Run, Workload, main
from benchmarks.jobs import MEAN, STD, job, photographs, rgb_of

PIPELINE = """proc 1
pipeline imagenet_{name}
input image: u8[h, w, c=3] rgb
pre {{
    resize(short={short}, sampler={sampler})
    crop(center, h={side}, w={side})
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    layout(c, h, w)
}}
model x: f32[c=3, h={side}, w={side}] rgb -> logits: f32[class=1000]
"""
H, W, TOP, LEFT, SIDE = 256, 341, 16, 58, 224  # of the resized picture and of the crop
MEAN_F32, STD_F32 = np.array(MEAN, np.float32), np.array(STD, np.float32)
KERNEL = "torch's antialiased kernel"


def pipeline(library: str, short: int = H, side: int = SIDE) -> str:
    sampler = {"pil": "pil.bilinear", "torch": "torch.bilinear_aa"}[library]
    return PIPELINE.format(name=library, sampler=sampler, short=short, side=side)


def pictures() -> list[np.ndarray]:
    return [rgb_of(image) for image in photographs(375, 500)]


def by_hand(rgb: np.ndarray) -> np.ndarray:
    picture = Image.fromarray(rgb).resize((W, H), Image.Resampling.BILINEAR)
    picture = picture.crop((LEFT, TOP, LEFT + SIDE, TOP + SIDE))
    x = np.asarray(picture).astype(np.float32) / 255.0
    return np.ascontiguousarray(((x - MEAN_F32) / STD_F32).transpose(2, 0, 1))


def with_torch(rgb: np.ndarray) -> torch.Tensor:
    """What torchvision's transforms do to a picture of Pillow's."""
    picture = Image.fromarray(rgb).resize((W, H), Image.Resampling.BILINEAR)
    picture = picture.crop((LEFT, TOP, LEFT + SIDE, TOP + SIDE))
    x = torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous().float().div(255)
    return x.sub_(torch.tensor(MEAN)[:, None, None]).div_(torch.tensor(STD)[:, None, None])


def in_torch(rgb: np.ndarray) -> torch.Tensor:
    """What torchvision's transforms do to a tensor."""
    x = torch.from_numpy(rgb).permute(2, 0, 1)[None]
    x = functional.interpolate(x, (H, W), mode="bilinear", antialias=True)[0]
    x = x[:, TOP : TOP + SIDE, LEFT : LEFT + SIDE].float().div(255)
    return x.sub_(torch.tensor(MEAN)[:, None, None]).div_(torch.tensor(STD)[:, None, None])


def by_pillow() -> Workload:
    ours = job(pipeline("pil"))
    title = "ImageNet by Pillow: 500 x 375, short side 256, centre 224"
    work = Workload("imagenet_pil", title, ours.wanted, pictures())
    limit_of_pillow(work)
    ours.enter(work)
    work.add("Pillow and numpy by hand", "by hand", equal=True)(lambda: by_hand)
    work.add("Pillow and torch by hand", "by hand", equal=True)(lambda: with_torch)
    others(work)
    work.add("torch on a tensor", note=KERNEL)(lambda: in_torch)
    return work


def by_torch() -> Workload:
    ours = job(pipeline("torch"))
    title = "ImageNet by torch: 500 x 375, short side 256 antialiased, centre 224"
    work = Workload("imagenet_torch", title, ours.wanted, pictures())
    limit_of_torch(work)
    ours.enter(work)
    work.add("torch by hand", "by hand", equal=True)(lambda: in_torch)
    return work


# What of the source the crop's pixels are made of.
BOX = (LEFT * 500 / W, TOP * 375 / H, (LEFT + SIDE) * 500 / W, (TOP + SIDE) * 375 / H)


def limit_of_pillow(work: Workload) -> None:
    name = "limit: Pillow's kernel on the crop, one write of the output"

    @work.add(name, "limit", prepare=Image.fromarray)
    def _() -> Run:
        written = np.zeros((3, SIDE, SIDE), np.float32)
        size, kernel = (SIDE, SIDE), Image.Resampling.BILINEAR
        return lambda picture: (picture.resize(size, kernel, BOX), written.copy())


def limit_of_torch(work: Workload) -> None:
    @work.add("limit: torch's kernel on the crop, one write of the output", "limit")
    def _() -> Run:
        written = np.zeros((3, SIDE, SIDE), np.float32)
        left, top, right, bottom = (round(side) for side in BOX)

        def run(rgb: np.ndarray) -> Any:
            part = torch.from_numpy(rgb[top:bottom, left:right]).permute(2, 0, 1)[None]
            x = functional.interpolate(part, (SIDE, SIDE), mode="bilinear", antialias=True)
            return x, written.copy()

        return run

    @work.add("torch's kernel on the whole, which is then cropped", "limit")
    def _() -> Run:
        def run(rgb: np.ndarray) -> torch.Tensor:
            whole = torch.from_numpy(rgb).permute(2, 0, 1)[None]
            return functional.interpolate(whole, (H, W), mode="bilinear", antialias=True)

        return run


def others(work: Workload) -> None:
    """The peers."""

    @work.add("Hugging Face, Pillow")
    def _() -> Run:
        from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

        processor = CLIPImageProcessorPil(
            size={"shortest_edge": H},
            crop_size={"height": SIDE, "width": SIDE},
            resample=Image.Resampling.BILINEAR,
            image_mean=list(MEAN),
            image_std=list(STD),
        )
        return lambda rgb: processor(rgb, return_tensors="np")["pixel_values"][0]

    @work.add("albumentations", note="cv2.linear, not antialiased")
    def _() -> Run:
        import albumentations

        stack = albumentations.Compose(
            [
                albumentations.SmallestMaxSize(H),
                albumentations.CenterCrop(SIDE, SIDE),
                albumentations.Normalize(MEAN, STD),
            ]
        )
        return lambda rgb: np.ascontiguousarray(stack(image=rgb)["image"].transpose(2, 0, 1))

    @work.add("kornia", note="a Gaussian before a bilinear")
    def _() -> Run:
        import kornia

        def run(rgb: np.ndarray) -> torch.Tensor:
            x = torch.from_numpy(rgb).permute(2, 0, 1)[None].float() / 255
            x = kornia.geometry.resize(x, (H, W), antialias=True)
            x = kornia.geometry.center_crop(x, (SIDE, SIDE))
            return kornia.enhance.normalize(x, torch.tensor(MEAN), torch.tensor(STD))

        return run

    @work.add("ONNX Runtime, a graph", note="antialiased in f32")
    def _() -> Run:
        return peers.onnx_graph(GRAPH, SIDE, SIDE)

    @work.add("OpenVINO's preprocessor", note="its own version of Pillow's kernel")
    def _() -> Run:
        def steps(given: Any, names: Any) -> None:
            given.resize(names.ResizeAlgorithm.RESIZE_BILINEAR_PILLOW, H, W)
            given.crop([0, TOP, LEFT, 0], [1, TOP + SIDE, LEFT + SIDE, 3])
            given.convert_element_type(peers.float_type())
            given.mean([255 * m for m in MEAN]).scale([255 * s for s in STD])

        return peers.openvino_model((375, 500), (1, 3, SIDE, SIDE), "RGB", steps)

    @work.add("onnxruntime-extensions", note="antialiased by ONNX's Resize on u8")
    def _() -> Run:
        from onnxruntime_extensions.tools import pre_post_processing as steps

        return peers.extensions_graph(
            (3, SIDE, SIDE),
            [
                steps.Resize(H),
                steps.CenterCrop(SIDE, SIDE),
                steps.ChannelsLastToChannelsFirst(),
                steps.ImageBytesToFloat(),
                steps.Normalize(list(zip(MEAN, STD, strict=True)), layout="CHW"),
            ],
        )


GRAPH = f"""
    <int64[1] first = {{0}}, int64[4] size = {{1, 3, {H}, {W}}},
     int64[2] starts = {{{TOP}, {LEFT}}}, int64[2] ends = {{{TOP + SIDE}, {LEFT + SIDE}}},
     int64[2] axes = {{2, 3}}, float[1, 3, 1, 1] mean = {{123.675, 116.28, 103.53}},
     float[1, 3, 1, 1] std = {{58.395, 57.12, 57.375}}>
    {{
        planes = Transpose<perm = [2, 0, 1]>(image)
        batch = Unsqueeze(planes, first)
        real = Cast<to = 1>(batch)
        resized = Resize<mode = "linear", antialias = 1>(real, , , size)
        cropped = Slice(resized, starts, ends, axes)
        centred = Sub(cropped, mean)
        scaled = Div(centred, std)
        y = Squeeze(scaled, first)
    }}"""

if __name__ == "__main__":
    main([by_pillow, by_torch])
