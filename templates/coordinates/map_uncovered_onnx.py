from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    at = s.named["at"]
    for_all = at._replace(
        **{part: s.k.of_all(x) for part, x in at._asdict().items() if getattr(x, "rank", 0)}
    )
    inside = s.k.undone(for_all)
    if s.attr["fills"]:
        return s.plain(s.k.crop_filled(s.image, inside, s.constant("fill")))
    return s.plain(s.k.crop(s.image, inside))
