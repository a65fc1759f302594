"""What `convert` says of its options: which there are, and what each computes."""

from __future__ import annotations

from procdsl.diagnostics.suggest import choices
from procdsl.records import dataclass

ON_U8 = "put this step before `to_float`: the arithmetic of these colours is that of u8"
ALPHA = (
    "`alpha=drop` for the colours as they are stored, or `alpha=over, fill=255` for what is seen "
    "on a white ground"
)


@dataclass(frozen=True)
class Words:
    """Of an option: what is wanted, what helps where it is missing, and where it has no effect."""

    wanted: str
    missing: str
    idle: str


WORDS = {
    "luma": Words(
        "`luma=cv2`, `luma=pil` or `luma=torchvision`",
        choices(
            "say whose luma training used",
            "`luma=cv2`: as cv2.cvtColor rounds it",
            "`luma=pil`: as Pillow's convert('L') rounds it",
            "`luma=torchvision`: 0.2989 r + 0.587 g + 0.114 b, rounded down",
        ),
        "`luma` says how colours are weighed to gray: leave it out, or convert them to gray",
    ),
    "alpha": Words(
        "`alpha=drop`, or `alpha=over` with a `fill`",
        f"say what becomes of alpha: {ALPHA}",
        "`alpha` says what becomes of an alpha channel that is taken away: leave it out, or take "
        "one away",
    ),
    "fill": Words(
        "`fill` of the ground",
        "add the ground that shows through: `fill=255` is white, `fill=0` black",
        "`fill` is the ground of `alpha=over`: leave it out, or blend over it",
    ),
}
