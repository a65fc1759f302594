"""The arrays that a step alone is tried on."""

from __future__ import annotations

import numpy as np
from support import compiled, source_of

from procdsl.bake.probes import of_many_sizes, twice_each
from procdsl.opdef.op import Case


def tried(steps: str, image: str) -> list[np.ndarray]:
    pipeline = compiled(source_of(Case(steps, image=image)))
    return [x for (x,) in of_many_sizes(pipeline, pipeline.inputs)]


def test_an_open_size_is_tried_in_many() -> None:
    found = tried("flip(horizontal)", "u8[h, w, c=3] rgb")
    assert len({x.shape for x in found}) == len(found) > 100
    assert all(x.shape[0] == 2 and (x[0] != x[1]).any() for x in found)


def test_what_is_too_small_for_the_step_is_not_tried() -> None:
    found = tried("crop(center, h=50, w=60)", "u8[h, w] gray")
    assert min(x.shape[1] for x in found) >= 50
    assert min(x.shape[2] for x in found) >= 60


def test_one_size_is_tried_with_other_numbers() -> None:
    found = tried("flip(horizontal)", "f32[h=5, w=6] gray")
    assert len(found) == 20
    assert len({x.tobytes() for x in found}) == 20


def test_whole_numbers_that_are_no_ids_have_a_sign() -> None:
    found = tried("min_max(over=image, eps=0)", "i32[n=37]")
    assert all(x.dtype == np.int32 and x.min() < 0 < x.max() for x in found)


def test_where_no_small_picture_will_do_there_is_one_large() -> None:
    (found,) = tried("crop(top=0, left=0, h=300, w=300)", "u8[h, w] gray")
    assert found.shape[1] >= 300
    assert found.shape[2] >= 300


def test_two_samples_that_are_one() -> None:
    pipeline = compiled(source_of(Case("flip(horizontal)", image="u8[h, w] gray")))
    (found,) = twice_each(pipeline, pipeline.inputs)
    assert (found[0] == found[1]).all()
