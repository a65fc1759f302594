from procdsl.codegen.onnx.axes import concat, one, pad, part, total
from procdsl.codegen.onnx.control import repeat_while
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import maximum, quotient, tensor, where


def kept_confidence(scores: Tensor, kept: Tensor, product: bool) -> Tensor:
    """The mean or the product of the scores of steps [n, t] that are kept, 0 where none is.

    In float64, the second half on the first again and again: an order that any library can keep.
    """
    neutral = float(product)
    x = pad(where(kept, scores.cast("f64"), neutral), [0], [1], neutral)

    def halved(x: Tensor) -> Tensor:
        n = x.size(-1)
        half = quotient(n + 1, 2)
        first, second = part(x, 0, n - half, -1), part(x, half, n, -1)
        both = first * second if product else first + second
        return concat([both, part(x, n - half, half, -1)], -1)

    n = x.size(-1)
    if isinstance(n, Tensor):
        x = repeat_while(lambda left: tensor(left.size(-1)) > 1, x, halved)
    else:
        while n > 1:
            x, n = halved(x), (n + 1) // 2
    count = total(kept.cast("i64"), -1)
    whole = one(x, 0, -1)
    whole = whole if product else whole / maximum(count, 1).cast("f64")
    return where(count > 0, whole, 0.0).cast("f32")
