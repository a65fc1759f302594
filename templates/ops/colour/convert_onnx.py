from procdsl.codegen.onnx.axes import gather, moved
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return moved(converted(s, moved(s.image, -1, -3)), -3, -1)


def converted(s: Site, planes: Tensor) -> Tensor:
    """Planes are moved, blended, weighed, added; one is copied at once."""
    order, constants = s.attr["order"], s.call.constants
    if s.attr["alpha"] is not None:
        planes = s.k.blend_over(planes, order, s.attr["alpha"], constants["fill"].values)
        order = (0, 1, 2)
    if s.attr["luma"] == "torchvision":
        return s.k.to_gray_f32(planes, order)
    if s.attr["luma"]:
        return s.k.to_gray(planes, constants["luma"].values, s.attr["shift"])
    if s.attr["alpha"] is not None:
        return planes
    planes = gather(planes, s.constant("order"), -3)
    return s.k.add_alpha(planes) if s.attr["adds_alpha"] else planes
