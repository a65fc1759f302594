from procdsl.codegen.onnx.graph import Tensor, constant


def grid_points(h: int, w: int, strides: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """The places (column, row) f32[n, 2] of the grids, level by level, and their strides [n, 1]."""
    places = [
        ((column, row), side)
        for side in strides
        for row in range(h // side)
        for column in range(w // side)
    ]
    points, sides = zip(*places, strict=True)
    return constant(points, "f32"), constant([[side] for side in sides], "f32")
