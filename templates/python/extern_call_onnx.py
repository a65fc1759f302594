from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Refused, Site


def onnx(s: Site) -> Tensor:
    raise Refused(
        f"`{s.attr['extern']}` is Python of your own, which runs on the host",
        "the steps before it and behind it as graphs of their own",
    )
