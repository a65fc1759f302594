"""What a step may say it is meant to do, and why: `allow E321 "reason"`."""

from __future__ import annotations

import json

import numpy as np
import pytest
from checking import FLOAT, mended, text
from support import build, compare, compiled, manifest_of, random_array

from procdsl.checker.check import check
from procdsl.diagnostics.diagnostic import Applicability
from procdsl.diagnostics.guards import GUARDS
from procdsl.diagnostics.pages import codes as pages_of
from procdsl.ir.pipeline import Allowance
from procdsl.ir.unparse import unparse
from procdsl.manifest import canonical, read
from procdsl.records import replace
from procdsl.source import Source

IMAGENET = "normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))"
F32 = "f32[h, w, c=3] "


def on(image: str, *steps: str, model: str) -> str:
    return text(*steps, image=image, model=model)


GUARDED = {
    "E303": on("u8[h, w, c=3] rgb", FLOAT, "scale(divide=255)@", model=F32 + "rgb"),
    "E304": on("u8[h, w, c=3] rgb", FLOAT, "normalize(mean=123, std=58)@", model=F32 + "rgb"),
    "E304 to_float": on("u8[h, w, c=3] rgb", "to_float(scale=255)@", model=F32 + "rgb"),
    "E304 window": on(
        "u8[h, w, c=3] rgb", "window(center=-600, width=400, form=clip)@", model=F32 + "rgb"
    ),
    "E305": on(
        "u8[h, w, c=3] rgb",
        FLOAT,
        "normalize(mean=0.5, std=0.5)",
        "normalize(mean=0.5, std=0.5)@",
        model=F32 + "rgb",
    ),
    "E308": """proc 1
pipeline p
model x: f32[n=3] -> y: f32[class=4] probabilities
post {
    p = softmax(y, over=class)@
}
output p
""",
    "E308 sigmoid": """proc 1
pipeline p
model x: f32[n=3] -> y: f32[class=4] probabilities
post {
    p = sigmoid(y)@
}
output p
""",
    "E317": """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    letterbox(h=32, w=32, fill=114, sampler=cv2.nearest)
}
model x: u8[h=32, w=32, c=3] rgb -> raw: f32[feature=7, anchor=9]
post {
    boxes, scores = decode_yolo(raw, classes=3, box=xyxy)
    found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=20)@
}
output found
""",
    "E317 clip_to": """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    letterbox(h=32, w=32, fill=114, sampler=cv2.nearest)
}
model x: u8[h=32, w=32, c=3] rgb -> boxes: f32[anchor=9, box=4] boxes(xyxy, pixels)
post {
    boxes = clip_to(boxes, image)@
}
output boxes
""",
    "E321": on("u8[h, w, c=3] bgr", FLOAT, f"{IMAGENET}@", model=F32 + "bgr"),
    "E321 fused": on(
        "u8[h, w, c=3] bgr",
        IMAGENET.replace("0.225))", "0.225), form=fused, scale=1/255)@"),
        model=F32 + "bgr",
    ),
    "E325": on(
        "u8[h, w, c=3] cv2.hsv",
        "resize(h=8, w=9, sampler=cv2.linear)@",
        model="u8[h=8, w=9, c=3] cv2.hsv",
    ),
    "E325 of a clip": on(
        "u8[t=2, h, w, c=3] cv2.hsv",
        "letterbox(h=8, w=9, fill=3, sampler=cv2.area)@",
        model="u8[t=2, h=8, w=9, c=3] cv2.hsv",
    ),
    "E328": on(
        "u8[h, w, c=3] rgb",
        FLOAT,
        "normalize(mean=(0.229, 0.224, 0.225), std=(0.485, 0.456, 0.406))@",
        model=F32 + "rgb",
    ),
    "E338": """proc 1
pipeline p
model x: f32[n=3] -> y: f32[class=3]
post {
    i = argmax(y, over=class)
    name = lookup(i, table=("a", "b", "a"))@
}
output name
""",
}


def diagnosed(source: str) -> list[tuple[str, str]]:
    return [(d.code, d.message) for d in check(Source("p.proc", source)).diagnostics]


def test_every_guard_is_tried() -> None:
    assert {name[:4] for name in GUARDED} == GUARDS
    assert set(pages_of()) >= GUARDS


@pytest.mark.parametrize("name", GUARDED)
def test_a_guard_names_its_way_out_and_the_way_out_leads_out(name: str) -> None:
    source, code = GUARDED[name], name[:4]
    (found,) = check(Source("p.proc", source.replace("@", ""))).diagnostics
    assert found.code == code
    assert found.hint.endswith(f'write `allow {code} "why"` behind the step')
    assert found.fixes == ()
    assert diagnosed(source.replace("@", f' allow {code} "trained so"')) == []


@pytest.mark.parametrize("name", GUARDED)
def test_what_is_allowed_is_computed_on_every_backend(name: str) -> None:
    built = build(GUARDED[name].replace("@", f' allow {name[:4]} "trained so"'))
    rng = np.random.default_rng(0)
    inputs = {v.name: random_array(rng, v.type, (20, 30)) for v in built.pipeline.inputs}  # type: ignore[arg-type]
    outputs = {v.name: random_array(rng, v.type, (1, 1)) for v in built.pipeline.model.outputs}  # type: ignore[arg-type]
    compare(built, inputs, outputs)


ALLOWED = GUARDED["E321"].replace("@", ' allow E321 "trained so: \\"BGR\\""')


def test_it_stands_in_the_manifest_and_changes_no_id() -> None:
    pipeline = compiled(ALLOWED)
    reason = 'trained so: "BGR"'
    assert pipeline.serving()[-1].allowed == (Allowance("E321", reason),)
    built = build(ALLOWED, ["numpy"])
    data = manifest_of(built)
    assert data["pre"][1]["allowed"] == [{"code": "E321", "reason": reason}]
    assert "allowed" not in data["pre"][0]
    again = read.read(json.dumps(data))
    assert again == pipeline
    other = compiled(ALLOWED.replace("trained so", "as in training"))
    assert canonical.identity(other) == canonical.identity(pipeline) == data["id"]


def test_it_is_printed_and_read_again() -> None:
    pipeline = compiled(ALLOWED)
    written = unparse(pipeline)
    assert 'allow E321 "trained so: \\"BGR\\""' in written
    assert compiled(written) == pipeline
    assert compiled(written) != replace(pipeline, pre=pipeline.pre[:1])


def test_steps_of_a_branch_may_allow_it_each_for_itself() -> None:
    step = IMAGENET + ' allow E321 "{} so"'
    branches = [f"{mode} {{\n        {step.format(mode)}\n    }}" for mode in ("train", "serve")]
    source = on("u8[h, w, c=3] bgr", FLOAT, *branches, model=F32 + "bgr")
    data = manifest_of(build(source, ["numpy"]))
    assert data["pre"][1]["allowed"] == [{"code": "E321", "reason": "train so"}]
    assert read.read(json.dumps(data)) == compiled(source) == compiled(unparse(compiled(source)))
    without = source.replace(' allow E321 "serve so"', "")
    assert [code for code, _ in diagnosed(without)] == ["E321"]


@pytest.mark.parametrize(
    ("allowed", "message"),
    [
        ([{"code": "E321"}], "at pre/1/allowed/0: the key `reason` is missing"),
        ([{"code": "E321", "reason": ""}], 'at pre/1/allowed/0/reason: "", and its source gives'),
        ([{"code": "X", "reason": "so"}], 'at pre/1/allowed/0/code: "X", and its source gives'),
        ([], "at pre/1/allowed: a list of 0, and its source gives 1"),
        ([{"code": "E321", "reason": 'trained so: "BGR"'}, {}], "at pre/1/allowed: a list of 2"),
        ("E321", 'at pre/1/allowed: "E321", and its source gives a list of 1'),
    ],
)
def test_a_manifest_with_other_allowances_is_refused(allowed: object, message: str) -> None:
    data = manifest_of(build(ALLOWED, ["numpy"]))
    data["pre"][1]["allowed"] = allowed
    with pytest.raises(read.BadManifest, match=message):
        read.read(json.dumps(data))


def test_several_guards_of_one_step() -> None:
    both = on(
        "u8[h, w, c=3] bgr",
        FLOAT,
        "normalize(mean=0, std=2)",
        'normalize(mean=0.5, std=0.5) allow E305 "a" allow E304 "b"',
        model=F32 + "bgr",
    )
    assert diagnosed(both) == [("E223", "nothing here sets off E304")]
    assert diagnosed(both.replace(' allow E304 "b"', "")) == []
    levels = both.replace("mean=0.5, std=0.5", "mean=123, std=58")
    assert diagnosed(levels) == []
    assert [code for code, _ in diagnosed(levels.replace(' allow E304 "b"', ""))] == ["E304"]
    assert [code for code, _ in diagnosed(levels.replace(' allow E305 "a"', ""))] == ["E305"]


STEP = "flip(horizontal)"
WRONG = [
    ('allow E321 "so"', "nothing here sets off E321"),
    ('allow E312 "so"', "`E312` is no guard, and cannot be allowed"),
    ('allow E999 "so"', "`E999` is no guard, and cannot be allowed"),
    ('allow everything "so"', "`everything` is no guard, and cannot be allowed"),
    ('allow E321 ""', "an allowance without a reason"),
    ('allow E321 " "', "an allowance without a reason"),
    ("allow E321", "an allowance that is not whole"),
    ("allow E321 so", "an allowance that is not whole"),
    ("allow", "an allowance that is not whole"),
    ('allow "so"', "an allowance that is not whole"),
]


@pytest.mark.parametrize(("allowance", "message"), WRONG)
def test_an_allowance_that_allows_nothing(allowance: str, message: str) -> None:
    source = on("u8[h, w] gray", f"{STEP} {allowance}", model="u8[h, w] gray")
    assert diagnosed(source) == [("E223", message)]


def test_what_is_stale_or_doubled_can_go() -> None:
    source = GUARDED["E321"].replace("@", ' allow E305 "a" allow E321 "b" allow E321 "c"')
    found = check(Source("p.proc", source))
    assert [d.message for d in found.diagnostics] == [
        "nothing here sets off E305",
        "`E321` is allowed twice",
    ]
    assert {f.applicability for d in found.diagnostics for f in d.fixes} == {Applicability.SAME}
    after = mended(source, *found.diagnostics)
    assert after == GUARDED["E321"].replace("@", ' allow E321 "b"')
    assert found.as_written is not None
    assert canonical.identity(found.as_written) == canonical.identity(compiled(after))


def test_nothing_is_said_of_the_allowances_of_a_step_that_is_wrong() -> None:
    wrong = GUARDED["E321"].replace("0.456, 0.406", "0.456").replace("@", ' allow E321 "so"')
    assert [code for code, _ in diagnosed(wrong)] == ["E213"]
    unknown = GUARDED["E321"].replace("to_float", "to_flot").replace("@", ' allow E321 "so"')
    assert [code for code, _ in diagnosed(unknown)] == ["E201"]
    boxes = GUARDED["E317"].replace("letterbox(", "lettrbox(").replace("@", ' allow E317 "so"')
    assert [code for code, _ in diagnosed(boxes)] == ["E201"]


def test_allow_is_no_name() -> None:
    source = "proc 1\npipeline p\nmodel x: f32[n=3] -> y: f32[class=4]\npost {\n"
    source += "    allow = argmax(y, over=class)\n}\noutput allow\n"
    found = check(Source("p.proc", source)).diagnostics
    assert {d.code for d in found} == {"E113"}
    assert check(Source("p.proc", mended(source, found[0]))).diagnostics == ()
