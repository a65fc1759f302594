from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import maximum, minimum, quotient, where


def premultiplied(x: Tensor) -> Tensor:
    """RGBA with its colours multiplied by alpha, rounded as Pillow does."""
    colours, alpha = part(x, 0, 3, -1).cast("i32"), part(x, 3, 4, -1)
    scaled = colours * alpha.cast("i32") + 128
    scaled = quotient(quotient(scaled, 256) + scaled, 256)
    return concat([scaled.cast("u8"), alpha], -1)


def unpremultiplied(x: Tensor) -> Tensor:
    """The inverse, as Pillow computes it."""
    colours, alpha = part(x, 0, 3, -1).cast("i32"), part(x, 3, 4, -1)
    by = alpha.cast("i32")
    divided = minimum(quotient(colours * 255, maximum(by, 1)), 255)
    restored = where(by.equals(0) | by.equals(255), colours, divided)
    return concat([restored.cast("u8"), alpha], -1)
