"""What the checker knows and refuses, beyond what the pages of its diagnostics try."""

from __future__ import annotations

import pytest
from checking import FLOAT, codes, text
from support import compiled

from procdsl.checker.check import check, flow_type
from procdsl.opdef.geometric import GeometricOp
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.value import Record


def flow(*steps: str, image: str = "u8[h, w, c=3] rgb") -> Array:
    found = flow_type(Source("p.proc", text(*steps, image=image)))
    assert isinstance(found, Array)
    return found


# Types


@pytest.mark.parametrize(
    ("steps", "type_"),
    [
        (["convert(gray, luma=pil)"], "u8[h, w, c=1] gray, 0..255"),
        (["convert(bgra)"], "u8[h, w, c=4] bgra, 0..255"),
        ([FLOAT], "f32[h, w, c=3] rgb, 0..1"),
        (["to_float(scale=0.5)"], "f32[h, w, c=3] rgb, 0..127.5"),
        ([FLOAT, "normalize(mean=0.5, std=0.5)"], "f32[h, w, c=3] rgb, -1..1, standardized"),
        ([FLOAT, "clip(max=0.5)"], "f32[h, w, c=3] rgb, 0..0.5"),
        ([FLOAT, "cast(u8, rounding=trunc)"], "u8[h, w, c=3] rgb, 0..1"),
        (["resize(h=5, w=6, sampler=cv2.area)"], "u8[h=5, w=6, c=3] rgb, 0..255"),
        (["layout(c, w, h)"], "u8[c=3, w, h] rgb, 0..255"),
        (
            ["pad(h=7, w=8, anchor=center, fill=0)", "crop(top=1, left=1, h=3, w=4)"],
            "u8[h=3, w=4, c=3] rgb, 0..255",
        ),
        ([FLOAT, "pad(square, anchor=center, fill=-1)"], "f32[h, w, c=3] rgb, -1..1"),
    ],
)
def test_types_and_ranges(steps: list[str], type_: str) -> None:
    assert flow(*steps).described() == type_


def test_known_sizes_are_followed_through_every_geometric_step() -> None:
    found = flow(
        "resize(short=100, sampler=pil.bilinear)",
        "pad(multiple=32, anchor=center, fill=0)",
        "crop(center, h=50, w=60)",
        "resize(fit=(40, 40), sampler=cv2.linear)",
        image="u8[h=300, w=400, c=3] rgb",
    )
    assert found.shape == (33, 40, 3)


def test_frames_lead_back_to_the_input() -> None:
    found = flow("resize(short=64, sampler=pil.bilinear)", "crop(center, h=64, w=64)", FLOAT)
    assert found.space is not None
    steps = found.space.steps_from("image")
    assert steps is not None
    assert [step.name for step in steps] == ["resize", "crop"]
    assert all(isinstance(step, GeometricOp) for step in steps)
    assert found.space.steps_from("elsewhere") is None


def test_tolerance_grows_with_the_scale() -> None:
    resize = "resize(h=9, w=9, sampler=torch.bilinear)"
    ulp = 2**-23
    assert flow(FLOAT, resize).tolerance == pytest.approx(5e-7)
    normalized = flow(FLOAT, resize, "normalize(mean=0, std=0.25)")
    assert normalized.tolerance == pytest.approx(4 * 5e-7 + 3 * 4 * ulp)
    assert flow(resize, FLOAT).tolerance == 0


def test_tolerance_is_never_less_than_a_rounding() -> None:
    """However small an error has become: it may still turn the last bit."""
    resize = "resize(h=9, w=9, sampler=torch.bicubic)"
    shrunk = "scale(multiply=0.0001, add=1)"
    assert flow(FLOAT, resize, shrunk).tolerance >= 2**-23
    assert flow(FLOAT, resize, "cast(f16)").tolerance >= 2**-10
    assert flow(FLOAT, resize, "flip(vertical)").tolerance == flow(FLOAT, resize).tolerance


def test_detections_are_a_record() -> None:
    pipeline = compiled(
        "proc 1\npipeline p\nmodel x: f32[n=1] -> raw: f32[feature=7, anchor=9]\n"
        "post {\n b, s = decode_yolo(raw, classes=3, box=xyxy)\n"
        " found = nms(b, s, score=0.5, iou=0.5, per=all, limit=7)\n}\noutput found\n"
    )
    found = pipeline.outputs[0].type
    assert isinstance(found, Record)
    assert str(found.field("classes")) == "i64[found] ids"


# What goes wrong


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["resize(h=4, sampler=cv2.linear)"], ["E214"]),
        (["resize(sampler=cv2.linear)"], ["E214"]),
        (["resize(fit=(4, 4, 4), sampler=cv2.linear)"], ["E210"]),
        (["resize(fit=(4, 0), sampler=cv2.linear)"], ["E211"]),
        (["resize(h=20000, w=4, sampler=cv2.linear)"], ["E211"]),
        (["resize(h=-4, w=4, sampler=cv2.linear)"], ["E211"]),
        (["resize(h=4.5, w=4, sampler=cv2.linear)"], ["E210"]),
        (["resize(h=4, w=4, sampler=linear)"], ["E203"]),
        (["resize(h=4, w=4, sampler=cv2)"], ["E203"]),
        (["crop(h=4, w=4)"], ["E209"]),
        (["crop(center, h=4, w=4, top=1, left=1)"], ["E214"]),
        (["crop(top=1, h=4, w=4)"], ["E209"]),
        (["crop(top=1, left=1, h=4, w=4, offset=floor)"], ["E320"]),
        (["pad(fill=0)"], ["E214"]),
        (["pad(h=4, fill=0)"], ["E214"]),
        (["pad(h=400, w=400, multiple=32, fill=0)"], ["E214"]),
        (["pad(h=400, w=400, fill=0)"], ["E209"]),
        (["pad(multiple=32, mode=edge)"], ["E209"]),
        (["pad(square, fill=0)"], ["E209"]),
        (["pad(top=1, fill=0, anchor=center)"], ["E320"]),
        (["pad(top=1, fill=256)"], ["E211"]),
        (["pad(top=1, fill=0.5)"], ["E211"]),
        (["pad(top=1, fill=(1, 2))"], ["E213"]),
        (["pad(circle, fill=0)"], ["E205"]),
        (["convert(rgb)"], ["E320"]),
        (["convert(rgb, luma=cv2)"], ["E214"]),
        (["convert(rgba, alpha=drop)"], ["E214"]),
        (["convert(bgr, luma=cv2)"], ["E214"]),
        (["convert(yellow)"], ["E204"]),
        (["clip()"], ["E209"]),
        (["clip(min=2, max=1)"], ["E211"]),
        (["clip(min=-1)"], ["E211"]),
        (["clip(min=0.5)"], ["E211"]),
        (["cast(u8)"], ["E320"]),
        (["cast(i32, rounding=floor)"], ["E320"]),
        ([FLOAT, "cast(f16, rounding=floor)"], ["E214"]),
        (["to_float(scale=2/255)"], []),
        (["to_float(scale=3/256)"], ["E211"]),
        (["to_float(scale=0.004, form=reciprocal)"], ["E214"]),
        (["to_float(scale=1/255, form=f64)"], ["E214"]),
        (["to_float(scale=0)"], ["E211"]),
        (["to_float(scale=-1)"], ["E211"]),
        (["to_float(scale=1e50)"], ["E211"]),
        ([FLOAT, "cast(u8)"], ["E209"]),
        ([FLOAT, "normalize(mean=0.5, std=1e-50)"], ["E306"]),
        ([FLOAT, "normalize(mean=1e40, std=1)"], ["E211"]),
        ([FLOAT, "normalize(mean=(0.5, 0.5, 0.5, 0.5), std=1)"], ["E213"]),
        ([FLOAT, "normalize(mean=0, std=255)"], ["E304"]),
        (["to_float(scale=1)", "normalize(mean=0.5, std=0.5)"], ["E304"]),
        (["normalize(mean=0.5, std=0.5)"], ["E302"]),
        (["normalize(mean=0.5, std=0.5, form=fused)"], ["E209"]),
        (["normalize(mean=0.5, std=0.5, scale=1/255)"], ["E209"]),
        ([FLOAT, "normalize(mean=0.5, std=0.5, scale=1/255)"], ["E209"]),
        ([FLOAT, "normalize(mean=0.5, std=0.5, form=fused, scale=1/255)"], ["E303"]),
        (["normalize(mean=0.5, std=0.5, form=fused, scale=1)"], ["E304"]),
        (["normalize(mean=123, std=58, form=fused, scale=1/255)"], ["E304"]),
        (["normalize(mean=123, std=58, form=reciprocal, scale=1)"], []),
        (["normalize(mean=0.5, std=1e-20, form=fused, scale=1e20)"], ["E306"]),
        (["normalize(mean=1e30, std=1, form=fused, scale=1e-20)"], ["E211"]),
        (
            ["normalize(mean=0.5, std=0.5, form=fused, scale=1/255)"] * 2,
            ["E305"],
        ),
        (["scale(multiply=2)"], ["E301"]),
        ([FLOAT, "scale()"], ["E209"]),
        ([FLOAT, "scale(multiply=2, divide=2)"], ["E214"]),
        ([FLOAT, "scale(divide=0)"], ["E211"]),
        ([FLOAT, "scale(divide=127.5, subtract=1)"], ["E303"]),
        ([FLOAT, FLOAT], ["E301"]),
        (["to_float(scale=255)"], ["E304"]),
        ([FLOAT, "scale(multiply=2, subtract=1)"], []),
        (["gamma(gamma=2.2)"], ["E209"]),
        ([FLOAT, "gamma(gamma=2.2, form=torchvision)"], ["E214"]),
        (["to_float(scale=1)", "gamma(gamma=2.2)"], ["E301"]),
        (["window(center=40, width=400)"], ["E209"]),
        (["window(center=40, width=0, form=clip)"], ["E211"]),
        (["window(center=40, width=0.5, form=dicom_linear)"], ["E211"]),
        (["window(center=-600, width=400, form=clip)"], ["E304"]),
        (["threshold(above=255)"], ["E211"]),
        (["standardize(over=image)"], ["E209"]),
        (["standardize(over=image, eps=1, min_std=tf)"], ["E214"]),
        (["standardize(over=image, min_std=0)"], ["E211"]),
        (["convert(gray, luma=cv2)", "layout(c, h, w)", "standardize(over=channel, eps=1)"], []),
        ([FLOAT, "normalize(mean=0, std=1)", "clip(min=-1)", "normalize(mean=0, std=1)"], ["E305"]),
        ([FLOAT, "resize(h=4, w=4, sampler=cv2.linear_exact)"], ["E402"]),
        (["layout(c, h, w, w)"], ["E315"]),
        (["layout(c, c, h)"], ["E315"]),
        (["flip(sideways)"], ["E205"]),
        (["flip(direction=vertical)"], ["E202"]),
        (["flip()"], ["E209"]),
        (["flip(vertical, vertical)"], ["E215"]),
        (["flip(image, vertical)"], ["E216"]),
        (["x = flip(vertical)"], ["E206"]),
        (["image = flip(image, vertical, 3)"], ["E215"]),
        (["layout(c, h, w)", "crop(center, h=4, w=4)"], []),
        (["tile(h=8, w=8, overlap=0, last=shifted)", "crop(center, h=4, w=4)"], ["E316"]),
    ],
)
def test_steps_that_are_refused(steps: list[str], expected: list[str]) -> None:
    found = [c for c in codes(text(*steps)) if c not in ("E312", "E311", "E208")]
    assert found == expected


@pytest.mark.parametrize(
    ("name", "image", "step", "model"),
    [
        ("rgb", "u8[h, w, c=3] bgr", "convert(rgb)", "u8[h, w, c=3] rgb"),
        ("vertical", "u8[h, w, c=3] rgb", "flip(vertical)", "u8[h, w, c=3] rgb"),
        ("f32", "u8[h, w]", "cast(f32)", "f32[h, w]"),
        ("c", "u8[h, w, c=3] rgb", "layout(c, h, w)", "u8[c=3, h, w] rgb"),
        ("center", "u8[h, w, c=3] rgb", "crop(center, h=1, w=1)", "u8[h=1, w=1, c=3] rgb"),
    ],
)
def test_a_word_that_is_the_name_of_a_value_too(
    name: str, image: str, step: str, model: str
) -> None:
    source = text(step, image=image, model=model).replace("input image", f"input {name}")
    assert codes(source) == []
    twice = source.replace(step, step.replace("(", f"({name}, ", 1))
    assert codes(twice)[0] == ("E315" if name == "c" else "E216")  # an axis twice


@pytest.mark.parametrize(
    ("type_", "hint"),
    [
        ("f32[class=4] logits", "- `scale(...)`: multiplied and added to"),
        ("f32[n] scores", "- the axes h and w, and no kind"),
        ("f32[n, box=4] boxes(xyxy, pixels)", "- `scale(...)`"),
        ("f32[n=37]", "- the axes h and w"),
        ("f32[class=21, h=8, w=8] logits", "- the axes h and w, and no kind"),
        ("u8[rows, w] cv2.nv12", "- `convert(rgb)`: red, green, blue"),
    ],
)
def test_only_images_are_standardized(type_: str, hint: str) -> None:
    source = text(
        "standardize(over=image, min_std=tf)", image=type_, model=type_.replace("u8", "f32")
    )
    (found,) = check(Source("p.proc", source)).diagnostics
    assert (found.code, found.message) == ("E301", "`standardize` of what is no image")
    assert found.found.startswith(type_)
    assert found.wanted == "an image: an array with the axes h and w, of a colour or of none"
    assert hint in found.hint


@pytest.mark.parametrize("type_", ["f32[h, w]", "u8[t=2, h, w, c=3] rgb", "u16[c=5, h, w]"])
def test_images_of_any_layout_and_colour_are_standardized(type_: str) -> None:
    source = text(
        "standardize(over=image, min_std=tf)", image=type_, model=f"f32{type_[type_.index('[') :]}"
    )
    assert codes(source) == []


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("u8[h, w, c=3] rgb", []),
        ("u8[h, w, c=3] bgr", ["E311"]),
        ("u8[h, w, c=3]", ["E312"]),
        ("u8[h=4, w, c=3] rgb", ["E312"]),
        ("u8[c=3, h, w] rgb", ["E312"]),
        ("f32[h, w, c=3] rgb", ["E312"]),
        ("u8[h, w, c=4] rgba", ["E312"]),
        ("u8[h, w] gray", ["E312"]),
        ("u8[y, x, c=3] rgb", ["E312"]),
        ("u8[h, w, c=3] logits", ["E312"]),
        ("u8[h, w, c=3] rgbx", ["E204"]),
        ("int8[h, w, c=3] rgb", ["E218"]),
        ("u8[h, h, c=3] rgb", ["E207"]),
        ("u8[h=0, w, c=3] rgb", ["E211"]),
        ("u8[h=1.5, w, c=3] rgb", ["E211"]),
        ("u8[h=size, w, c=3] rgb", ["E206"]),
        ("u8[h, w, c=3] rgb @nowhere", ["E206"]),
        ("u8[h, w, c=4] rgb", ["E323"]),
    ],
)
def test_contracts(model: str, expected: list[str]) -> None:
    assert codes(text(model=model)) == expected


def test_all_errors_of_all_blocks_come_together() -> None:
    source = """proc 1
pipeline p
let unused = 1
input image: u8[h, w, c=3] bgr
input also_unused: u8[h, w] gray
pre {
    image = normalize(image, mean=(0.485, 0.456), std=0)
    image = resise(image, h=4)
}
model x: f32[h, w, c=3] rgb -> y: f32[n=4]
post {
    a = softmax(y, over=m)
    b = lookup(y, table=("a", "b"))
    c, d = max(y, over=n)
}
output c, c, nothing
"""
    found = codes(source)
    assert found == ["E208", "E208", "E306", "E201", "E221", "E307", "E301", "E207", "E206"]
