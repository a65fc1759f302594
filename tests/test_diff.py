"""What is said of two pipelines, and the numbers in it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pipelines import CLASSIFIER, DETECTOR, ONE
from support import compiled
from test_diff_pages import compared, side

from procdsl.compare import normal_form, render
from procdsl.compare.change import Side, Verdict
from procdsl.compare.compare import Comparison, compare
from procdsl.compare.difference import Difference
from procdsl.compare.measure import Picture
from procdsl.ir.pipeline import Step
from procdsl.manifest import read, write
from procdsl.reference.golden_record import golden_record


def codes(found: Comparison) -> list[str]:
    return [change.code for change in found.changes]


def changed(text: str, *edits: tuple[str, str]) -> Comparison:
    """A pipeline against itself with edits made."""
    new = text
    for old, other in edits:
        assert old in new
        new = new.replace(old, other)
    return compared(text, new)


# Verdicts


def test_a_manifest_is_identical_to_its_source() -> None:
    pipeline = compiled(CLASSIFIER)
    text = write.text(write.manifest(pipeline, golden_record(pipeline), {"by": "us"}))
    found = compare(Side("m.json", read.read(text)), Side("case.proc", pipeline))
    assert (found.verdict, found.changes) == (Verdict.IDENTICAL, ())


def test_a_constant_that_is_written_otherwise_is_the_text_alone() -> None:
    found = changed(CLASSIFIER, ("0.485, 0.456", "0.4850, 45.6e-2"))
    assert (codes(found), found.said) == (["D105"], "same meaning")
    assert "0.4850" in render.text(found)


def test_the_gravest_change_gives_the_verdict_and_stands_first() -> None:
    found = changed(
        CLASSIFIER,
        ("pipeline classifier", "pipeline other"),
        ("cv2.linear", "pil.bilinear"),
        ('"cat", "dog"', '"dog", "cat"'),
    )
    assert codes(found) == ["D308", "D201", "D101"]
    assert found.verdict is Verdict.CONTRACT_BROKEN
    assert 'other labels: 0 is "dog", and was "cat"' in found.changes[0].message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("convert(rgb)\n    resize(h=32, w=48, sampler=cv2.linear)\n", None),
        (
            "convert(rgb)\n    resize(h=32, w=48, sampler=cv2.linear)\n    to_float(scale=1/255)\n",
            None,
        ),
        ("layout(c, h, w)\n", "    normalize"),
    ],
)
def test_steps_that_commute_mean_the_same(old: str, new: str | None) -> None:
    """The first step of the lines becomes their last, or stands before another line."""
    first, _, rest = old.partition("\n")
    text = CLASSIFIER.replace(f"    {old}", f"{rest}    {first}\n")
    if new:
        text = CLASSIFIER.replace(f"    {old}", "").replace(new, f"    {first}\n{new}")
    assert text != CLASSIFIER
    found = compared(CLASSIFIER, text)
    assert (found.verdict, codes(found), found.measured) == (Verdict.SAME_MEANING, ["D104"], ())


def test_a_step_that_tells_channels_apart_does_not_commute_with_their_exchange() -> None:
    text = CLASSIFIER.replace("    convert(rgb)\n", "")
    text = text.replace("    layout", "    convert(rgb)\n    layout")
    allowed = text.replace("0.225))\n", '0.225)) allow E321 "for the test"\n')
    found = compared(CLASSIFIER, allowed)
    assert "D204" in codes(found)
    assert found.verdict is Verdict.NUMERICS_CHANGED
    white = [(1 - mean) / std for mean, std in ((0.485, 0.229), (0.406, 0.225))]
    assert found.measured[0].fed["x"].largest == pytest.approx(white[1] - white[0], abs=0.003)


def test_no_difference_on_the_inputs_is_not_the_same_meaning() -> None:
    """No score of the built-in input lies between the two thresholds."""
    found = changed(DETECTOR, ("score=0.25", "score=0.2500001"))
    assert (codes(found), int(found.verdict)) == (["D201"], 4)
    assert found.said == "numerics changed: no difference on these inputs"
    assert found.measured[0].same


def test_what_an_op_says_wrongly_of_itself_is_found_on_the_built_in_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Were a flip and a pad of one side said to commute, the numbers would say otherwise."""
    steps = "    pad(top=0, bottom=0, left=2, right=0, fill=0)\n    flip(horizontal)\n"
    text = CLASSIFIER.replace("w=48] rgb", "w=50] rgb").replace(
        "    to_float", f"{steps}    to_float"
    )
    pad, flip = (f"{line}\n" for line in steps.splitlines())
    other = text.replace(steps, flip + pad)
    assert codes(compared(text, other)) == ["D204"]
    commute = normal_form.commute
    geometry = {"pad", "flip"}

    def wrongly(first: Step, second: Step) -> bool:
        return {first.op.name, second.op.name} == geometry or commute(first, second)

    monkeypatch.setattr(normal_form, "commute", wrongly)
    found = compared(text, other)
    assert (codes(found), found.verdict) == (["D204"], Verdict.NUMERICS_CHANGED)
    assert not found.measured[0].results_are_the_same


def test_training_alone() -> None:
    train = "pre {\n    train {\n        random_flip(horizontal, p=0.5)\n    }\n"
    text = CLASSIFIER.replace("pre {\n", train)
    found = changed(text, ("p=0.5", "p=0.25"))
    assert (codes(found), int(found.verdict)) == (["D107"], 3)
    assert found.said == "same meaning in serving: training only"
    assert codes(compared(CLASSIFIER, text)) == ["D107"]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("to_float(scale=2/255)\n    normalize(mean=1, std=1)", "D108"),
        ("to_float(scale=1/255, form=reciprocal)\n    normalize(mean=0.5, std=0.5)", "D201"),
    ],
)
@pytest.mark.parametrize("dtype", ["u8", "u16"])
def test_all_numbers_are_tried(new: str, code: str, dtype: str) -> None:
    """2x/255 - 1 is 2(x/255 - 1/2) with the same roundings; times 1/255 is another number."""
    old = "to_float(scale=1/255)\n    normalize(mean=0.5, std=0.5)"
    text = ONE.format(dtype=dtype).replace("normalize(mean=0.5, std=0.25)", old)
    if dtype == "u16":
        old, new, text = (t.replace("/255", "/65535") for t in (old, new, text))
        text = text.replace("cv2.linear", "cv2.nearest")
    found = changed(text, (old, new))
    assert codes(found) == [code]
    assert found.verdict is (Verdict.SAME_MEANING if code == "D108" else Verdict.NUMERICS_CHANGED)


def test_numbers_that_are_too_many_are_not_tried() -> None:
    """Floats, and what has more channels than are known."""
    old, new = "normalize(mean=0.5, std=0.5)", "scale(multiply=2, add=-1)"
    for image in ("f32[h, w, c=3] rgb 0..1", "u8[h, w, c]"):
        first = "" if image.startswith("f32") else "    to_float(scale=1/255)\n"
        text = f"proc 1\npipeline p\ninput image: {image}\npre {{\n{first}    {old}\n}}\n"
        text += f"model x: f32{image[image.index('[') :].replace(' 0..1', '')} -> y: f32[n=1]\n"
        found = changed(text, (old, new))
        assert found.verdict is Verdict.NUMERICS_CHANGED


@pytest.mark.parametrize("count", [1, 2])
def test_of_steps_that_are_alike_the_last_is_new_or_gone(count: int) -> None:
    def flipped(times: int) -> str:
        return CLASSIFIER.replace("pre {\n", "pre {\n" + "    flip(horizontal)\n" * times, 1)

    found = compared(flipped(count), flipped(count + 1))
    (new,) = found.changes
    (gone,) = compared(flipped(count + 1), flipped(count)).changes
    assert new.message == f"step {count + 1} of `pre`, `flip`, is new"
    assert gone.message == f"step {count + 1} of `pre`, `flip`, is gone"
    first = found.measured[0].first
    assert first is not None
    assert first[0].old is None
    assert first[0].new is not None
    assert first[0].new.span == found.new.pipeline.serving()[count].span


# Numbers


def f32(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


def u8(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.uint8)


def test_the_first_step_that_differs_and_by_how_much() -> None:
    """The reference of both samplers, on the pixels of `self_check`, written out here."""
    from procdsl import registry
    from procdsl.reference import probe

    found = changed(CLASSIFIER, ("cv2.linear", "pil.bilinear"))
    (measured,) = found.measured
    assert measured.first is not None
    pair, difference = measured.first
    assert pair.new is not None
    assert pair.new.op.name == "resize"
    pixels = probe.noise((61, 83, 3), "u8")[..., ::-1]
    values = [
        compiled(CLASSIFIER.replace("cv2.linear", name)).serving()[1]
        for name in ("cv2.linear", "pil.bilinear")
    ]
    a, b = (step.op.reference(step.types, pixels).astype(int) for step in values)
    assert registry.sampler("cv2.linear") != registry.sampler("pil.bilinear")
    assert difference.largest == abs(a - b).max()
    assert difference.mean == pytest.approx(abs(a - b).mean())
    assert difference.share == pytest.approx((a != b).mean())
    assert measured.fed["x"].largest == pytest.approx(difference.largest / 255 / 0.224, rel=0.05)
    assert all(one.same for one in measured.given.values())


def test_pictures_are_measured_together() -> None:
    rng = np.random.default_rng(3)
    pictures = [rng.integers(0, 256, (h, w, 3), np.uint8) for h, w in ((40, 50), (33, 71))]
    old, new = (
        side(name, CLASSIFIER.replace("cv2.linear", s))
        for name, s in (("a", "cv2.linear"), ("b", "pil.bilinear"))
    )
    given = [Picture(str(i), x, x) for i, x in enumerate(pictures)]
    _, both = compare(old, new, given).measured
    alone = [compare(old, new, [one]).measured[1] for one in given]
    assert both.on == "2 pictures"
    assert both.fed["x"].largest == max(one.fed["x"].largest for one in alone)
    assert both.fed["x"].mean == pytest.approx(np.mean([one.fed["x"].mean for one in alone]))
    assert both.fed["x"].count == 2 * 3 * 32 * 48


def test_a_picture_that_does_not_pass_is_named() -> None:
    text = CLASSIFIER.replace("    resize", "    crop(center, h=30, w=30)\n    resize")
    small = np.zeros((20, 50, 3), np.uint8)
    sides = side("a", text), side("b", text.replace("cv2.linear", "pil.bilinear"))
    with pytest.raises(ValueError, match=r"^tiny\.png: "):
        compare(*sides, [Picture("tiny.png", small, small)])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f32(1, np.nan, np.inf), f32(1, np.nan, np.inf), "the same"),
        (
            u8(250, 3),
            u8(5, 3),
            "at most 245 off, on average 122.5, in 50 % of 2 numbers",
        ),
        (np.zeros((2, 3)), np.zeros((3, 2)), "of shape [3, 2], and was [2, 3]"),
        ("cat", "dog", '"dog", and was "cat"'),
        (["a"], ["a", "b"], '("a", "b"), and was ("a",)'),
        (np.zeros(1), "cat", "of another kind"),
        (np.zeros((0, 4)), np.zeros((0, 4)), "the same"),
    ],
)
def test_differences(old: object, new: object, said: str) -> None:
    found = Difference()
    found.add(old, new)  # type: ignore[arg-type]  # of each kind
    assert found.said == said
    assert found.same == (said == "the same")


def test_what_is_not_finite_has_no_number_in_json() -> None:
    found = Difference()
    found.add(f32(1, 2), f32(np.nan, 2))
    assert found.plain()["largest"] is None
    json.dumps(found.plain(), allow_nan=False)


def test_inputs_of_other_types_are_not_compared() -> None:
    found = changed(
        CLASSIFIER,
        ("u8[h, w, c=3] bgr", "f32[h, w, c=3] bgr 0..1"),
        ("    to_float(scale=1/255)\n", ""),
        ("cv2.linear", "torch.bilinear"),
    )
    assert "D301" in codes(found)
    assert found.measured[0].notes == ["`pre` was not run: the inputs are of other types"]
    assert found.measured[0].given["label"].same
