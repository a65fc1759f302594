"""Makes a page and a picture of the files of results, and tables for the README of the project and
for the page of ONNX: `python -m benchmarks.report [FOLDER]`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import plot
from benchmarks.plot import Result, milliseconds

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
    "loader",
    "busy",
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
    "self_check_imagenet",
    "self_check_letterbox",
    "self_check_detector",
)
FRONT_ROWS = (*ORDER[: ORDER.index("fixed_pil")], "fixed_torch")
"""The workloads of the table in the README."""
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
WORST = ("busy",)
"""The workloads of which the worst call is told."""


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
    """One workload as Markdown, fastest first, ours in bold, without columns that are empty."""
    rows = sorted(result["rows"], key=lambda row: row["ms"])
    worst = result["workload"] in WORST
    columns = {
        "ms": [milliseconds(row["ms"]) for row in rows],
        "quartiles": [f"{milliseconds(row['low'])} to {milliseconds(row['high'])}" for row in rows],
        "to the limit": [multiple(row["ratio"]) for row in rows],
        "worst call, ms": [milliseconds(row["worst"]) if worst else "" for row in rows],
        "to the median": [multiple(row["worst"] / row["ms"]) if worst else "" for row in rows],
        "cold, ms": [milliseconds(row["cold_ms"]) if row.get("cold_ms") else "" for row in rows],
        "to the cold limit": [multiple(row.get("cold_ratio")) for row in rows],
        "against the pipeline": [agreement(row) for row in rows],
        "peak MB": [f"{row['memory'] / 1e6:.1f}" if row["memory"] else "" for row in rows],
    }
    told = {name: cells for name, cells in columns.items() if any(cells)}
    sides = ("---" if name == "against the pipeline" else "---:" for name in told)
    lines = [f"## {result['title']}", "", f"| | {' | '.join(told)} |", f"|---|{'|'.join(sides)}|"]
    for i, row in enumerate(rows):
        name = f"**{row['name']}**" if row["kind"] == "ours" else row["name"]
        lines.append(f"| {' | '.join([name, *(cells[i] for cells in told.values())])} |")
    for name, reason in result["left_out"].items():
        lines += ["", f"Left out: {name} ({reason})."]
    return "\n".join(lines) + "\n"


def multiple(ratio: float | None) -> str:
    return f"{ratio:.2f}" if ratio else ""


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
    """The workloads on one thread as multiples of the limit, `=` where the bits are equal.

    Each gives results of its own: what writes into memory that is kept is on the page.
    """
    lines = [f"| | limit, ms | {' | '.join(COLUMNS)} |", "|---|" + "---:|" * (1 + len(COLUMNS))]
    for result in results:
        if result["workload"] not in FRONT_ROWS:
            continue
        kept = ("workers=2", "out=", "memory kept")
        rows = [row for row in result["rows"] if not row["name"].endswith(kept)]
        (limit,) = (row for row in rows if row["ratio"] == 1)
        cells = [result["title"], warm_and_cold(limit, "ms", milliseconds)]
        for column, name in COLUMNS.items():
            kinds = ("by hand",) if column == "by hand" else ("ours", "peer")
            found = [r for r in rows if r["kind"] in kinds and r["name"].startswith(name)]
            best = min(found, key=lambda row: row["ms"], default=None)
            times = warm_and_cold(best, "ratio", lambda ratio: f"{ratio:.1f}") if best else ""
            cells.append(f"{times}{' =' * best['equal']}" if best else "")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def warm_and_cold(row: Result, name: str, shown: Callable[[float], str]) -> str:
    cold = row.get(f"cold_{name}")
    return shown(row[name]) + (f" / {shown(cold)}" if cold else "")


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


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    results = read(folder)
    (folder / "README.md").write_text(page(results))
    plot.draw(results, folder / "plot.png")
    if folder == RESULTS:
        FRONT.write_text(insert(FRONT.read_text(), summary(results)))
        ONNX.write_text(onnx_page(ONNX.read_text(), folder))


if __name__ == "__main__":
    main()
