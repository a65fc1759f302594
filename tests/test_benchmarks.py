"""The benchmarks run, and who says that it gives the pipeline's bits does; nothing is timed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import (
    busy,
    detector_nms,
    detector_post,
    graph_sizes,
    imagenet_pil,
    labels,
    plot,
    report,
    self_check,
)
from benchmarks.harness import Run, Workload, measure
from benchmarks.jobs import photographs
from benchmarks.plot import Result

ROOT = Path(__file__).parent.parent


def results_of(script: str, folder: Path) -> list[Result]:
    """What a script writes that times nothing."""
    fast = ["--rounds", "1", "--seconds", "0", "--no-memory", "--out", str(folder)]
    subprocess.run(
        [sys.executable, "-m", f"benchmarks.{script}", *fast],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )
    found = report.read(folder)
    assert found, "no results were written"
    return found


@pytest.mark.integrations
def test_detectors_are_equal(tmp_path: Path) -> None:
    for result in results_of("detector_post", tmp_path):
        equal = {row["name"] for row in result["rows"] if row["equal"]}
        assert equal == {f"procdsl {name}" for name in ("ONNX", "numpy", "torch")}


@pytest.mark.integrations
@pytest.mark.parametrize(
    "make",
    [
        labels.best_class,
        labels.labels,
        lambda: detector_nms.workload("nms_few", 8400, 200, 0.25),
        lambda: detector_nms.workload("nms_many", 8400, 4500, 0.001),
    ],
)
def test_posts_are_equal(make: Callable[[], Workload]) -> None:
    """Who must give the reference's bits does, or the run stops; others may be of another rule."""
    work = make()
    work.contestants = [one for one in work.contestants if one.kind != "peer"]
    rows, _ = measure(work, 1, 0)
    found = {row.name: row.difference for row in rows if row.kind == "ours"}
    assert set(found) == {"procdsl numpy", "procdsl torch"}
    assert all(apart is not None and apart < 6e-8 for apart in found.values())


@pytest.mark.integrations
@pytest.mark.parametrize(
    "script",
    [
        "imagenet_cv2",
        "fixed_cost",
        pytest.param("imagenet_pil", marks=pytest.mark.slow),
        pytest.param("letterbox", marks=pytest.mark.slow),
    ],
)
def test_script_runs_and_its_rows_are_equal(script: str, tmp_path: Path) -> None:
    for result in results_of(script, tmp_path):
        kinds = {row["name"]: row["kind"] for row in result["rows"]}
        assert {f"procdsl {name}" for name in ("numpy", "cv2", "torch")} <= set(kinds)
        assert {"limit", "ours"} <= set(kinds.values())
        for row in result["rows"]:
            assert row["equal"] or row["kind"] in ("limit", "peer"), row["name"]
            assert min(row["ms"], row["cold_ms"], row["ratio"], row["cold_ratio"]) > 0, row["name"]
        page = report.page([result])
        assert "| **procdsl cv2** |" in page
        assert "| cold, ms | to the cold limit |" in page
        _, _, *front = report.summary([result]).splitlines()
        assert len(front) == (result["workload"] in report.FRONT_ROWS)
        assert all(result["title"] in row and " / " in row for row in front)


def test_pictures_differ() -> None:
    """Cold calls on one picture over and over would be warm."""
    pictures = photographs(9, 12)
    assert [picture.shape for picture in pictures] == [(9, 12, 3)] * 4
    assert len({picture.tobytes() for picture in pictures}) == 4


def test_cold_calls_are_on_each_picture_and_its_result_is_compared() -> None:
    seen: list[int] = []

    def run(picture: np.ndarray) -> np.ndarray:
        seen.append(int(picture[0]))
        return picture

    pictures = [np.full(3, i, np.float32) for i in range(3)]
    work = Workload("example", "An example", np.negative, [-picture for picture in pictures])
    work.add("ours", "ours", equal=True, prepare=np.negative)(lambda: run)
    work.add("limit", "limit")(lambda: np.negative)
    rows, _ = measure(work, 2, 0)
    made, warm, cold, compared = seen[:1], [0, 0], [0, 1, 2], [0, 1, 2]
    assert seen == made + (warm + cold) * 2 + compared
    assert all(row.cold_ms and row.cold_ratio and row.worst >= row.ms for row in rows)
    assert rows[1].cold_ratio == 1
    work.wanted = lambda picture: np.abs(picture) * (picture[0] > -2)  # the last is another
    with pytest.raises(AssertionError, match="ours does not give what the pipeline means"):
        measure(work, 1, 0)


def test_self_check_is_timed_without_the_pipeline() -> None:
    work = self_check.workload("imagenet", *self_check.TEXTS["imagenet"])
    rows, _ = measure(work, 1, 0)
    assert [row.name for row in rows] == [f"procdsl {name}" for name in ("numpy", "cv2", "torch")]


@pytest.mark.slow
def test_batches_of_a_loader_are_equal(tmp_path: Path) -> None:
    (result,) = results_of("loader", tmp_path)
    equal = [row["name"] for row in result["rows"] if row["equal"]]
    assert len(equal) == len(result["rows"]) - 1 == 6, equal


def test_one_processor_is_taken_while_a_workload_runs() -> None:
    """The other process gets as much as there is, and is ended."""
    threads, processors = torch.get_num_threads(), os.sched_getaffinity(0)
    with busy.one_taken() as other:
        assert torch.get_num_threads() == busy.THREADS
        assert len(os.sched_getaffinity(0)) <= busy.THREADS
        assert other.poll() is None
    assert other.poll() is not None
    assert (torch.get_num_threads(), os.sched_getaffinity(0)) == (threads, processors)


@pytest.mark.slow
def test_torch_runs_beside_another_process(tmp_path: Path) -> None:
    (result,) = results_of("busy", tmp_path)
    assert len(result["rows"]) == 5
    assert all(row["worst"] >= row["ms"] > 0 for row in result["rows"])
    assert "| worst call, ms | to the median |" in report.page([result])


def test_results_that_the_page_does_not_name_come_last(tmp_path: Path) -> None:
    for name in ("anew", "start_up", "imagenet_cv2"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"workload": name}))
    (tmp_path / "graph_sizes.json").write_text("{}")
    found = [result["workload"] for result in report.read(tmp_path)]
    assert found == ["imagenet_cv2", "start_up", "anew"]


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0.00751, "0.0075"), (0.144, "0.144"), (2.353, "2.35"), (99.96, "100.0"), (1504, "1504")],
)
def test_times_have_three_digits_that_count(ms: float, text: str) -> None:
    assert plot.milliseconds(ms) == text


def test_the_readme_shows_the_table_of_results() -> None:
    readme = report.FRONT.read_text(encoding="utf-8")
    table = report.summary(report.read(report.RESULTS))
    assert "| procdsl cv2 |" in table
    assert report.insert(readme, table) == readme


def test_the_page_of_onnx_shows_the_tables_of_results() -> None:
    page = report.ONNX.read_text(encoding="utf-8")
    assert report.onnx_page(page, report.RESULTS) == page
    assert page.count("| Letterbox ") == 2


def test_graphs_are_as_small_as_the_page_says() -> None:
    said = json.loads(graph_sizes.FILE.read_text())["bytes"]
    detector = graph_sizes.compiled(detector_post.TEXT)
    imagenet = imagenet_pil.pipeline("pil")
    found = {
        "YOLOv8, `pre`": graph_sizes.ours(detector, "pre"),
        "YOLOv8, `post`": graph_sizes.ours(detector, "post"),
        "ImageNet by Pillow": graph_sizes.ours(graph_sizes.compiled(imagenet), "pre"),
    }
    for title, size in found.items():
        assert size == pytest.approx(said[title]["ours"], rel=0.05), title
    for title, sizes in said.items():
        assert sizes["ours"] < sizes["exported"] / 4, title


def example() -> Workload:
    return Workload("example", "An example", lambda: np.zeros(3, np.float32))


def test_wrong_result_stops_the_run() -> None:
    work = example()
    work.add("wrong", "ours", equal=True)(lambda: lambda: np.full(3, 1e-30, np.float32))
    with pytest.raises(AssertionError, match="wrong does not give what the pipeline means"):
        measure(work, 1, 0)


def test_result_of_another_sign_of_zero_is_not_equal() -> None:
    work = example()
    work.add("minus zero")(lambda: lambda: -np.zeros(3, np.float32))
    (row,), _ = measure(work, 1, 0)
    assert not row.equal


def test_missing_peer_is_left_out_with_the_reason() -> None:
    work = example()

    def missing() -> Run:
        raise ModuleNotFoundError("No module named 'missing'")

    work.add("missing")(missing)
    work.add("right", equal=True)(lambda: lambda: [np.zeros(3, np.float32)])
    rows, left_out = measure(work, 2, 0)
    assert [row.name for row in rows] == ["right"]
    assert left_out == {"missing": "ModuleNotFoundError: No module named 'missing'"}
    work.contestants[0] = work.contestants[0].__class__("missing", "ours", missing, False, "")
    with pytest.raises(ModuleNotFoundError):
        measure(work, 1, 0)


def test_ratio_is_to_the_faster_limit() -> None:
    work = Workload("start_up", "Two limits")
    work.add("slow", "limit")(lambda: lambda: sum(range(20_000)))
    work.add("fast", "limit")(lambda: lambda: None)
    work.add("ours", "ours")(lambda: lambda: sum(range(40_000)))
    rows, _ = measure(work, 3, 0)
    ratios = {row.name: row.ratio for row in rows}
    assert ratios["fast"] == 1
