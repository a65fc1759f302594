import warnings

import torch


@torch.jit.unused
def hold_trace(name: str, value: torch.Tensor) -> None:
    """While `torch.jit.trace` runs, have the trace refuse other shapes than this one.

    It records no Python: without this it would compute for any shape what it does for this one.
    """
    if not torch.jit.is_tracing():
        return
    if torch.onnx.is_in_onnx_export():
        raise RuntimeError(
            f"{name}: torch.onnx.export records what is right for this shape alone where it "
            "traces: give it dynamo=True"
        )
    with warnings.catch_warnings():  # that a number is a constant, as it should be
        warnings.simplefilter("ignore")
        shape = [int(size) for size in value.shape]
        torch.jit.script(check_traced)(name, value, shape)


def check_traced(name: str, value: torch.Tensor, shape: list[int]) -> torch.Tensor:
    """Refuse another shape than that for which a trace was made."""
    if list(value.shape) != shape:
        raise ValueError(
            f"{name}: expected shape {shape}, which was traced, got {list(value.shape)}"
        )
    return value
