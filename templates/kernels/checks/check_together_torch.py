import torch


def check_together(names: list[str], values: list[torch.Tensor], ranks: list[int]) -> None:
    """Refuse values that are not of one sample each, or of as many samples, on one device.

    `ranks` says how many axes one sample of each has.
    """
    count = -1
    for i, value in enumerate(values):
        samples = value.shape[0] if value.dim() > ranks[i] else -1
        if i == 0:
            count = samples
        elif samples != count:
            wanted = f"a batch of {count}" if count >= 0 else "one sample"
            came = f"a batch of {samples}" if samples >= 0 else "one sample"
            raise ValueError(f"{names[i]}: expected {wanted}, as {names[0]} is, got {came}")
        if value.device != values[0].device:
            raise ValueError(
                f"{names[i]}: expected a tensor on {values[0].device}, as {names[0]} is, "
                f"got one on {value.device}"
            )
