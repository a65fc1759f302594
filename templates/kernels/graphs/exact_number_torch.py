import torch


def exact_number(number: float, device: torch.device) -> torch.Tensor:
    """A number in float64, as a tensor: in ONNX a plain one becomes float32 beside float64, too."""
    if torch.jit.is_scripting() or not torch.compiler.is_compiling():
        return torch.full([], number, dtype=torch.float64, device=device)
    return torch.tensor(number, dtype=torch.float64, device=device)


def ratio(a: int, b: int, device: torch.device) -> torch.Tensor:
    """a / b in float64, as a tensor, for sizes that may be open in a graph."""
    dividend = torch.full([], a, dtype=torch.float64, device=device)
    return dividend / torch.full([], b, dtype=torch.float64, device=device)
