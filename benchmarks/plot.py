"""Draws the main workloads: times as multiples of the limit, warm and cold, on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Result = Mapping[str, Any]

COLUMNS = (
    ("imagenet_cv2", "letterbox_1080p", "fixed_cv2"),
    ("imagenet_pil", "letterbox_1000x750", "batch"),
)
COLOURS = {"ours": "#c8374a", "by hand": "#3f6c93", "peer": "#98a5b0", "limit": "#222222"}
KINDS = {"ours": "procdsl", "by hand": "by hand", "peer": "other libraries"}
INK, PALE, FAINT = "#333333", "#7b858d", "#e4e7ea"

# In inches: of the picture and of a panel, and where its numbers end, behind it.
WIDTH, LEFT, PLOT = 15.8, 2.45, 3.2
ROW, TITLE, GAP, HEAD = 0.215, 0.36, 0.46, 0.95
WARM, COLD, EQUAL = (0.42, 0.92), (1.42, 1.92), 2.0
SCALE = (0.28, 80.0)
TICKS = (0.5, 1, 2, 5, 10, 20, 50)


def draw(results: Sequence[Result], file: Path) -> None:
    """Two columns of panels, one for each workload; all on the same scale."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    named = {result["workload"]: result for result in results}
    columns = [[named[name] for name in column if name in named] for column in COLUMNS]
    height = HEAD + max(sum(map(taken, column)) for column in columns)
    figure = pyplot.figure(figsize=(WIDTH, height))
    for i, column in enumerate(columns):
        left, top = LEFT + i * WIDTH / len(columns), height - HEAD
        for result in column:
            bottom = top - TITLE - ROW * len(shown(result))
            sides = PLOT / WIDTH, (top - TITLE - bottom) / height
            panel(figure.add_axes((left / WIDTH, bottom / height, *sides)), result)
            top = bottom - GAP
    heading(figure, height)
    figure.savefig(file, dpi=150, facecolor="white")


def taken(result: Result) -> float:
    """The height of a panel with what is round it."""
    return TITLE + ROW * len(shown(result)) + GAP


def shown(result: Result) -> list[Result]:
    """The rows of a panel, slowest first: of several limits the one that counts."""
    rows = [row for row in result["rows"] if row["kind"] != "limit" or row["ratio"] == 1]
    return sorted(rows, key=lambda row: -row["ratio"])


def panel(ax: Any, result: Result) -> None:
    """A bar from the limit to the warm time, a ring at the cold one, and the numbers beside."""
    rows = shown(result)
    ax.set_xscale("log")
    ax.set_xlim(*SCALE)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.grid(axis="x", color=FAINT, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.axvline(1, color=COLOURS["limit"], linewidth=1)
    for y, row in enumerate(rows):
        bar(ax, y, row)
        numbers(ax, y, row)
    above: dict[str, Any] = {"y": len(rows) - 0.1, "transform": at_row(ax), "color": INK}
    title = {"x": -0.965 * LEFT / PLOT, "s": result["title"]}
    ax.text(**title, **above, fontsize=10.5, fontweight="bold")
    for ends, name in ((WARM, "warm"), (COLD, "cold")):
        ax.text(x=1 + ends[1] / PLOT, s=name, **above, fontsize=8.5, ha="right")
    ax.set_yticks(range(len(rows)), [row["name"].partition(":")[0] for row in rows], fontsize=8.5)
    for label, row in zip(ax.get_yticklabels(), rows, strict=True):
        label.set(color=COLOURS[row["kind"]] if row["kind"] != "peer" else INK)
        label.set(fontweight="bold" if row["kind"] == "ours" else "normal")
    ax.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS], fontsize=8, color=INK)
    ax.tick_params(which="both", length=0)
    ax.spines[["top", "right", "left", "bottom"]].set_visible(False)


def at_row(ax: Any) -> Any:
    """Across in widths of the panel, upwards in rows."""
    return ax.get_yaxis_transform()


def bar(ax: Any, y: int, row: Result) -> None:
    colour = COLOURS[row["kind"]]
    if row["kind"] == "limit":
        ax.plot(1, y, "D", color=colour, markersize=5)
        return
    ax.barh(y, row["ratio"] - 1, left=1, height=0.66, color=colour)
    if row.get("cold_ratio"):
        ends = row["ratio"], row["cold_ratio"]
        ax.plot(ends, (y, y), color=colour, linewidth=1)
        ax.plot(ends[1], y, "o", markersize=5.5, color="white", markeredgecolor=colour)


def numbers(ax: Any, y: int, row: Result) -> None:
    """The multiple and the milliseconds, warm and cold; `=` for equal bits."""
    text: dict[str, Any] = {"y": y, "transform": at_row(ax), "va": "center", "fontsize": 8}
    for ends, ratio, ms in ((WARM, "ratio", "ms"), (COLD, "cold_ratio", "cold_ms")):
        if row.get(ratio):
            multiple, time = (1 + end / PLOT for end in ends)
            ax.text(x=multiple, s=f"{row[ratio]:.1f}x", **text, color=INK, ha="right")
            ax.text(x=time, s=milliseconds(row[ms]), **text, color=PALE, ha="right")
    if row["equal"] and row["kind"] != "limit":
        ax.text(x=1 + EQUAL / PLOT, s="=", **text, color=INK)


def milliseconds(ms: float) -> str:
    """Three digits that count, or all before the point."""
    digits = next((n for n, least in enumerate((100, 10, 1, 0.1)) if ms >= least), 4)
    return f"{ms:.{digits}f}"


def heading(figure: Any, height: float) -> None:
    """What is drawn, and the legend."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    left = 0.08 / WIDTH
    figure.text(
        left,
        1 - 0.3 / height,
        "Preprocessing a picture: time as a multiple of the limit, on one thread",
        fontsize=15,
        fontweight="bold",
        color=INK,
    )
    figure.text(
        left,
        1 - 0.55 / height,
        "Shorter is faster. The limit is the kernel that cannot be avoided and one write of the "
        "output; of the fixed cost it is the same by hand. Times are in milliseconds; = marks the "
        "same bits as the pipeline's meaning.",
        fontsize=9.5,
        color=INK,
    )
    handles: list[Any] = [Patch(color=COLOURS[kind], label=name) for kind, name in KINDS.items()]
    handles += [
        Line2D([], [], color=COLOURS["limit"], marker="D", linestyle="", label="the limit"),
        Patch(color="#777777", label="bar: warm, one picture over and over"),
        Line2D(
            [],
            [],
            color="white",
            marker="o",
            markeredgecolor="#777777",
            linestyle="",
            label="ring: cold, other pictures and other work between",
        ),
    ]
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(left, 1 - 0.6 / height),
        ncols=len(handles),
        frameon=False,
        fontsize=9.5,
        borderaxespad=0,
        borderpad=0.2,
        handletextpad=0.5,
        columnspacing=1.4,
    )
