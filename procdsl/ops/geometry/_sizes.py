"""The rules by which `resize` gives an h x w picture its size.

Each rule computes a size in plain Python, names the kernel that computes it in a generated module,
and says what is known of the result where the size of the picture is not. The tests hold rule,
kernel and the named library's own formula against each other over thousands of sizes.
"""

from __future__ import annotations

import math
from typing import Protocol

from procdsl.lazy import np
from procdsl.opdef.arguments import ROUNDINGS
from procdsl.opdef.geometric import PlacementRule
from procdsl.records import dataclass
from procdsl.types.axis import Axis

Size = tuple[int, int]
"""A height and a width in pixels."""


class Rule(Protocol):
    """How a picture gets its size."""

    def size(self, h: int, w: int) -> Size: ...

    @property
    def placement_rule(self) -> PlacementRule: ...

    @property
    def bounds(self) -> tuple[Axis, Axis]:
        """The axes of the result, whatever the picture."""
        ...


def _between(h: tuple[int, int | None], w: tuple[int, int | None]) -> tuple[Axis, Axis]:
    return Axis("h", *h), Axis("w", *w)


@dataclass(frozen=True)
class Fixed:
    """One size for every picture."""

    h: int
    w: int

    def size(self, h: int, w: int) -> Size:
        return self.h, self.w

    @property
    def placement_rule(self) -> PlacementRule:
        return PlacementRule("resized", (self.h, self.w))

    @property
    def bounds(self) -> tuple[Axis, Axis]:
        return _between((self.h, self.h), (self.w, self.w))


@dataclass(frozen=True)
class OneSide:
    """The shorter or the longer side made `side`, the other one in proportion."""

    side: int
    longer: bool
    rounding: str

    def size(self, h: int, w: int) -> Size:
        of = max(h, w) if self.longer else min(h, w)
        if self.rounding == "floor":
            return max(1, self.side * h // of), max(1, self.side * w // of)
        if self.rounding == "half_even_ratio":
            ratio = of / self.side
            return max(1, round(h / ratio)), max(1, round(w / ratio))
        turn, scale = ROUNDINGS[self.rounding], self.side / of
        return max(1, turn(h * scale)), max(1, turn(w * scale))

    @property
    def placement_rule(self) -> PlacementRule:
        if self.rounding == "floor":
            return PlacementRule(
                "resized_long" if self.longer else "resized_short", (self.side,), any_size=True
            )
        flags: dict[str, bool | str | int] = {"longer": self.longer, "rounding": self.rounding}
        return PlacementRule("resized_by", (self.side,), flags)

    @property
    def bounds(self) -> tuple[Axis, Axis]:
        limits = (1, self.side) if self.longer else (self.side, None)
        return _between(limits, limits)


@dataclass(frozen=True)
class Capped:
    """The shorter side made `side`, or what keeps the longer one within `cap`.

    `how` is one of `floor` (torchvision's transforms), `half_even` (DETR), `half_up` (Detectron2),
    or that of one scale for both sides: `scaled_floor` and `scaled_floor_f32` (torchvision's
    detectors, newer and older), `scaled_half_up` (MMDetection). With a `multiple` each side is then
    rounded to one.
    """

    side: int
    cap: int
    how: str
    multiple: int | None
    rounding: str

    def size(self, h: int, w: int) -> Size:
        to_h, to_w = (max(1, to) for to in self._size(h, w))
        if self.multiple is None:
            return to_h, to_w
        turn, m = ROUNDINGS[self.rounding], self.multiple
        return max(1, turn(to_h / m)) * m, max(1, turn(to_w / m)) * m

    def _size(self, h: int, w: int) -> Size:
        short, long = min(h, w), max(h, w)
        if self.how.startswith("scaled"):
            scale = min(self.side / short, self.cap / long)
            if self.how == "scaled_floor_f32":
                wanted, sides = np.array([[self.side, self.cap], [short, long]], np.float32)
                scale = float((np.float32(1) / sides * wanted).min())
            turn = ROUNDINGS["half_up" if self.how == "scaled_half_up" else "floor"]
            return turn(h * scale), turn(w * scale)
        to_short, to_long = self.side, self.side * long // short
        if self.how == "half_even":
            if long / short * self.side > self.cap:
                exact = self.cap * short / long
                to_short, to_long = round(exact), int(exact * long / short)
            if to_short == short:
                to_long = long
        elif self.how == "half_up":
            exact_short, exact_long = float(self.side), self.side / short * long
            if exact_long > self.cap:
                scale = self.cap / exact_long
                exact_short, exact_long = exact_short * scale, exact_long * scale
            to_short, to_long = int(exact_short + 0.5), int(exact_long + 0.5)
        elif to_long > self.cap:
            to_short, to_long = self.cap * self.side // to_long, self.cap
        return (to_short, to_long) if h <= w else (to_long, to_short)

    @property
    def placement_rule(self) -> PlacementRule:
        flags: dict[str, bool | str | int] = {"capped": self.how}
        if self.multiple is not None:
            flags |= {"multiple": self.multiple, "rounding": self.rounding}
        return PlacementRule("resized_capped", (self.side, self.cap), flags)

    @property
    def bounds(self) -> tuple[Axis, Axis]:
        m = self.multiple or 1
        most = -(-max(self.side, self.cap) // m) * m
        return _between((m, most), (m, most))


@dataclass(frozen=True)
class Box:
    """The picture's shape kept by a box: `fit` inside it, `cover` it, or `near` its size.

    With a `multiple` each side is the nearest one (MiDaS, DPT); for `fit` it does not leave the
    box, for `cover` it does not fall short of it.
    """

    h: int
    w: int
    how: str
    multiple: int | None

    def size(self, h: int, w: int) -> Size:
        if self.multiple is not None:
            return self._multiples(h, w, self.multiple)
        wide = w / h > self.w / self.h if self.how == "fit" else w / h < self.w / self.h
        if wide:
            return max(1, round(h / w * self.w)), self.w
        return self.h, max(1, round(w / h * self.h))

    def _multiples(self, h: int, w: int, m: int) -> Size:
        by_h, by_w = self.h / h, self.w / w
        if self.how == "near":
            scale = by_w if abs(1 - by_w) < abs(1 - by_h) else by_h
        else:
            scale = min(by_h, by_w) if self.how == "fit" else max(by_h, by_w)
        return self._multiple(h * scale, self.h, m), self._multiple(w * scale, self.w, m)

    def _multiple(self, side: float, of_box: int, m: int) -> int:
        to = round(side / m) * m
        if self.how == "fit" and to > of_box:
            to = int(side / m) * m
        if self.how == "cover" and to < of_box:
            to = math.ceil(side / m) * m
        return max(m, to)

    @property
    def placement_rule(self) -> PlacementRule:
        if self.multiple is not None:
            arguments = (self.h, self.w, self.multiple)
            return PlacementRule("resized_box_multiple", arguments, {"how": self.how})
        return PlacementRule(f"resized_{self.how}", (self.h, self.w))

    @property
    def bounds(self) -> tuple[Axis, Axis]:
        m = self.multiple or 1
        if self.how == "fit":
            return _between((m, max(m, self.h)), (m, max(m, self.w)))
        if self.how == "cover":
            return _between((max(m, self.h), None), (max(m, self.w), None))
        return _between((m, None), (m, None))


@dataclass(frozen=True)
class Multiples:
    """Each side made a multiple; with bounds, the area scaled into them (Qwen2-VL)."""

    multiple: int
    rounding: str
    min_pixels: int | None
    max_pixels: int | None

    def size(self, h: int, w: int) -> Size:
        turn, m = ROUNDINGS[self.rounding], self.multiple
        to_h, to_w = max(1, turn(h / m)) * m, max(1, turn(w / m)) * m
        if self.min_pixels is None or self.max_pixels is None:
            return to_h, to_w
        if to_h * to_w > self.max_pixels:
            scale = math.sqrt((h * w) / self.max_pixels)
            return max(1, int(h / scale / m)) * m, max(1, int(w / scale / m)) * m
        if to_h * to_w < self.min_pixels:
            scale = math.sqrt(self.min_pixels / (h * w))
            return math.ceil(h * scale / m) * m, math.ceil(w * scale / m) * m
        return to_h, to_w

    @property
    def placement_rule(self) -> PlacementRule:
        if self.min_pixels is not None and self.max_pixels is not None:
            return PlacementRule(
                "resized_pixels", (self.multiple, self.min_pixels, self.max_pixels)
            )
        return PlacementRule("resized_multiple", (self.multiple,), {"rounding": self.rounding})

    @property
    def bounds(self) -> tuple[Axis, Axis]:
        return _between((self.multiple, None), (self.multiple, None))


@dataclass(frozen=True)
class Patches:
    """Sides of whole patches, as large as a number of patches allows.

    Rounded `ceil`, the scale is searched for by halving (SigLIP2 and NaFlex); rounded `floor`, it
    follows from the areas (Pix2Struct).
    """

    patch: int
    most: int
    rounding: str

    def size(self, h: int, w: int) -> Size:
        if self.rounding == "floor":
            scale = math.sqrt(self.most * (self.patch / h) * (self.patch / w))
            rows, columns = (
                max(min(math.floor(scale * side / self.patch), self.most), 1) for side in (h, w)
            )
            return rows * self.patch, columns * self.patch
        low, high = 1e-5 / 10, 100.0
        while high - low >= 1e-5:
            scale = (low + high) / 2
            if self._count(h * scale) * self._count(w * scale) <= self.most:
                low = scale
            else:
                high = scale
        return self._count(h * low) * self.patch, self._count(w * low) * self.patch

    def _count(self, side: float) -> int:
        return max(1, math.ceil(side / self.patch))

    @property
    def placement_rule(self) -> PlacementRule:
        return PlacementRule(
            "resized_patches", (self.patch, self.most), {"rounding": self.rounding}
        )

    @property
    def bounds(self) -> tuple[Axis, Axis]:
        most = self.patch * self.most
        return _between((self.patch, most), (self.patch, most))
