from typing import NoReturn

from procdsl.codegen.onnx.site import Refused, Site


def onnx(s: Site) -> NoReturn:
    raise Refused(
        "files are decoded by the library that the step names",
        "`procdsl bake` leaves the step on the host, before the graph",
    )
