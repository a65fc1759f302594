import torch

from kernels.graphs.open_sizes_torch import is_open
from kernels.graphs.some_of_axis_torch import some_of_axis
from kernels.resize.rows_of_all_torch import rows_of_all


def interpolation_lines(
    x: torch.Tensor,
    tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor],
    start: int,
    stop: int,
    needed: tuple[int, int],
    bits: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """For some target rows the source rows above and below, interpolated across, as int32.

    These are among the `needed`, from and to. The sums of uint8 [rows, w * c] times weights are
    less than 2**20; their last `bits` are cut off.
    """
    at, _, picked, a = tables
    rows, (first, end) = at[:, start:stop], needed
    apart = True  # in a graph, whose sizes may be any
    if torch.jit.is_scripting() or not torch.compiler.is_compiling():
        apart = end - first >= 2 * (stop - start)  # hardly a source row is used twice
    if apart:
        band = x.index_select(0, rows.reshape(-1))
    else:
        band = x[first:end]
        rows = rows - first if first > 0 else rows
    size = [band.shape[0], -1]
    left, right = picked.unbind()
    a0, a1 = a.unbind()
    total = band.gather(1, left.expand(size)).to(torch.int32).mul_(a0)
    total.addcmul_(band.gather(1, right.expand(size)).to(torch.int32), a1)
    if bits > 0:
        total >>= bits
    if not apart:
        total = total.index_select(0, rows.reshape(-1))
    return total[: stop - start], total[stop - start :]


def interpolation_tables(
    sh: int,
    sw: int,
    channels: int,
    rows: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
    columns: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Two source rows [2, h] and weights [2, h, 1]; two places in a row and weights [2, c * w].

    They are made of the source index and the two weights of each target pixel; beyond its edge
    the picture goes on.
    """
    top, b0, b1 = rows
    left, a0, a1 = columns
    at = torch.stack([top, top + 1]).clamp(0, sh - 1)
    pair = torch.stack([left, left + 1]).clamp(0, sw - 1)
    channel = torch.arange(channels, device=left.device)[:, None]
    picked = (pair[:, None] * channels + channel).reshape(2, -1)
    return at, torch.stack([b0, b1])[:, :, None], picked, torch.stack([a0, a1]).repeat(1, channels)


def tables_of_columns(
    tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor],
    channels: int,
    left: int,
    right: int,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """The same tables for a part of the columns."""
    at, b, picked, a = tables
    picked = some_of_axis(picked.reshape(2, channels, -1), 2, left, right).reshape(2, -1)
    a = some_of_axis(a.reshape(2, channels, -1), 2, left, right).reshape(2, -1)
    return at, b, picked, a


def tables_of_all(
    tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor],
    pictures: int,
    source: int,
    top: int,
    bottom: int,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """The same tables for a part of the rows, of each of some pictures one below another."""
    at, b, picked, a = tables
    one = not is_open([pictures]) and pictures == 1
    if one and not is_open([top, bottom]) and bottom - top == at.shape[1]:
        return tables
    at, b = some_of_axis(at, 1, top, bottom), some_of_axis(b, 1, top, bottom)
    if one:
        return at, b, picked, a
    return rows_of_all(at, pictures, source), b.repeat(1, pictures, 1), picked, a
