"""Plans: which steps a model file can hold, why the others stay, and the two halves that follow."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import extern_project
import numpy as np
import pytest
from command_line import said
from pipelines import CLASSIFIER, DETECTOR, TWO
from support import BACKENDS, arrays, converting, same, source_of

from procdsl import registry
from procdsl.bake.target import names, target
from procdsl.checker.check import check
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.decoding import decodings
from procdsl.ir.pipeline import Pipeline
from procdsl.ir.plan import HOST, MODEL, Plan, PlannedStep
from procdsl.lower.lower import sizes_of
from procdsl.opdef.op import Case
from procdsl.plan.halves import Halves, halves, told
from procdsl.plan.keep import kept
from procdsl.plan.places import plan
from procdsl.records import replace
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.value import PictureSize

DECODED = """proc 1
pipeline upload
input photo: bytes
pre {
    decode(bgr, by=cv2, formats=(jpeg, png), exif=apply, alpha=drop, depth=u8)
    resize(h=16, w=24, sampler=cv2.linear)
}
model x: u8[h=16, w=24, c=3] bgr -> boxes: f32[n, box=4] boxes(xyxy, pixels)
post {
    boxes = back_to(boxes, photo)
}
output boxes
"""
CLIP = """proc 1
pipeline clip
extern steady from "shop.filters:steady" (u8[t, h, w, c=3] rgb) -> u8[t, h, w, c=3] rgb
input clip: u8[t, h, w, c=3] rgb
pre {
    resize(short=28, sampler=cv2.linear)
    steady()
    crop(center, h=24, w=24)
    to_float(scale=1/255)
    layout(c, t, h, w)
}
model x: f32[c=3, t, h=24, w=24] rgb -> logits: f32[class=4]
post {
    label = argmax(logits, over=class)
}
output label
"""
MIDDLE = f"""proc 1
pipeline middle
{extern_project.DENOISE}
extern rank from "shop.filters:rank" (f32[class=4]) -> i64[class=4]
input image: u8[h, w, c=3] bgr
pre {{
    convert(rgb)
    denoise()
    resize(h=16, w=24, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h=16, w=24] rgb -> logits: f32[class=4]
post {{
    p = softmax(logits, over=class)
    order = rank(logits)
    best = argmax(p, over=class)
}}
output order, best, p
"""
TILES = """boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)
boxes, scores = untile_boxes(boxes, scores, image)
found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=50)
found = clip_to(found, image)"""
TILED = source_of(
    Case(
        pre="flip(horizontal)\ntile(h=16, w=20, overlap=4, last=shifted)\nto_float(scale=1/255)",
        post=TILES,
        outputs={"raw": "f32[tile, feature=7, anchor=33]"},
    )
).replace("clip_to", "back_to", 1)
SHADOWED = """proc 1
pipeline p
extern mark from "shop.filters:mark" (u8[h, w, c=3] rgb @a) -> u8[h, w, c=3] rgb @a
input image: u8[h, w, c=3] rgb
pre {
    small = resize(image, h=8, w=8, sampler=cv2.linear)
    image = mark(image)
    image = flip(image, vertical)
    large = resize(image, h=12, w=8, sampler=cv2.linear)
}
model small: u8[h=8, w=8, c=3] rgb, large: u8[h=12, w=8, c=3] rgb -> y: f32[class=4]
post {
    best = argmax(y, over=class)
    name = lookup(best, table=("a", "b", "c", "d"))
    y = softmax(y, over=class)
    best = argmax(y, over=class)
}
output y, best, name
"""
"""`image` and `best` each stand for two values that cross."""
NAMED = DETECTOR.replace(
    "    found = clip_to(found, image)\n}\noutput found",
    '    names = lookup(found.classes, table=("a", "b", "c"))\n'
    "    found = clip_to(found, image)\n}\noutput found, names",
)


_count = itertools.count()


def compiled(text: str) -> Pipeline:
    found = check(Source("t.proc", text), find=lambda *_: "0" * 64)
    assert found.pipeline is not None, [(d.code, d.found) for d in found.diagnostics]
    return found.pipeline


def planned(pipeline: Pipeline, refused: str = "", keep: tuple[str, ...] = ()) -> Plan:
    """A plan for a target that holds all but one op."""
    return plan(
        pipeline,
        "toy",
        "none",
        lambda step, given: f"no {refused}" if step.op.name == refused else "",
        kept(pipeline, keep),
    )


def places(found: Plan) -> str:
    """`hhmm mh`: the places of `pre`, and of `post`."""
    blocks = (
        "".join(s.place[0] for s in found.steps if s.block == block) for block in ("pre", "post")
    )
    return " ".join(blocks)


def of(text: str, refused: str = "", keep: tuple[str, ...] = ()) -> tuple[Plan, Halves]:
    pipeline = compiled(text)
    found = planned(pipeline, refused, keep)
    return found, halves(pipeline, found)


def crossing(found: Halves) -> tuple[list[str], list[str]]:
    return [v.name for v in found.file.inputs], [v.name for v in found.file.outputs]


# Places


def test_all_is_baked_but_the_texts() -> None:
    found, two = of(CLASSIFIER)
    assert places(found) == "mmmmm mmh"
    assert [s.reason for s in found.steps][-3:] == [
        "within 6e-08",
        "exact",
        "texts are looked up where the ids come out",
    ]
    assert crossing(two) == (["image"], ["prediction", "confidence", "probabilities"])
    assert [str(v.type) for v in two.file.inputs] == ["u8[h, w, c=3] bgr"]


def test_an_extern_in_the_middle_and_what_is_before_it() -> None:
    found, two = of(MIDDLE)
    assert places(found) == "hhmmm mhm"
    assert [s.reason for s in found.steps if s.place == HOST] == [
        "before `denoise`, which is on the host",
        "Python of your own: shop.filters:denoise",
        "Python of your own: shop.filters:rank",
    ]
    assert crossing(two) == (["after_denoise"], ["best", "p", "logits"])


def test_a_file_is_decoded_first_and_the_way_back_is_in_the_graph() -> None:
    found, two = of(DECODED)
    assert places(found) == "hm m"
    assert crossing(two) == (["after_decode"], ["boxes"])
    assert told(two.baked) == []  # the picture that the file is given has the size
    _, two = of(DECODED, keep=("resize",))
    assert crossing(two) == (["x", "photo_size"], ["boxes"])


def test_two_inputs_each_have_a_seam_of_their_own() -> None:
    found, two = of(TWO, keep=("flip",))
    assert places(found) == "hm mmm"
    assert crossing(two) == (["right", "a", "left_size"], ["best", "boxes"])
    found, two = of(TWO, refused="clip")
    assert places(found) == "mh mmm"
    assert crossing(two)[0] == ["left", "b"]


def test_clips() -> None:
    found, two = of(CLIP)
    assert places(found) == "hhmmm m"
    assert crossing(two) == (["after_steady"], ["label"])
    assert str(two.file.inputs[0].type) == "u8[t, h, w, c=3] rgb"


def test_tiles() -> None:
    found, two = of(TILED)
    assert places(found) == "mmm mmmm"
    assert crossing(two)[0] == ["image"]
    found, two = of(TILED, keep=("tile",))
    assert places(found) == "hhm mmmm"
    assert crossing(two)[0] == ["after_tile", "image_size"]
    assert str(two.file.inputs[0].type).startswith("u8[tile, h=16, w=20, c=3]")


def test_what_is_after_a_host_step_of_post_is_on_the_host() -> None:
    found, two = of(DETECTOR, refused="nms")
    assert places(found) == "mmm mhhh"
    assert [s.reason for s in found.steps][-3:] == [
        "no nms",
        *["after `nms`, which is on the host"] * 2,
    ]
    assert crossing(two) == (["image"], ["boxes", "scores"])


def test_what_is_found_has_a_count() -> None:
    _, two = of(NAMED)
    assert crossing(two)[1] == [
        *("found.boxes", "found.scores", "found.classes", "found.counts"),
        *("found_2.boxes", "found_2.scores", "found_2.classes", "found_2.counts"),
    ]
    counts = {result.name: result.count for result in two.results}
    assert counts["found_2.classes"] == "found_2.counts"


def test_rows_are_counted_along_the_axis_that_is_open() -> None:
    text = NAMED.replace(
        "    names = lookup", "    turned = layout(found.boxes, box, found)\n    names = lookup"
    )
    _, two = of(text.replace("output found, names", "output found, names, turned"))
    split = {result.name: result.split for result in two.results}
    rows = np.arange(12).reshape(4, 3)
    for name, found, behind in (
        ("turned", rows[:, :2], rows[:, 2:]),
        ("found_2.boxes", rows[:2], rows[2:]),
    ):
        one, other = split[name](rows, 2)
        assert np.array_equal(one, found)
        assert np.array_equal(other, behind)


def test_a_value_that_both_sides_need_is_an_input() -> None:
    text = """proc 1
pipeline p
extern thumb from "shop.filters:thumb" (u8[h, w, c=3] rgb @a) -> f32[n=4]
input image: u8[h, w, c=3] rgb
input other: u8[h, w, c=3] rgb
pre {
    flipped = flip(image, horizontal)
    code = thumb(flipped)
    small = resize(flipped, h=8, w=8, sampler=cv2.linear)
    beside = resize(other, h=8, w=8, sampler=cv2.linear)
}
model small: u8[h=8, w=8, c=3] rgb, beside: u8[h=8, w=8, c=3] rgb, code: f32[n=4] -> y: f32[n=2]
"""
    found, two = of(text)
    assert places(found) == "hhmm "
    assert crossing(two) == (["other", "after_flip", "code"], ["y"])


def test_names_that_meet_are_numbered() -> None:
    text = TWO.replace("clip(right, min=0, max=1)", "flip(right, vertical)").replace(
        "    a = flip(left, horizontal)",
        "    c = flip(left, horizontal)\n    a = flip(c, vertical)",
    )
    text = text.replace(
        "b = flip(right, vertical)", "d = flip(right, vertical)\n    b = flip(d, vertical)"
    )
    _, two = of(text, keep=("pre.1", "pre.3"))
    assert crossing(two)[0] == ["after_flip", "after_flip_2", "left_size"]


# What `--keep` names


def test_kept_steps() -> None:
    pipeline = compiled(DETECTOR)
    assert kept(pipeline, ["letterbox", "post.2", "post.clip_to"]) == {
        ("pre", 1),
        ("post", 2),
        ("post", 4),
    }
    assert places(planned(pipeline, keep=("to_float",))) == "hhm mmmm"
    assert planned(pipeline, keep=("to_float",)).steps[1].reason == "kept"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2", "2 is more than one step: pre.2 and post.2"),
        ("leterbox", "there is no step leterbox; did you mean letterbox?"),
        ("pre.nms", "there is no step pre.nms"),
        ("post.7", "there is no step post.7"),
        ("", "there is no step "),
    ],
)
def test_what_is_no_step(written: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted.replace("?", r"\?")):
        kept(compiled(DETECTOR), [written])


def test_steps_of_training_have_no_place() -> None:
    text = CLASSIFIER.replace(
        "    resize(h=32, w=48, sampler=cv2.linear)\n",
        "    train {\n        flip(horizontal)\n"
        "        resize(h=32, w=48, sampler=cv2.area)\n    }\n"
        "    serve {\n        resize(h=32, w=48, sampler=cv2.linear)\n    }\n",
    )
    pipeline = compiled(text)
    found = planned(pipeline)
    assert [s.title for s in found.steps][:3] == ["pre.1", "pre.4", "pre.5"]
    assert halves(pipeline, found).baked.pre == pipeline.serving()
    with pytest.raises(ValueError, match="no step pre.2"):
        kept(pipeline, ["pre.2"])


def test_the_exporter_is_asked_what_it_holds_for_any_size() -> None:
    """What it refuses for pictures of any size is in the file where they have one."""
    into = target("pt2")
    text = converting("u8[h, w, c=3] rgb", "resize(h=8, w=6, sampler=cv2.area)", "flip(vertical)")

    def reasons(text: str) -> list[tuple[str, str]]:
        found = plan(
            compiled(text), "pt2", "torch", lambda s, x: into.why_not(s, "torch", x), set()
        )
        return [(step.place, step.reason) for step in found.steps]

    assert reasons(text) == [
        (HOST, "computed in another way for pictures of other sizes"),
        (MODEL, "exact"),
    ]
    assert reasons(text.replace("[h, w,", "[h=40, w=50,")) == [(MODEL, "exact")] * 2
    assert reasons(text.replace("cv2.area", "pil.bicubic")) == [(MODEL, "exact")] * 2


# The halves


def moved(found: Plan, title: str, place: str) -> Plan:
    steps = (replace(s, place=place) if s.title == title else s for s in found.steps)
    return replace(found, steps=tuple(steps))


def test_a_plan_that_does_not_hold_together() -> None:
    pipeline = compiled(DETECTOR)
    found = planned(pipeline)
    with pytest.raises(ValueError, match=r"pre\.2 takes what a step gives that runs after it"):
        halves(pipeline, moved(found, "pre.2", HOST))
    with pytest.raises(ValueError, match=r"post\.3 takes what a step gives that runs after it"):
        halves(pipeline, moved(found, "post.2", HOST))
    with pytest.raises(ValueError, match="does not place each step of `post` once"):
        halves(pipeline, replace(found, steps=found.steps[:-1]))
    more = PlannedStep("pre", 9, MODEL, "")
    with pytest.raises(ValueError, match="does not place each step of `pre` once"):
        halves(pipeline, replace(found, steps=(*found.steps, more)))


def cases() -> list[Any]:
    """Cases of all ops, one of each with a `pre`, and one with a `post`."""
    found = []
    for op in registry.op_names():
        for block in ("pre", "post"):
            case = next((c for c in registry.op(op).cases() if getattr(c, block)), None)
            if case is not None:
                found.append(pytest.param(case, id=f"{op}-{block}"))
    return found


@pytest.mark.parametrize("case", cases())
def test_the_halves_one_behind_the_other_are_the_whole(case: Case) -> None:
    """Cut behind each step of `pre` and before each of `post`: by the reference, to the bit."""
    pipeline = compiled(source_of(case))
    inputs, outputs = arrays(case, pipeline)
    sizes = pictures_of(pipeline, inputs)
    wanted = preprocess(pipeline, inputs)
    results = postprocess(pipeline, outputs, sizes)
    before, after = len(pipeline.pre), len(pipeline.post)
    for n in range(max(before, after) + 1):
        keep = {("pre", min(n, before)), ("post", max(1, after + 1 - n))} if n else set()
        two = halves(pipeline, plan(pipeline, "toy", "none", lambda step, given: "", keep))
        fed = preprocess(two.host, inputs)
        given: Any = dict(zip((v.name for v in two.baked.inputs), fed, strict=True))
        for x, y in zip(preprocess(two.baked, given), wanted, strict=True):
            same(x, y, 0, f"{n} steps of pre")
        found = postprocess(two.host, results_of(two, outputs, sizes), sizes)
        for value, x, y in zip(pipeline.outputs, found, results, strict=True):
            same(x, y, 0, f"{n} steps of post, {value.name}")


def pictures_of(pipeline: Pipeline, inputs: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """The height and width of each input, or of the picture that is decoded of it."""
    decoded = {step.inputs[0].name: step for step in decodings(pipeline)}
    found = {}
    for value in pipeline.inputs:
        x, type_ = inputs[value.name], value.type
        if value.name in decoded:
            step = decoded[value.name]
            x, type_ = step.op.reference(step.types, x), step.outputs[0].type
        assert isinstance(type_, Array)
        found[value.name] = type_.picture(x.shape)
    return found


def results_of(
    two: Halves, outputs: Mapping[str, np.ndarray], sizes: Mapping[str, tuple[int, int]]
) -> dict[str, np.ndarray]:
    """What the file's half gives, by the names that the host's half has for it."""
    found: dict[str, Any] = {}
    for value, x in zip(two.baked.outputs, postprocess(two.baked, outputs, sizes), strict=True):
        parts = (
            {f"{value.name}.{field}": part for field, part in x.items()}
            if isinstance(x, dict)
            else {value.name: x}
        )
        found |= parts
    return {result.value.name: np.asarray(found[result.name]) for result in two.results}


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        (CLASSIFIER, ()),
        (CLASSIFIER, ("resize",)),
        (NAMED, ()),
        (NAMED, ("letterbox",)),
        (TWO, ("flip",)),
        (DECODED, ()),
        (DECODED, ("resize",)),
        (SHADOWED, ()),
    ],
)
def test_both_halves_compile_for_every_target(
    text: str, keep: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And compute what the reference does, though a name stands for two values that cross."""
    filters = ModuleType("shop.filters")
    filters.mark = lambda image: image  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shop", ModuleType("shop"))
    monkeypatch.setitem(sys.modules, "shop.filters", filters)
    _, two = of(text, keep=keep)
    for half in (two.host, two.baked):
        files = generate(half, options=Options(format=False, check_externs=False))
        for backend in BACKENDS:
            name = f"half_{next(_count)}"
            load(files[f"{half.name}_{backend}.py"], name).self_check()


def test_sizes_that_the_file_is_told() -> None:
    _, two = of(DETECTOR, keep=("letterbox",))
    assert [(v.name, str(v.type)) for v in two.file.inputs] == [
        ("after_letterbox", "u8[h=64, w=64, c=3] rgb"),
        ("image_size", "i64[side=2]"),
    ]
    assert [v.type for v in sizes_of(two.baked.post)] == [PictureSize("image")]


# The command


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "d.proc"
    file.write_text(DETECTOR)
    code, out, _ = said(capsys, "plan", str(file), "--to", "torchscript", "--keep", "letterbox")
    assert code == 0
    table, _, seam = out.partition("\n\n")
    rows = [line.split() for line in table.splitlines()]
    assert rows[0] == ["step", "place", "reason"]
    assert [(row[0], row[-2]) for row in rows[1:]] == [
        ("pre.1", "host"),
        *[(f"pre.{n}", "model") for n in (2, 3)],
        *[(f"post.{n}", "model") for n in (1, 2, 3, 4)],
    ]
    assert seam.split()[:2] == ["takes", "after_letterbox:"]
    assert "image_size: i64[side=2]" in seam
    code, out, _ = said(capsys, "plan", str(file), "--to", "torchscript", "--json")
    data = json.loads(out)
    assert (code, data["target"], data["runtime"]) == (0, "torchscript", "torch")
    assert data["steps"][0] == {
        "block": "pre",
        "step": 1,
        "operation": "letterbox",
        "place": "model",
        "reason": "exact",
    }
    assert data["takes"] == ["image: u8[h, w, c=3] rgb"]
    assert data["gives"][-1] == "found.counts: i64[]"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--to", "coreml"], f"there is no 'coreml' to bake to: --to {', '.join(names())}"),
        (
            ["--to", "torchscript", "--runtime", "x"],
            "'x' does not run TorchScript: --runtime torch",
        ),
        (["--to", "torchscript", "--keep", "x"], "--keep: there is no step x"),
    ],
)
def test_misuse(
    words: list[str], wanted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "d.proc"
    file.write_text(DETECTOR)
    code, out, err = said(capsys, "plan", str(file), *words)
    assert (code, out) == (2, "")
    assert wanted in err


def test_errors_of_the_file_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "d.proc"
    file.write_text(DETECTOR.replace("rgb", "pink"))
    code, _, err = said(capsys, "plan", str(file), "--to", "torchscript")
    assert code == 1
    assert "error[E204]" in err


def test_every_target_is_a_file_with_a_format_that_a_runtime_runs() -> None:
    assert {"onnx", "pt2", "torchscript"} <= set(names())
    for name in names():
        assert target(name).runtimes, name
