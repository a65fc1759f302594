from typing import NoReturn

from procdsl.codegen.onnx.site import Refused, Site


def onnx(s: Site) -> NoReturn:
    raise Refused(
        "Python of your own runs on the host",
        "`procdsl bake` leaves the step on the host, and bakes what it can of the others",
    )
