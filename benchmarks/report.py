"""Makes a page and a picture of the files of results, and tables for the README of the project and
for the page of ONNX: `python -m benchmarks.report [FOLDER]`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
FRONT = Path(__file__).parent.parent / "README.md"
ONNX = Path(__file__).parent.parent / "docs" / "onnx.md"

ORDER = (
    "imagenet_cv2",
    "imagenet_pil",
    "imagenet_torch",
    "letterbox_1080p",
    "letterbox_720p",
    "letterbox_1000x750",
    "batch",
    "fixed_cv2",
    "fixed_pil",
    "fixed_torch",
    "torch_batch_u8",
    "torch_batch_f32",
    "detector_020",
    "detector_060",
    "detector_200",
    "nms_few",
    "nms_many",
    "nms_100000",
    "labels",
    "best_class",
    "start_up",
    "compile_0010",
    "compile_0100",
    "compile_1000",
)
PLOTTED = ("imagenet_cv2", "imagenet_pil", "letterbox_1080p", "batch")
COLUMNS = {
    "procdsl cv2": "procdsl cv2",
    "numpy": "procdsl numpy",
    "torch": "procdsl torch",
    "by hand": "",
    "albumentations": "albumentations",
    "OpenVINO": "OpenVINO",
    "Hugging Face": "Hugging Face",
    "kornia": "kornia",
}
"""The columns of the table in the README, and how the names of their rows begin."""
GRAPHS = ("imagenet_pil", "letterbox_1080p", "letterbox_1000x750")
"""The workloads of the table in the page of ONNX, which is of graphs."""
OTHERS = {
    "onnxruntime-extensions": "onnxruntime-extensions",
    "OpenVINO": "OpenVINO's preprocessor",
    "numpy": "procdsl numpy",
    "OpenCV": "procdsl cv2",
}
"""Its columns, and the rows that our graph is held against."""
COLOURS = {"ours": "#d1495b", "by hand": "#5b7c99", "peer": "#b8c4ce", "limit": "#2f2f2f"}

Result = Mapping[str, Any]


def read(folder: Path) -> list[Result]:
    """The results that lie in a folder, in the page's order; what that does not name comes last."""
    found = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    named = {result["workload"]: result for result in found if "workload" in result}
    last = sorted(named.keys() - set(ORDER))
    return [named[name] for name in (*ORDER, *last) if name in named]


def agreement(row: Result) -> str:
    if row["kind"] == "limit" or row["difference"] is None:
        return str(row["note"])
    text = "equal in bits" if row["equal"] else f"off by {row['difference']:.1e}"
    return f"{text}; {row['note']}" if row["note"] else text


def table(result: Result) -> str:
    """One workload as Markdown, fastest first, ours in bold."""
    lines = [
        f"## {result['title']}",
        "",
        "| | ms | quartiles | to the limit | against the pipeline | peak MB |",
        "|---|---:|---:|---:|---|---:|",
    ]
    for row in sorted(result["rows"], key=lambda row: row["ms"]):
        name = f"**{row['name']}**" if row["kind"] == "ours" else row["name"]
        ratio = f"{row['ratio']:.2f}" if row["ratio"] else ""
        peak = f"{row['memory'] / 1e6:.1f}" if row["memory"] else ""
        spread = f"{figure(row['low'])} to {figure(row['high'])}"
        cells = (name, figure(row["ms"]), spread, ratio, agreement(row), peak)
        lines.append(f"| {' | '.join(cells)} |")
    for name, reason in result["left_out"].items():
        lines += ["", f"Left out: {name} ({reason})."]
    return "\n".join(lines) + "\n"


def figure(ms: float) -> str:
    return f"{ms:.3f}" if ms < 10 else f"{ms:.1f}"


def page(results: Sequence[Result]) -> str:
    """All workloads, and what they were measured on."""
    machines = {json.dumps(result["machine"], sort_keys=True) for result in results}
    text = [
        "# Results",
        "",
        "How they are measured, and how to read them: [the benchmarks](../README.md).",
    ]
    for machine in map(json.loads, sorted(machines)):
        versions = ", ".join(f"{name} {v}" for name, v in machine["versions"].items())
        text += [
            "",
            f"{machine['processor']}, {machine['cores']} cores, {machine['system']}. "
            f"Python {machine['python']}; {versions}. procdsl at {machine['commit'] or '?'}.",
        ]
    if len(machines) > 1:
        text += ["", "The files of results differ in the above: run all of them again."]
    return "\n".join(text) + "\n\n" + "\n".join(table(result) for result in results)


def summary(results: Sequence[Result]) -> str:
    """The workloads on one thread as multiples of the limit, `=` where the bits are equal."""
    lines = [f"| | limit, ms | {' | '.join(COLUMNS)} |", "|---|" + "---:|" * (1 + len(COLUMNS))]
    for result in results:
        rows = [row for row in result["rows"] if not row["name"].endswith("workers=2")]
        if not any(row["name"].startswith("procdsl cv2") for row in rows):
            continue  # start-up and the cost of compiling
        (limit,) = (row["ms"] for row in rows if row["ratio"] == 1)
        cells = [result["title"], f"{limit:.2f}"]
        for column, name in COLUMNS.items():
            kinds = ("by hand",) if column == "by hand" else ("ours", "peer")
            found = [r for r in rows if r["kind"] in kinds and r["name"].startswith(name)]
            best = min(found, key=lambda row: row["ms"], default=None)
            cells.append(f"{best['ratio']:.1f}{' =' * best['equal']}" if best else "")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def graphs(results: Sequence[Result]) -> str:
    """What our graph takes in ONNX Runtime, and how many times what the others take that is."""
    lines = [f"| | ms | {' | '.join(OTHERS)} |", "|---|" + "---:|" * (1 + len(OTHERS))]
    for result in results:
        if result["workload"] not in GRAPHS:
            continue
        ms = {row["name"]: row["ms"] for row in result["rows"]}
        ours = ms["procdsl ONNX"]
        ratios = [f"{ours / ms[name]:.2f}" if name in ms else "" for name in OTHERS.values()]
        lines.append(f"| {result['title']} | {ours:.1f} | {' | '.join(ratios)} |")
    return "\n".join(lines) + "\n"


def graph_sizes(folder: Path) -> str:
    """The bytes of graphs, as `benchmarks.graph_sizes` found them."""
    found = json.loads((folder / "graph_sizes.json").read_text())["bytes"]
    lines = ["| bytes | ours | exported | | without notes | |", "|---|" + "---:|" * 5]
    for title, sizes in found.items():
        ours, *others = sizes.values()
        cells = [f"{other:,} | {ours / other:.0%}" for other in others]
        lines.append(f"| {title} | {ours:,} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def insert(text: str, table: str, mark: str = "benchmarks") -> str:
    """A page with another table in its place."""
    before, found, rest = text.partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition("<!-- end -->")
    assert found, "the page has no place for the table"
    assert end, "the page has no end of the table"
    return f"{before}{found}{table}{end}{after}"


def onnx_page(text: str, folder: Path) -> str:
    """The page of ONNX with both of its tables."""
    text = insert(text, graphs(read(folder)), "times of graphs")
    return insert(text, graph_sizes(folder), "sizes of graphs")


def plot(results: Sequence[Result], file: Path) -> None:
    """Times of the main workloads as multiples of the limit, on a logarithmic scale."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    drawn = [result for result in results if result["workload"] in PLOTTED]
    heights = [1.6 + len(shown(result)) for result in drawn]
    figure_, axes = pyplot.subplots(
        len(drawn),
        1,
        figsize=(9, 0.215 * sum(heights)),
        height_ratios=heights,
        squeeze=False,
        layout="constrained",
    )
    for result, ax in zip(drawn, axes[:, 0], strict=True):
        panel(ax, result)
    axes[-1, 0].set_xlabel("time as a multiple of the limit (logarithmic)", fontsize=9)
    figure_.savefig(file, dpi=200)


def shown(result: Result) -> list[Result]:
    """The rows of a panel, slowest first: of several limits the one that counts."""
    rows = [row for row in result["rows"] if row["kind"] != "limit" or row["ratio"] == 1]
    return sorted(rows, key=lambda row: -row["ms"])


def panel(ax: Any, result: Result) -> None:
    rows = shown(result)
    ratios = [row["ratio"] for row in rows]
    ax.barh(range(len(rows)), ratios, color=[COLOURS[row["kind"]] for row in rows], height=0.72)
    ax.set_xscale("log")
    ax.set_xlim(0.8 * min(1.0, *ratios), max(ratios) * 2.4)
    ax.axvline(1, color=COLOURS["limit"], linewidth=0.8)
    for i, row in enumerate(rows):
        mark = " =" if row["equal"] else ""
        text = f"{row['ratio']:.1f}x   {figure(row['ms'])} ms{mark}"
        label = ax.text(row["ratio"] * 1.06, i, text, va="center", fontsize=8, color="#333333")
        label.set_bbox(
            {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        )  # over the line at 1
    ax.set_yticks(range(len(rows)), [row["name"].partition(":")[0] for row in rows], fontsize=8.5)
    for label, row in zip(ax.get_yticklabels(), rows, strict=True):
        if row["kind"] == "ours":
            label.set(fontweight="bold", color=COLOURS["ours"])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_title(result["title"], loc="left", fontsize=10.5, fontweight="bold")
    ax.tick_params(axis="x", labelsize=8)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.spines[["top", "right", "left"]].set_visible(False)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    results = read(folder)
    (folder / "README.md").write_text(page(results))
    plot(results, folder / "plot.png")
    if folder == RESULTS:
        FRONT.write_text(insert(FRONT.read_text(), summary(results)))
        ONNX.write_text(onnx_page(ONNX.read_text(), folder))


if __name__ == "__main__":
    main()
