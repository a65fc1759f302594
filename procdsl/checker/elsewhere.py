"""What ops and arguments are called elsewhere, so that a hint can say what they are called here."""

from __future__ import annotations

ARGUMENTS = {
    "height": ("h",),
    "width": ("w",),
    "size": ("short", "h"),
    "shorter": ("short",),
    "shortest_edge": ("short",),
    "longest_edge": ("long",),
    "max_size": ("cap",),
    "interpolation": ("sampler",),
    "resample": ("sampler",),
    "method": ("sampler",),
    "mode": ("sampler", "rounding"),
    "filter": ("sampler",),
    "value": ("fill", "above"),
    "color": ("fill",),
    "colour": ("fill",),
    "pad_value": ("fill",),
    "factor": ("scale",),
    "mul": ("scale",),
    "variance": ("std",),
    "sigma": ("std",),
    "low": ("min",),
    "high": ("max",),
    "axis": ("over",),
    "dim": ("over",),
    "conf": ("score",),
    "confidence": ("score",),
    "score_threshold": ("score",),
    "threshold": ("above", "score"),
    "iou_threshold": ("iou",),
    "max_det": ("limit",),
    "max_detections": ("limit",),
    "nc": ("classes",),
    "num_classes": ("classes",),
    "topk": ("k",),
    "n": ("k",),
    "names": ("table",),
    "labels": ("table",),
    "format": ("box",),
    "prob": ("p",),
}
"""What arguments are called elsewhere, by what they may mean here."""

OPS = {
    "back_to": ("scaleboxes", "scalecoords", "unletterbox", "rescaleboxes"),
    "cast": ("astype", "totype", "convertdtype", "half", "quantize"),
    "clip": ("clamp",),
    "clip_to": ("clipboxes", "clipcoords", "clampboxes"),
    "convert": (
        *("cvtcolor", "bgr2rgb", "rgb2bgr", "bgrtorgb", "rgbtobgr", "torgb", "tobgr", "color"),
        *("grayscale", "greyscale", "togray", "tograyscale", "rgbtograyscale", "swapchannels"),
    ),
    "crop": ("centercrop", "cropcenter", "centralcrop"),
    "flip": ("mirror", "horizontalflip", "verticalflip"),
    "layout": ("permute", "rearrange", "moveaxis", "swapaxes", "hwc2chw", "hwctochw", "tochw"),
    "lookup": ("labels", "labelmap", "id2label", "idtolabel", "classnames"),
    "nms": ("nonmaxsuppression", "batchednms", "nmsboxes"),
    "normalize": ("subtract", "sub", "subtractmean", "meanstd"),
    "pad": ("copymakeborder", "constantpad"),
    "resize": ("interpolate", "imresize", "rescaleimage", "thumbnail", "upsample"),
    "scale": ("multiply", "mul"),
    "sigmoid": ("logistic", "expit"),
    "standardize": ("instancenorm", "zscore"),
    "tile": ("slice", "sliceimage", "split", "sahi"),
    "to_float": (
        *("totensor", "rescale", "divide", "div", "float", "tofloat32", "img2float"),
        *("todtype", "convertimagedtype"),
    ),
}
"""What ops are called elsewhere, in small letters and without `_`."""

BATCH = ("unsqueeze", "expanddims", "batch", "tobatch", "addbatch")
"""What makes a batch of one elsewhere."""
