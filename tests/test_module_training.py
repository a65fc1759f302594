"""`preprocess_train`, and branches of training and serving."""

from __future__ import annotations

import numpy as np
import pytest
from support import as_input, build, compare, picture, same, source_of

from procdsl.opdef.op import Case
from procdsl.reference.interpreter import preprocess


def test_train_branch_has_a_function_of_its_own() -> None:
    text = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    train {
        crop(top=0, left=0, h=8, w=8)
    }
    serve {
        resize(h=8, w=8, sampler=cv2.nearest)
    }
    flip(horizontal)
}
model x: u8[h=8, w=8, c=3] rgb -> y: f32[]
"""
    built = build(text)
    image = picture()
    compare(built, {"image": image})
    for module in built.modules.values():
        found = module.preprocess_train(as_input(module, image))
        assert np.array_equal(np.asarray(found), image[:8, :8][:, ::-1])


@pytest.mark.parametrize("fuse", [True, False])
def test_branches_of_training_alone_and_of_serving_alone(fuse: bool) -> None:
    text = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    train {
        flip(horizontal)
        crop(top=0, left=2, h=5, w=5)
    }
    serve {
        crop(top=1, left=0, h=5, w=5)
    }
    train {
        crop(top=0, left=1, h=5, w=4)
    }
    serve {
        crop(top=0, left=0, h=5, w=4)
    }
    train {
        flip(horizontal)
    }
    serve {
        flip(vertical)
    }
    train {
        flip(vertical)
    }
}
model x: u8[h=5, w=4, c=3] rgb -> y: f32[]
"""
    image = picture()
    train = image[:, ::-1][:5, 2:7][:5, 1:5][:, ::-1][::-1]
    serve = image[1:6, :5][:5, :4][::-1]
    built = build(text, fuse=fuse)
    same(preprocess(built.pipeline, {"image": image}, train=True)[0], train, 0, "reference")
    for module in built.modules.values():
        given = as_input(module, image)
        assert np.array_equal(np.asarray(module.preprocess_train(given)), train)
        assert np.array_equal(np.asarray(module.preprocess(given)), serve)
    alone = build(source_of(Case("train {\nflip(horizontal)\n}")))
    for module in alone.modules.values():
        given = as_input(module, image)
        assert np.array_equal(np.asarray(module.preprocess_train(given)), image[:, ::-1])
        assert np.array_equal(np.asarray(module.preprocess(given)), image)
