"""The frames of a clip share one loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from fusing import agree, both, text_of
from support import BACKENDS, build, compare, run, source_of

from procdsl.opdef.op import Case

CLIP = """convert(rgb)
resize(short=28, sampler=cv2.linear)
crop(center, h=24, w=24)
flip(horizontal)
to_float(scale=1/255)
normalize(mean=(0.4, 0.3, 0.2), std=(0.2, 0.3, 0.4))
"""


@pytest.mark.parametrize(
    "axes", ["c, t, h, w", "t, c, h, w", "t, h, w, c", "c, h, w, t", "t, w, h, c", "h, t, w, c"]
)
@pytest.mark.parametrize("image", ["u8[t=5, h, w, c=3] bgr", "u8[t, h, w, c=3] bgr"])
def test_a_clip_is_its_frames(axes: str, image: str) -> None:
    layout = "" if axes == "t, h, w, c" else f"layout({axes})"
    text = source_of(Case(CLIP + layout, image=image))
    agree(text, (33, 47))
    clip, still = build(text), build(source_of(Case(CLIP, image="u8[h, w, c=3] bgr")))
    frames = np.random.default_rng(3).integers(0, 256, (5, 33, 47, 3)).astype(np.uint8)
    compare(clip, {"image": frames})
    order = ["t", "h", "w", "c"]
    for backend in BACKENDS:
        (found,) = run(clip.modules[backend], {"image": frames})
        apart = [run(still.modules[backend], {"image": frame})[0] for frame in frames]
        wanted = np.stack(apart).transpose([order.index(axis) for axis in axes.split(", ")])
        assert np.array_equal(found, wanted)


def test_frames_share_one_loop_and_script() -> None:
    text = source_of(Case(CLIP + "layout(c, t, h, w)", image="u8[t, h, w, c=3] bgr"))
    fused, plain = both(text)
    assert text_of(dict(fused.files), "numpy").count(", frame in") == 1
    assert text_of(dict(plain.files), "numpy").count(", frame in") == 4
    assert "planes /= STD" not in text_of(dict(fused.files), "numpy")
    assert "plane /= _STD[c]" in text_of(dict(fused.files), "numpy")
    module = fused.modules["torch"]
    clip = torch.from_numpy(np.random.default_rng(3).integers(0, 256, (5, 33, 47, 3), np.uint8))
    scripted = torch.jit.script(module.Preprocess())
    assert torch.equal(scripted(clip), module.preprocess(clip))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_clip_is_written_into_out(backend: str) -> None:
    text = source_of(Case(CLIP + "layout(c, t, h, w)", image="u8[t, h, w, c=3] bgr"))
    module = build(text, [backend]).modules[backend]
    clip: Any = np.random.default_rng(3).integers(0, 256, (5, 33, 47, 3), np.uint8)
    (wanted,) = run(module, {"image": clip})
    out: Any = np.full((2, *wanted.shape), np.nan, np.float32)
    wide: Any = np.zeros((*wanted.shape[:3], 2 * wanted.shape[3]), np.float32)
    if backend == "torch":
        clip, out, wide = (torch.from_numpy(x) for x in (clip, out, wide))
    for place in (out[1], wide[..., ::2]):
        assert module.preprocess(clip, out=place) is place
        assert np.asarray(place).tobytes() == wanted.tobytes()
    with pytest.raises(ValueError, match="out"):
        module.preprocess(clip, out=out[0][:2])
