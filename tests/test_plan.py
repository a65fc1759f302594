"""Plans: which steps a model file can hold, why the others stay, and what `--keep` names."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import said
from pipelines import CLASSIFIER, DETECTOR, TWO
from planning import CLIP, DECODED, MIDDLE, NAMED, TILED, compiled, crossing, of, places, planned
from support import converting

from procdsl.bake.target import names, target
from procdsl.ir.plan import HOST, MODEL
from procdsl.plan.halves import halves, told
from procdsl.plan.keep import kept
from procdsl.plan.places import plan

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
