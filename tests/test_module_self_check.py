"""`self_check` of generated modules, and the probe that it runs on."""

from __future__ import annotations

import numpy as np
import pytest
from pipelines import CLASSIFIER
from support import build, compare, manifest_of, source_of

from procdsl.opdef.op import Case

# self_check


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_self_check_passes_and_catches_drift(backend: str) -> None:
    built = build(CLASSIFIER, [backend])
    module = built.modules[backend]
    module.self_check()
    changed = dict(manifest_of(built)["self_check"])
    changed["preprocess"] = {"x": {"sha256": "0" * 64}}
    module.MANIFEST["self_check"] = changed
    with pytest.raises(RuntimeError, match="self_check: `x` is not what the compiler computed"):
        module.self_check()


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_self_check_holds_bounded_results_to_their_bound(backend: str) -> None:
    module = build(CLASSIFIER, [backend]).modules[backend]
    wanted = module.MANIFEST["self_check"]["postprocess"]["probabilities"]
    wanted["values"][0] += 3e-8
    module.self_check()
    wanted["values"][0] += 1e-6
    with pytest.raises(RuntimeError, match="`probabilities` is not what .* off, not 6e-08 at most"):
        module.self_check()


NO_NUMBERS = """proc 1
pipeline p
model x: f32[n=1] -> v: f32[class=5], boxes: f32[m=9, box=4] boxes(xyxy, pixels), s: f32[m=9, k=2]
post {
    p = softmax(v, over=class)
    none = clip(p, min=0, max=0) allow E304 "zeros"
    length = norm(none, over=class)
    q = divide(none, length)
    scores = softmax(s, over=k)
    found = above(boxes, scores, score=1, limit=3) allow E304 "nothing"
}
output q, found
"""


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_self_check_of_bounded_results_that_are_no_numbers_or_none(backend: str) -> None:
    """JSON has no NaN: what is none is null, and stays none; of nothing found nothing is off."""
    built = build(NO_NUMBERS, [backend])
    module = built.modules[backend]
    wanted = module.MANIFEST["self_check"]["postprocess"]
    assert wanted["q"]["values"] == [None] * 5
    assert wanted["found.scores"]["values"] == []
    module.self_check()
    wanted["q"]["values"][3] = 0.5
    with pytest.raises(RuntimeError, match="`q` is not what .*other values are no numbers"):
        module.self_check()


def test_a_library_that_changes_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    module = build(CLASSIFIER, ["cv2"]).modules["cv2"]
    resize = module.cv2.resize
    monkeypatch.setattr(module.cv2, "resize", lambda *a, **k: resize(*a, **k) ^ 1)
    with pytest.raises(RuntimeError, match="a library computes something else"):
        module.self_check()


# The probe


@pytest.mark.parametrize("steps", ["crop(center, h=90, w=100)", "tile(h=90, w=100, overlap=10)"])
def test_an_input_of_one_size_that_is_larger_than_the_probe(steps: str) -> None:
    if steps.startswith("tile"):
        steps = steps.replace(")", ", last=shifted)")
    built = build(source_of(Case(steps, image="u8[h=120, w=120, c=3] rgb")))
    for module in built.modules.values():
        module.self_check()
    compare(built, {"image": np.zeros((120, 120, 3), np.uint8)})


CLIP = "u8[t, h, w, c=3] rgb"


@pytest.mark.parametrize(
    ("steps", "size"),
    [
        ("resize(fit=(23, 14), sampler=cv2.linear)\ncrop(top=1, left=0, h=14, w=7)", [83, 61]),
        ("crop(center, h=600, w=900)", [694, 945]),
        ("resize(fit=(11, 24), sampler=pil.box)\ncrop(top=5, left=3, h=1, w=20)", [61, 244]),
        ("resize(fit=(320, 32), sampler=cv2.linear)\ncrop(center, h=300, w=20)", [976, 61]),
    ],
)
def test_the_probe_is_of_a_size_that_passes(steps: str, size: list[int]) -> None:
    built = build(source_of(Case(steps, image=CLIP)))
    assert manifest_of(built)["self_check"]["size"] == size


@pytest.mark.parametrize(
    "steps",
    [
        "pad(multiple=64, anchor=center, fill=0)\npad(h=50, w=50, anchor=center, fill=0)",
        "resize(long=24, sampler=cv2.area)\npatchify(h=25, w=1, order=(c, t, h, w), frames=1)",
    ],
)
def test_no_size_passes(steps: str) -> None:
    """That is found by the geometry alone: the largest clips would fill the memory."""
    with pytest.raises(ValueError, match="no size of picture passes the steps of `pre`: an? "):
        build(source_of(Case(steps, image=CLIP)))
