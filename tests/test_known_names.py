"""What other libraries call things leads to what it means here; what is spelt alike does not."""

from __future__ import annotations

import pytest
from checking import mended
from test_hints import GOOD, found_in

from procdsl import registry
from procdsl.diagnostics.suggest import nearest, one_of
from procdsl.importers import known_names
from procdsl.types.colour import colour_names
from procdsl.types.dtypes import DTYPES

SAMPLER = "sampler=cv2.linear"
USUAL = (
    "`pil.bilinear` (Pillow, and torchvision on PIL images), `cv2.linear` (cv2.resize), "
    "`torch.bilinear_aa` (torchvision on tensors) or `torch.bilinear` (torch's F.interpolate)"
)
BILINEAR = (
    "write the one that training used: `pil.bilinear` (Pillow, and torchvision on PIL images), "
    "`torch.bilinear` (torch's F.interpolate), `cv2.linear` (cv2.resize), "
    "`torch.bilinear_aa` (torchvision on tensors) or `cv2.linear_exact`; their pixels differ"
)
OPENCV = ", ".join(f"`cv2.{kernel}`" for kernel in ("area", "cubic", "lanczos4"))

FIXED = [
    # a slip, another case, a name elsewhere that means exactly this
    ("convert(rgb)", "convrt(rgb)", "E201"),
    ("convert(rgb)", "Convert(rgb)", "E201"),
    ("softmax(logits", "soft_max(logits", "E201"),
    ("convert(rgb)", "convert(RGB)", "E204"),
    ("u8[h, w, c=3] bgr", "uint8[h, w, c=3] bgr", "E218"),
    ("u8[h, w, c=3] bgr", "U8[h, w, c=3] Bgr", "E218"),
    ("f32[class=4]", "float32[class=4]", "E218"),
    (SAMPLER, "sampler=INTER_LINEAR", "E203"),
    (SAMPLER, "sampler=cv2.INTER_LINEAR", "E203"),
    (SAMPLER, "sampler=CV2.Linear", "E203"),
    (SAMPLER, 'sampler="cv2.INTER_LINEAR"', "E210"),
    (SAMPLER, 'sampler="cv2.linear"', "E210"),
    (SAMPLER, "interpolation=cv2.linear", "E202"),
    (SAMPLER, "resample=cv2.linear", "E202"),
    ("std=(0.229", "image_std=(0.229", "E202"),
    ("per=class", 'per="class"', "E210"),
    ("per=class", "per=clas", "E205"),
    ("h=224, w=224, sampler", 'h="224", w=224, sampler', "E210"),
]

SAID = [
    # ops
    ("convert(rgb)", "cvtColor(rgb)", "E201", "write `convert(rgb)`: what the image is now"),
    ("convert(rgb)", "cv2.cvtColor(rgb)", "E201", "write `convert(rgb)`: what the image is now"),
    ("convert(rgb)", "grayscale(rgb)", "E201", "write `convert(gray, luma=...)`: `cv2`, `pil` and"),
    ("convert(rgb)", "ToTensor()", "E201", "write `to_float(scale=1/255)` and then `layout(c, h,"),
    ("convert(rgb)", "transforms.ToTensor()", "E201", "write `to_float(scale=1/255)` and then"),
    ("convert(rgb)", "center_crop(224)", "E201", "write `crop(center, h=..., w=...)`"),
    ("convert(rgb)", "permute(2, 0, 1)", "E201", "write `layout(c, h, w)`, with the names of the"),
    ("convert(rgb)", "np.transpose(2, 0, 1)", "E201", "write `layout(c, h, w)`, with the names of"),
    ("convert(rgb)", "unit_norm()", "E201", "write `l2_normalize(..., over=...)`, which divides"),
    (
        "convert(rgb)",
        "F.normalize()",
        "E201",
        "write `normalize(mean=..., std=...)` for torchvision's, `l2_normalize(",
    ),
    ("convert(rgb)", "narrow()", "E201", "write `select(..., AXIS, start=..., stop=...)` for a"),
    ("convert(rgb)", "unsqueeze(0)", "E201", "leave this step out: types are those of one sample"),
    ("convert(rgb)", "denoise()", "E201", "take one of these (`procdsl explain` lists what each"),
    (
        "convert(rgb)",
        "F.convert(rgb)",
        "E201",
        "an op stands without its library: `procdsl explain",
    ),
    ("convert(rgb)", "convrt(to=rgb)", "E201", "`convert` is called otherwise: `procdsl explain"),
    # samplers
    (SAMPLER, 'sampler="bilinear"', "E210", BILINEAR),
    (SAMPLER, "sampler=bilinear", "E203", BILINEAR),
    (SAMPLER, "sampler=cv2.liner", "E203", f"write the one that training used: {OPENCV}"),
    (
        SAMPLER,
        "sampler=InterpolationMode.BICUBIC",
        "E203",
        "write `torch.bicubic_aa` on tensors (`torch.bicubic` with antialias=False), `pil.bicubic` "
        "on PIL images (`pil12.bicubic` by Pillow up to 12): what training used; their pixels "
        "differ",
    ),
    (
        SAMPLER,
        "sampler=Image.LANCZOS",
        "E203",
        "write `pil.lanczos` (Pillow from 13 on) or `pil12.lanczos` (up to 12): the version that",
    ),
    (SAMPLER, "sampler=best", "E203", f"write the one that training used: {USUAL}"),
    (
        SAMPLER,
        "sampler=3",
        "E210",
        "write the one that training used: 3 is cv2.INTER_AREA for OpenCV,",
    ),
    (f", {SAMPLER}", "", "E209", f"add `sampler=` with the one that training used: {USUAL}"),
    # dtypes and colours
    (
        "u8[h, w, c=3] bgr",
        "i16[h, w, c=3] bgr",
        "E218",
        "no dtype here has 16 bits and a sign: cast",
    ),
    ("u8[h, w, c=3] bgr", "float[h, w, c=3] bgr", "E218", "write `f32` if it is torch's float;"),
    ("u8[h, w, c=3] bgr", "f64[h, w, c=3] bgr", "E218", "no dtype here is float64: cast the array"),
    ("u8[h, w, c=3] bgr", "u9[h, w, c=3] bgr", "E218", "take one of these"),
    ("convert(rgb)", "convert(rbg)", "E204", "`procdsl explain convert` has what it may be"),
    ("convert(rgb)", "convert(hsv)", "E204", "write `cv2.hsv` for OpenCV's hue of 0..179,"),
    (
        "convert(rgb)",
        "convert(cv2.COLOR_BGR2RGB)",
        "E204",
        "write `rgb`, where the type of the input",
    ),
    # arguments
    ("h=224, w=224, sampler", "size=224, sampler", "E202", "say what one number is for:"),
    ("h=224, w=224, sampler", "size=(224, 256), sampler", "E202", "say which of the two is the"),
    ("h=224, w=224, sampler", "antialias=1, h=224, w=224, sampler", "E202", "the sampler says so:"),
    ("std=(0.229", "variance=(0.229", "E202", "a variance is the square of `std`"),
    ("iou=0.45", "threshold=0.45", "E202", "write `score=` for the least score, `iou=` for the"),
]


@pytest.mark.parametrize(("right", "wrong", "code"), FIXED)
def test_a_name_that_can_mean_one_thing_only(right: str, wrong: str, code: str) -> None:
    text = GOOD.replace(right, wrong, 1)
    diagnostics = found_in(text)
    assert {d.code for d in diagnostics} <= {code, "E204"}
    assert mended(text, *diagnostics) == GOOD


@pytest.mark.parametrize(("right", "wrong", "code", "said"), SAID)
def test_a_name_that_may_mean_several_things(right: str, wrong: str, code: str, said: str) -> None:
    """It is one error, and says what there is to choose from; nothing is chosen."""
    assert right in GOOD
    diagnostic = found_in(GOOD.replace(right, wrong, 1))[0]
    assert (diagnostic.code, diagnostic.fixes) == (code, ())
    assert diagnostic.hint.startswith(said)


@pytest.mark.parametrize("step", ["a.b", "a.", "a.b = convert(rgb)", "a.3(rgb)", "a..b(rgb)"])
def test_other_dots_are_not_taken_for_an_op(step: str) -> None:
    found = found_in(GOOD.replace("convert(rgb)", step, 1))
    assert found[0].code in {"E100", "E116"}
    assert not any(d.hint.startswith(("write `a`", "write `b`")) for d in found)


def test_what_is_known_leads_to_what_there_is() -> None:
    for table, names in (
        (known_names._OPS, registry.op_names()),
        (known_names._SAMPLERS, registry.sampler_names()),
        (known_names._COLOURS, colour_names()),
        (known_names._DTYPES, DTYPES),
    ):
        assert {known.here for known in table.values()} <= {"", *names}
        assert all(bool(known.here) != bool(known.said) for known in table.values())
    plain = {name.replace("_", "") for name in registry.op_names()}
    assert not set(known_names._OPS) & plain, "a name of ours is no name from elsewhere"


@pytest.mark.parametrize(
    ("word", "words", "near"),
    [
        ("resise", ["resize", "rotate"], "resize"),
        ("covnert", ["convert", "cast"], "convert"),
        ("standardise", ["standardize"], "standardize"),
        ("probabilites", ["probabilities"], "probabilities"),
        ("siz", ["size"], "size"),
        ("flap", ["flip", "clip"], "flip"),
        ("slip", ["flip", "clip"], None),
        ("raw", ["row"], None),
        ("denormalize", ["normalize"], None),
        ("l2_normalize", ["normalize"], None),
        ("mean_r", ["mean_g"], None),
        ("image2", ["image1"], None),
        ("x", ["y"], None),
        ("left_", ["left", "left_x"], None),
        ("half_down", ["half_up", "half_even"], None),
    ],
)
def test_what_a_slip_is(word: str, words: list[str], near: str | None) -> None:
    assert nearest(word, words) == near


def test_of_many_words_those_that_are_alike_are_told() -> None:
    few, many = ["crop", "cast"], [f"label_{i:03}" for i in range(85)]
    assert one_of("x", few) == "one of cast, crop"
    assert one_of("percentile", many) == "one of the 85 there are"
    assert one_of("lable_007x", [*many, "crop"]).startswith(
        "one of the 86 there are, such as label_00"
    )
    assert one_of("lable_007x", many).count("label_") <= 8
    (unknown,) = [d for d in found_in(GOOD.replace("convert", "percentile")) if d.code == "E201"]
    assert unknown.wanted == f"one of the {len(registry.op_names())} there are"
