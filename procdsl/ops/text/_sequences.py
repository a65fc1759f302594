"""What the ops share that read a text off the scores of each step of a sequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis, expect_dtype
from procdsl.ops.scores._scores import descending
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.value import Record, Type


def expect_steps(x: Type, over: str, sign: int, name: str, op: str) -> tuple[Array, Axis]:
    """Probabilities [step, class] whose class `sign` is no character, and the axis of the steps.

    `name` is what the argument of the sign is called.
    """
    x = expect_dtype(expect_axis(x, over, op, "over"), op, "f32")
    classes = x.axis(over)
    assert classes is not None, "an op is given an axis of its value"
    if len(x.axes) != 2:
        raise Problem(
            "E319",
            f"`{op}` does not get the steps of one text",
            found=x.described(),
            wanted=f"two axes: one for the steps, and `{over}`",
            help="take what the model says of one line of text: `[t, class]` or `[class, t]`",
        )
    if x.kind == "logits":
        raise Problem(
            "E301",
            f"`{op}` of logits, whose mean says nothing",
            found=x.described(),
            wanted="probabilities",
            help=f"take their softmax in the step before, `p = softmax(x, over={over})`, and give "
            "that; or where the model gives probabilities, say so in its contract",
        )
    if classes.size is None or not 0 <= sign < classes.size:
        last = "of the last class" if classes.size is None else f"from 0 to {classes.size - 1}"
        raise Problem(
            "E211",
            f"a class that `{over}` does not have"
            if classes.size
            else f"how many classes `{over}` has is not known",
            found=f"{name}={sign} over {classes}",
            wanted=f"an id {last}",
            help="write the number of classes where the model's outputs are declared, and the id "
            "that the model was trained with: 0, or that of the last one",
            at=name,
        )
    if classes.size == 1:
        raise Problem(
            "E211",
            "a sequence in which no character can be",
            found=f"{name}={sign} over {classes}",
            wanted="one class more than there are characters",
            help="declare the classes of the model's output",
            at=name,
        )
    steps = next(axis for axis in x.axes if axis.name != over)
    return x, steps


def characters(x: Array, over: str, steps: Axis) -> tuple[Record, Array]:
    """The types of what is read: ids of characters with their scores, and the confidence."""
    classes = x.axis(over)
    assert classes is not None, "`expect_steps` has looked for it"
    found = Axis("found", 0, steps.high)
    ids = Array("i64", (found,), kind="ids", range=Range(0, (classes.size or 2) - 2))
    scores = Array("f32", (found,), kind=x.kind, range=x.range, tolerance=x.tolerance)
    doc = "The characters of a text: their ids, and the largest score of the step that each is of."
    record = Record("Characters", (("ids", ids), ("scores", scores)), doc)
    return record, Array("f32", (), kind=x.kind, range=x.range)


def best_of_steps(x: np.ndarray, over: int) -> tuple[np.ndarray, np.ndarray]:
    """The largest score of each step, and its class."""
    first = descending(x, over).take([0], over)
    return np.take_along_axis(x, first, over).squeeze(over), first.squeeze(over)


def without(ids: np.ndarray, sign: int) -> np.ndarray:
    """Ids of classes as ids of characters, which are counted without the sign."""
    return ids - (ids > sign)


def confidence(scores: np.ndarray, kept: np.ndarray, product: bool) -> np.ndarray:
    """The mean or the product of the scores that are kept, 0 where none is.

    It is computed in float64 in a stated order: over all steps, with 0 or 1 for those that are not
    kept, and one more of these behind; the second half on the first, again and again.
    """
    x = np.where(kept, scores.astype(np.float64), float(product))
    x = np.append(x, float(product))
    count = kept.sum()
    with np.errstate(over="ignore", invalid="ignore"):
        while len(x) > 1:
            half = (len(x) + 1) // 2
            first, second = x[: len(x) - half], x[half:]
            both = first * second if product else first + second
            x = np.concatenate([both, x[len(x) - half : half]])
        whole = x[0] if product else x[0] / max(count, 1)
        return np.asarray(np.float32(whole if count else 0))


def read_as(
    classes: Sequence[int], more: float = 0, turned: bool = False
) -> Callable[[], dict[str, np.ndarray]]:
    """Makes probabilities `x` of 4 classes for a case, of whose steps these are the best.

    Behind them is a step whose classes are all as likely as `more`, if that is not 0.
    """

    def values() -> dict[str, np.ndarray]:
        rng = np.random.default_rng(len(classes))
        x = rng.uniform(0, 0.5, (len(classes), 4)).astype(np.float32)
        x[np.arange(len(classes)), np.array(classes, np.int64)] += np.float32(0.5)
        x = np.concatenate([x, np.full((1, 4), more, np.float32)]) if more else x
        return {"x": x.T.copy() if turned else x}

    return values
