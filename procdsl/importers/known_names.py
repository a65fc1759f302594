"""What other libraries call things: Pillow, torchvision, albumentations, OpenCV, Hugging Face, ...

A name that means exactly one thing of this language leads to it. Of any other name it is said what
it may mean here, and what each of that computes: what is spelt alike need not compute alike.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from procdsl.diagnostics.suggest import Meaning


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _exact(table: Mapping[str, str]) -> dict[str, Meaning]:
    """From what it is here to its names elsewhere, parted by blanks."""
    return {_plain(name): Meaning(here) for here, names in table.items() for name in names.split()}


def _said(table: Mapping[str, str]) -> dict[str, Meaning]:
    """From what there is to write here to the names elsewhere that may mean it."""
    return {_plain(name): _words(said) for said, names in table.items() for name in names.split()}


def _words(said: str) -> Meaning:
    return Meaning("", f"write {said}" if said.startswith("`") else said)


def op(name: str) -> Meaning | None:
    """An op by what it is called elsewhere, with the name of its library or without."""
    return _OPS.get(_plain(name)) or _OPS.get(_plain(name.rpartition(".")[2]))


def with_number(op: str) -> str:
    """What takes a number where the op takes a value, in words; nothing for most ops."""
    if op == "divide":
        return "write `scale(divide=...)`, of whole numbers `to_float(scale=1/...)`"
    return f"write `scale({op}=...)`" if op in ("add", "subtract", "multiply") else ""


def argument(of: str, name: str, choices: Collection[str]) -> Meaning | None:
    """An argument of an op that has these, by what it is called elsewhere."""
    said = _ARGUMENTS_SAID.get((of, _plain(name))) or _ARGUMENTS_SAID.get(("", _plain(name)))
    if said:
        return _words(said)
    meant = [here for here in _ARGUMENTS.get(_plain(name), ()) if here in choices]
    return Meaning(meant[0]) if len(meant) == 1 else None


def word(name: str, choices: Collection[str]) -> Meaning | None:
    """A word that an argument takes, by what it is called elsewhere."""
    known = _WORDS.get(_plain(name.rpartition(".")[2]))
    return known if known and known.here in choices else None


def dtype(name: str) -> Meaning | None:
    """A dtype by what it is called elsewhere."""
    return _DTYPES.get(_plain(name.rpartition(".")[2]))


def colour(name: str) -> Meaning | None:
    """A colour by what it is called elsewhere."""
    return _COLOURS.get(_plain(name.rpartition(".")[2]))


def sampler(name: str) -> Meaning | None:
    """A sampler by the constant of its library."""
    return _SAMPLERS.get(_plain(name)) or _SAMPLERS.get(_plain(name.rpartition(".")[2]))


_BY_LENGTH = (
    "`l2_normalize(..., over=...)`, which divides by the length; `normalize` subtracts a mean"
)
_ONE_SAMPLE = (
    "leave this step out: types are those of one sample, `preprocess_batch` makes the batch"
)

_OPS = {
    **_exact(
        {
            "clip": "clamp",
            "sigmoid": "expit logistic",
            "concat": "cat concatenate join",
            "denormalize": "unnormalize inverse_normalize un_normalize",
        }
    ),
    **_said(
        {
            "`to_float(scale=1/255)` and then `layout(c, h, w)`": "ToTensor",
            "`layout(c, h, w)`: the numbers stay as they are": "PILToTensor to_image",
            "`to_float(scale=1/255, form=reciprocal)` with `scale=True`, `to_float(scale=1)` "
            "without": "ToDtype ConvertImageDtype",
            "`to_float(scale=1/255)` for Hugging Face's, `resize` for scikit-image's": "rescale",
            "`to_float(scale=1/255)` of whole numbers, `scale(divide=255)` of floats, `divide(x, "
            "y)` of two values": "div truediv",
            "`to_float(scale=1)` to keep the numbers, `to_float(scale=1/255)` to divide by 255; "
            "from "
            "floats to another dtype `cast`": (
                "float to_float32 astype to type convert_dtype img2float img_as_float half quantize"
            ),
            "`scale(multiply=...)` of floats, `to_float(scale=...)` of whole numbers, "
            "`multiply(x, y)` of two values": "mul",
            "`normalize(mean=(...), std=1)` channel by channel, `scale(subtract=...)` for one "
            "number, `subtract(x, y)` of two values": "sub subtract_mean mean_subtraction",
            "`matmul(x, y, over=...)`, with the name of the axis": (
                "product dot einsum tensordot mm bmm inner"
            ),
            "`take(x, index, along=...)`": "gather index_select take_along_axis gather_nd",
            "`expected(..., over=...)`": "soft_argmax dfl integral weighted_sum expectation",
            "`top(..., over=..., k=...)`, with `k` the size of the axis": "sort argsort",
            "`normalize(mean=(...), std=(...))`": "mean_std channel_normalize",
            _BY_LENGTH: (
                "l2normalization normalize_l2 unit_norm unit_length unit_vector "
                "normalize_embedding torch.nn.functional.normalize nn.functional.normalize"
            ),
            "`norm(..., over=...)` for the length itself, `l2_normalize(..., over=...)` to divide "
            "by it": "l2_norm vector_norm linalg_norm linalg.norm",
            "`min_max(over=image, eps=0)` for NORM_MINMAX, `l2_normalize(..., over=...)` for "
            "NORM_L2": "cv2.normalize",
            "`normalize(mean=..., std=...)` for torchvision's, `l2_normalize(..., over=...)` for "
            "torch's": "F.normalize functional.normalize",
            "`select(..., AXIS, start=..., stop=...)` for a part of an axis, and `index=` for one "
            "place of it": "slice narrow strided_slice get_item getitem chunk split isel",
            "`standardize(over=image, ...)`, or over=channel": (
                "instance_norm zscore z_score per_image_standardization"
            ),
            "`convert(rgb)`: what the image is now stands in the input's type": (
                "cvtColor bgr2rgb rgb2bgr bgr_to_rgb rgb_to_bgr to_rgb to_bgr do_convert_rgb "
                "swap_channels convert_color color"
            ),
            "`convert(gray, luma=...)`: `cv2`, `pil` and `torchvision` weigh differently": (
                "grayscale greyscale to_gray to_grayscale rgb_to_grayscale rgb2gray bgr2gray ToGray"
            ),
            "`crop(center, h=..., w=...)`": "CenterCrop crop_center central_crop do_center_crop",
            "`crop(top=..., left=..., h=..., w=...)`": "crop_to_bounding_box",
            "`warp(image, matrix, h=..., w=..., sampler=..., fill=...)`": (
                "warpAffine warp_affine affine_transform affine_crop TopdownAffine"
            ),
            "`crop_matrix(box, h=..., w=..., grow=...)` and then `warp`": (
                "GetBBoxCenterScale get_warp_matrix"
            ),
            "`align_matrix(landmarks, x=..., y=...)` and then `warp`": (
                "norm_crop estimate_norm SimilarityTransform face_align"
            ),
            "`random_resized_crop(...)` in `train { }` if it resizes, too; no op cuts at random "
            "alone": "RandomCrop",
            "`flip(horizontal)`": "HorizontalFlip hflip fliplr flip_left_right mirror",
            "`flip(vertical)`": "VerticalFlip vflip flipud flip_up_down",
            "`random_flip(horizontal, p=...)` in `train { }`": "RandomHorizontalFlip",
            "`random_flip(vertical, p=...)` in `train { }`": "RandomVerticalFlip",
            "`rotate(counterclockwise, degrees=90)`": "rot90",
            "`layout(c, h, w)`, with the names of the axes": (
                "permute rearrange moveaxis swapaxes np.transpose tf.transpose torch.transpose "
                "hwc2chw hwc_to_chw to_chw channels_first transpose_image ToTensorV2"
            ),
            "`resize(short=..., sampler=...)`": "SmallestMaxSize ResizeShortestEdge",
            "`resize(long=..., sampler=...)`": "LongestMaxSize",
            "`resize(h=..., w=..., sampler=...)`": "interpolate imresize upsample",
            "`resize(fit=(h, w), sampler=...)`, which enlarges, too": "thumbnail",
            "`pad(..., fill=...)`": "copyMakeBorder constant_pad PadIfNeeded do_pad",
            "`letterbox(h=..., w=..., fill=114, sampler=cv2.linear)`": (
                "resize_with_pad ResizeAndPad resize_pad scale_image LetterBoxResize"
            ),
            "`window(center=..., width=..., form=...)`": "windowing apply_windowing voi_lut",
            "`min_max(over=image, eps=...)`": "minmax_normalize ScaleIntensity rescale_intensity",
            "`top(..., over=class, k=...)`": "topk",
            "`lookup(..., table=(...))`": "id2label id_to_label class_names label_map labels names",
            '`ctc_decode(..., over=..., blank=..., confidence=...)`, and `lookup(..., join="")`': (
                "ctc_greedy_decoder ctc_greedy_decode greedy_ctc CTCLabelDecode ctc"
            ),
            '`eos_decode(..., over=..., eos=..., confidence=...)`, and `lookup(..., join="")`': (
                "AttnLabelDecode SEEDLabelDecode attention_decode"
            ),
            "`tags(..., above=...)`": "multilabel multi_label multi_label_classification",
            "`nms(boxes, scores, ...)`": "non_max_suppression batched_nms NMSBoxes",
            "`weighted_boxes_fusion(boxes, scores, ...)`": "wbf ensemble_boxes",
            "`soft_nms(boxes, scores, ...)`": "batched_soft_nms",
            "`nms_rotated(boxes, scores, ...)`": "rotated_nms nms_obb box_iou_rotated probiou",
            "`polygons(boxes)`": "xywhr2xyxyxyxy boxPoints obb_to_polygon",
            "`grid_anchors(deltas, ...)` and `decode_deltas`": "AnchorGenerator generate_anchors",
            "`prior_boxes(deltas, ...)` and `decode_deltas`": "PriorBox DefaultBoxGenerator",
            "`crop_masks(masks, boxes)`; `back_to` before it or behind it gives other borders": (
                "crop_mask process_mask process_mask_native"
            ),
            "`paste_masks(masks, boxes, image, by=...)`": "paste_masks_in_image do_paste_mask",
            "`panoptic(masks, scores, ids, ...)`": (
                "compute_segments post_process_panoptic_segmentation panoptic_segmentation"
            ),
            "`largest_component(mask, neighbours=...)`": (
                "connectedComponents connectedComponentsWithStats connected_components "
                "keep_largest_connected_component largest_connected_component"
            ),
            "`panoptic_fpn(masks, scores, labels, ...)`": "combine_semantic_and_instance_outputs",
            "`decode_heatmap(heatmaps, refine=...)`": (
                "get_heatmap_maximum get_max_preds heatmap_argmax MSRAHeatmap UDPHeatmap"
            ),
            "`decode_simcc(x, y, split=...)`": "get_simcc_maximum SimCCLabel simcc",
            "`sum(..., over=(h, w))` of masks": "areas mask_area countNonZero count_nonzero",
            "`decode_yolo(raw, classes=..., box=cxcywh)` and `nms`": "yolo postprocess_yolo",
            "`back_to(..., image)`": "scale_boxes scale_coords unletterbox rescale_boxes",
            "`clip_to(..., image)`": "clip_boxes clip_coords clamp_boxes clip_boxes_to_image",
            "`tile(h=..., w=..., overlap=..., last=...)`": "slice_image sahi get_slice_bboxes",
            "`threshold(above=...)`": "binarize",
            _ONE_SAMPLE: "unsqueeze expand_dims batch to_batch add_batch newaxis",
        }
    ),
}

_ARGUMENTS = {
    _plain(name): tuple(here.split())
    for here, names in {
        "h": "height",
        "w": "width",
        "short": "shorter shortest_edge shorter_side",
        "long": "longer longer_side",
        "cap": "max_size",
        "multiple": "size_divisor divisor size_divisible ensure_multiple_of",
        "sampler": "interpolation resample filter resampling",
        "sampler rounding": "method mode",
        "mode": "padding_mode border_mode border_type",
        "fill": "value color colour pad_value padding_value constant_values fill_value fillcolor "
        "cval",
        "scale": "factor rescale_factor",
        "mean": "means image_mean",
        "std": "stds image_std sigma stdev std_dev",
        "min": "low a_min minimum min_value",
        "max": "high a_max maximum max_value",
        "over": "axis dim",
        "score": "conf confidence conf_thres conf_threshold score_threshold score_thr",
        "iou": "iou_thres iou_threshold nms_threshold nms_thresh",
        "limit": "max_det max_detections keep_top_k",
        "classes": "nc num_classes",
        "k": "topk",
        "table": "names labels id2label class_names",
        "box": "format box_format in_fmt",
        "p": "prob probability",
        "enlarge": "scaleup",
        "above": "thresh threshold",
        "start": "begin",
        "stop": "end to",
    }.items()
    for name in names.split()
}

_NO_FULL_RANGE = (
    "the frames of `cv2.nv12`, `cv2.nv21` and `cv2.i420` are read in the studio range, Y 16..235, "
    "as OpenCV does; no colour here reads the full range 0..255: a function of your own can, see "
    "`procdsl explain extern`"
)
_ARGUMENTS_SAID = {
    (of, _plain(name)): said
    for (of, names), said in {
        ("convert", "range full_range color_range"): _NO_FULL_RANGE,
        ("", "longest_edge"): "`long=` alone; beside `short=` it is `cap=`, and `capped=half_even` "
        "rounds as DETR does",
        ("normalize", "variance var"): "a variance is the square of `std`: write its root as `std`",
        ("normalize", "max_pixel_value"): "`form=reciprocal, scale=1/255` for albumentations' 255",
        (
            "nms",
            "threshold thresh",
        ): "`score=` for the least score, `iou=` for the overlap that drops a box",
        ("nms", "agnostic agnostic_nms class_agnostic"): "`per=all` compares every box with every "
        "other, `per=class` those of one class",
        (
            "nms",
            "multi_label",
        ): "`labels=every` for a candidate of each class, `labels=best` for one",
        (
            "letterbox",
            "auto stride",
        ): "`multiple=32` for the smallest box whose border is a remainder",
        (
            "letterbox",
            "imgsz new_shape",
        ): "`h=` and `w=`: of two numbers Ultralytics writes the height first",
        (
            "resize",
            "antialias",
        ): "the sampler says so: `torch.bilinear_aa` for True, `torch.bilinear` "
        "for False; those of Pillow always do, those of OpenCV do not",
        (
            "resize",
            "align_corners",
        ): "no sampler puts the corners on each other (align_corners=True); "
        "those of torch compute align_corners=False",
        ("resize", "dsize"): "`w=` and `h=`: cv2's dsize names the width first",
        (
            "resize",
            "target_size",
        ): "`h=` and `w=`: Keras names the height first, OpenCV and Pillow the width",
        ("pad", "padding"): "`top=`, `left=`, `bottom=` and `right=`: of four numbers torchvision "
        "names left first, and torch's F.pad left and right",
        ("rotate", "angle"): "`degrees=` with `clockwise` or `counterclockwise` before it",
    }.items()
    for name in names.split()
}

_WORDS = _exact(
    {
        "constant": "BORDER_CONSTANT",
        "edge": "BORDER_REPLICATE replicate",
        "symmetric": "BORDER_REFLECT",
        "reflect": "BORDER_REFLECT_101 BORDER_REFLECT101 BORDER_DEFAULT",
        "horizontal": "horizontally left_right",
        "vertical": "vertically up_down",
        "counterclockwise": "anticlockwise",
    }
)

_DTYPES = {
    **_exact(
        {
            "u8": "uint8 ubyte",
            "u16": "uint16 ushort",
            "i32": "int32",
            "i64": "int64",
            "f16": "float16 half",
            "f32": "float32 single",
            "bool": "boolean",
        }
    ),
    **_said(
        {
            "`f32` if it is torch's float; numpy's and Python's float is float64, which no dtype "
            "here "
            "is: an f32 rounds it": "float",
            "no dtype here is float64: cast the array to f32 by the caller, which rounds each "
            "number, "
            "if the model was trained so": "f64 float64 double",
            "`i32` if it is torch's int or C's; numpy's and Python's is `i64`": "int",
            "`i64` if it is torch's long; C's is 32 bits wide on Windows": "long",
            "no dtype here has 16 bits and a sign: cast the array to i32 by the caller, which "
            "keeps "
            "every number (an unsigned dtype would not)": "i16 int16 short",
            "no dtype here has 8 bits and a sign: cast the array to i32 by the caller, which keeps "
            "every number (an unsigned dtype would not)": "i8 int8 char",
            "`u8` if it is torch's byte; numpy's has a sign, and i32 keeps its numbers": "byte",
            "no dtype here has 32 bits and no sign: cast the array to i64 by the caller, which "
            "keeps "
            "every number": "u32 uint32 uint",
            "no dtype here has 64 bits and no sign: i64 keeps the numbers below 2**63": "u64 "
            "uint64",
            "no dtype here is bfloat16: cast the array to f32 by the caller, which keeps every "
            "number": "bf16 bfloat16",
        }
    ),
}

_COLOURS = {
    **_exact({"gray": "grey grayscale greyscale L"}),
    **_said(
        {
            "`cv2.hsv` for OpenCV's hue of 0..179, `cv2.hsv_full` for that of 0..255": "hsv",
            "`cv2.lab`, OpenCV's on u8": "lab cielab",
            "`cv2.ycrcb` for OpenCV's, `pil.ycbcr` for Pillow's with Cb before Cr": "ycrcb ycbcr",
            "`cv2.yuv`, OpenCV's": "yuv",
            "`cv2.nv12`, which is read as OpenCV does, in the studio range 16..235": "nv12",
            "`cv2.nv21`, which is read as OpenCV does, in the studio range 16..235": "nv21",
            "`cv2.i420`, which is read as OpenCV does, in the studio range 16..235": "i420 yuv420p "
            "iyuv",
            "`rgb`, where the type of the input says `bgr`": "COLOR_BGR2RGB",
            "`bgr`, where the type of the input says `rgb`": "COLOR_RGB2BGR",
            "`gray, luma=cv2`": "COLOR_BGR2GRAY COLOR_RGB2GRAY",
            "`rgb`, which makes three equal channels": "COLOR_GRAY2RGB",
            "`bgr`, which makes three equal channels": "COLOR_GRAY2BGR",
            "`cv2.hsv`": "COLOR_BGR2HSV COLOR_RGB2HSV",
            "`cv2.hsv_full`": "COLOR_BGR2HSV_FULL COLOR_RGB2HSV_FULL",
            "`cv2.lab`": "COLOR_BGR2LAB COLOR_RGB2LAB",
            "`cv2.ycrcb`": "COLOR_BGR2YCrCb COLOR_RGB2YCrCb",
            "`cv2.yuv`": "COLOR_BGR2YUV COLOR_RGB2YUV",
        }
    ),
}

USUAL = {
    "pil.bilinear": "Pillow, and torchvision on PIL images",
    "cv2.linear": "cv2.resize",
    "torch.bilinear_aa": "torchvision on tensors",
    "torch.bilinear": "torch's F.interpolate",
}
"""The samplers that most models were trained with, by who computes them."""

SAME_KERNELS = {"linear": "bilinear", "cubic": "bicubic", "lanczos4": "lanczos"}
"""Kernels that OpenCV calls by another name."""


def _pillow(kernel: str) -> str:
    return (
        f"`pil.{kernel}` (Pillow from 13 on) or `pil12.{kernel}` (up to 12): the version that "
        "training used; they differ where a picture loses much more of its height than of its width"
    )


def _torchvision(kernel: str) -> str:
    return (
        f"`torch.{kernel}_aa` on tensors (`torch.{kernel}` with antialias=False), `pil.{kernel}` "
        f"on PIL images (`pil12.{kernel}` by Pillow up to 12): what training used; their pixels "
        "differ"
    )


_SAMPLERS = {
    **_exact(
        {
            "cv2.nearest": "INTER_NEAREST",
            "cv2.nearest_exact": "INTER_NEAREST_EXACT",
            "cv2.linear": "INTER_LINEAR",
            "cv2.linear_exact": "INTER_LINEAR_EXACT",
            "cv2.cubic": "INTER_CUBIC",
            "cv2.area": "INTER_AREA",
            "cv2.lanczos4": "INTER_LANCZOS4",
            "pil.nearest": "Image.NEAREST Resampling.NEAREST Image.Resampling.NEAREST",
        }
    ),
    **{
        _plain(f"{prefix}.{kernel}"): _words(_pillow(kernel))
        for kernel in ("box", "bilinear", "hamming", "bicubic", "lanczos")
        for prefix in ("Image", "Resampling", "Image.Resampling", "PIL.Image", "PILImageResampling")
    },
    **{_plain(name): _words(_pillow("lanczos")) for name in ("Image.ANTIALIAS", "ANTIALIAS")},
    **{
        _plain(f"InterpolationMode.{kernel}"): _words(_torchvision(kernel))
        for kernel in ("bilinear", "bicubic")
    },
    **{
        _plain(f"InterpolationMode.{kernel}"): _words(_pillow(kernel))
        for kernel in ("box", "hamming", "lanczos")
    },
    **{
        _plain(f"InterpolationMode.{kernel}"): _words(
            f"`torch.{kernel}` on tensors, `pil.nearest` on PIL images: what training used"
        )
        for kernel in ("nearest", "nearest_exact")
    },
}

SAMPLER_NUMBERS = (
    ("cv2.INTER_NEAREST", "Image.NEAREST"),
    ("cv2.INTER_LINEAR", "Image.LANCZOS"),
    ("cv2.INTER_CUBIC", "Image.BILINEAR"),
    ("cv2.INTER_AREA", "Image.BICUBIC"),
    ("cv2.INTER_LANCZOS4", "Image.BOX"),
    ("cv2.INTER_LINEAR_EXACT", "Image.HAMMING"),
)
"""What the numbers from 0 on are for OpenCV, and for Pillow and Hugging Face."""
