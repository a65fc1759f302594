"""Families of models that answer with texts, names, tags, or a score: each backend and the graph in
ONNX Runtime against plain numpy, written from what the named libraries document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np
import pytest
import torch
from documents import ROOT
from onnx_graphs import Graph, graphs
from support import BACKENDS, Built, run_post

from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.lower.lower import sizes_of
from procdsl.workspace import pipelines

FAMILIES = ROOT / "tests" / "families"
SIZE = (90, 120)
LETTERS = ["|", "A", "C", "T", "HE"]


@cache
def built(name: str) -> Built:
    pipeline, found = pipelines.read(str(FAMILIES / f"{name}.proc"), {})
    assert pipeline is not None, found
    files = generate(pipeline, BACKENDS, options=Options(format=False))
    modules = {b: load(files[f"{name}_{b}.py"], f"family_{name}_{b}") for b in BACKENDS}
    return Built(pipeline, modules, files)


@cache
def graph_of(name: str) -> Graph:
    return Graph(graphs(built(name).pipeline)["post"])


def listed(name: str) -> list[str]:
    return (FAMILIES / name).read_text(encoding="utf-8").splitlines()


def check(name: str, given: np.ndarray, wanted: Mapping[str, Any], bound: float = 0) -> None:
    """What each module gives, torch's in a batch, too; and the graph, whose texts are ids."""
    pipeline = built(name).pipeline
    (output,) = pipeline.model.outputs
    sizes = [SIZE] * len(sizes_of(pipeline.post))
    for backend, module in built(name).modules.items():
        found = run_post(module, {output.name: given}, sizes)
        for key, value in wanted.items():
            alike(found[key], value, bound, f"{backend} {key}")
    batch = torch.from_numpy(np.stack([np.zeros_like(given), given]))
    found = (
        built(name).modules["torch"].Postprocess()(batch, *(torch.tensor([s, s]) for s in sizes))
    )
    for key, value in wanted.items():
        alike(as_arrays(getattr(found, key)[1]), value, bound, f"torch's batch {key}")
    fed = {output.name: batch.numpy()}
    fed |= {"image_size": np.array([SIZE] * 2)} if sizes else {}
    results = {key: x[1] for key, x in graph_of(name)(fed).items()}
    lookups: dict[str, Any] = {
        s.outputs[0].name: s.op for s in pipeline.post if s.op.name == "lookup"
    }
    for key, value in wanted.items():
        count = results.get(f"{key}.counts")
        if isinstance(value, dict):
            fields = {n: results[f"{key}.{n}"][: int(count)] for n in value}  # type: ignore[arg-type]
            alike(fields, value, bound, f"graph {key}")
            assert not results[f"{key}.scores"][int(count) :].any()  # type: ignore[arg-type]
        elif key in lookups:
            ids = results[key] if count is None else results[key][: int(count)]
            texts = [lookups[key].table[i] for i in np.atleast_1d(ids)]
            if lookups[key].join is not None:
                assert lookups[key].join.join(texts) == value, f"graph {key}"
            else:
                assert (texts if ids.ndim else texts[0]) == value, f"graph {key}"
        else:
            alike(results[key], value, bound, f"graph {key}")


def as_arrays(found: Any) -> Any:
    if hasattr(found, "_asdict"):
        return {name: as_arrays(value) for name, value in found._asdict().items()}
    return found.numpy() if isinstance(found, torch.Tensor) else found


def alike(found: Any, wanted: Any, bound: float, what: str) -> None:
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            alike(found[name], value, bound, f"{what}.{name}")
    elif isinstance(wanted, str | list):
        assert found == wanted, what
    elif np.asarray(wanted).dtype.kind == "f":
        np.testing.assert_allclose(found, wanted, rtol=0, atol=bound, err_msg=what)
    else:
        np.testing.assert_array_equal(found, wanted, err_msg=what)


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(np.asarray(x, np.float64) - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def spelled(ids: list[int], classes: int, seed: int) -> np.ndarray:
    """Logits [step, class] whose largest are these."""
    x = np.random.default_rng(seed).normal(0, 1, (len(ids), classes))
    x[np.arange(len(ids)), ids] = x.max(1) + np.linspace(0.3, 2, len(ids))
    return x.astype(np.float32)


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ([0, 1, 1, 0, 1, 0, 12, 12, 11, 14, 13, 0], '00éa "'),
        ([0] * 12, ""),
        ([5] * 12, "4"),
        ([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], '23456789aé" '),
    ],
)
def test_a_line_of_pp_ocr(ids: list[int], text: str) -> None:
    """PaddleOCR's `CTCLabelDecode`: steps whose id is not 0, nor that of the step before; the mean
    of the largest probabilities of these, of none 0."""
    probabilities = softmax(spelled(ids, 15, len(text))).astype(np.float32)
    largest = probabilities.max(1)
    selection = [i for i, x in enumerate(ids) if x and (not i or ids[i - 1] != x)]
    characters = ["blank", *listed("ctc_line.txt")]
    assert "".join(characters[ids[i]] for i in selection) == text
    kept = largest[selection].astype(np.float64)
    wanted = {
        "text": text,
        "confidence": np.float32(kept.mean() if selection else 0),
        "found": {
            "ids": np.array([ids[i] - 1 for i in selection], int),
            "scores": largest[selection],
        },
    }
    check("ctc_line", probabilities, wanted, 1e-7)


@pytest.mark.parametrize("frames", [0, 1, 5, 40])
def test_speech_of_any_length(frames: int) -> None:
    """transformers' `Wav2Vec2CTCTokenizer`: `groupby` of the ids, without the pad token, a blank
    for `|`."""
    logits = np.random.default_rng(frames).normal(0, 2, (frames, 6)).astype(np.float32)
    grouped = [token for token, _ in groupby(logits.argmax(1).tolist())]
    text = "".join(LETTERS[t] for t in grouped if t != 5).replace("|", " ")
    if frames:
        check("ctc_speech", logits, {"text": text})
    else:
        for backend, module in built("ctc_speech").modules.items():
            assert run_post(module, {"logits": logits}, [])["text"] == "", backend


@pytest.mark.parametrize("end", [0, 1, 7, 25, 26])
def test_a_crop_of_parseq(end: int) -> None:
    """`Tokenizer._filter`: ids up to the first `[E]`, which is 0, and the probabilities with that
    of it; their product is the confidence."""
    rng = np.random.default_rng(end)
    ids = [*rng.integers(1, 17, end), *[0] * (end < 26), *rng.integers(0, 17, max(0, 25 - end))]
    logits = spelled(list(map(int, ids)), 17, end)
    probabilities = softmax(logits).astype(np.float32).astype(np.float64).max(1)
    text = "".join("E0123456789abcdef"[i] for i in ids[:end])
    confidence = np.float32(probabilities[: end + 1].prod())
    check("parseq", logits, {"text": text, "confidence": confidence}, 1e-6)


@pytest.mark.parametrize("peak", [0.0, 19.0, 20.5, 60.0])
def test_a_map_of_anomalies(peak: float) -> None:
    """anomalib's `PostProcessor`: the score is the largest of the map; what is above the threshold,
    over (max - min), and 0.5, cut to 0..1; above 0.5 is anomalous."""
    anomaly_map = np.random.default_rng(3).uniform(0, 1.4, (64, 64)).astype(np.float32)
    anomaly_map[20:24, 30:36] += np.float32(peak)
    normalized = np.clip((anomaly_map.astype(np.float64) - 1.5) / 36.75 + 0.5, 0, 1)
    resized = torch.nn.functional.interpolate(
        torch.from_numpy(normalized.astype(np.float32))[None, None], SIZE, mode="bilinear"
    )[0, 0].numpy()
    wanted = {
        "score": np.float32(normalized.max()),
        "anomalous": np.array(normalized.max() > 0.5),
        "m": resized,
    }
    check("anomalib", anomaly_map, wanted, 3e-7)
    mask = run_post(built("anomalib").modules["numpy"], {"anomaly_map": anomaly_map}, [SIZE])[
        "mask"
    ]
    certain = np.abs(resized - 0.5) > 1e-6
    assert np.array_equal(mask[certain], resized[certain] > 0.5)
    assert mask.any() == (peak > 0)


@pytest.mark.parametrize("seed", range(3))
def test_tags_of_a_picture(seed: int) -> None:
    """WD tagger's demo: the rating by argmax; the names whose probability is above the threshold of
    their category, sorted from the largest down."""
    names = list(json.loads((FAMILIES / "wd_tagger.json").read_text()).values())
    p = np.random.default_rng(seed).uniform(0, 1, 12).astype(np.float32)
    p[5], p[10] = np.float32(0.35), np.float32(0.9)  # of which the first is not above it

    def best(first: int, last: int, bound: float) -> dict[str, np.ndarray]:
        above = [i for i in range(last - first) if p[first + i] > np.float32(bound)]
        above.sort(key=lambda i: -p[first + i])
        return {"scores": p[first:last][above], "classes": np.array(above, int)}

    everything = {name: x[:5] for name, x in best(0, 12, 0.35).items()}
    wanted = {
        "sure": p[:4].max(),
        "rating_name": names[p[:4].argmax()],
        "general": best(4, 10, 0.35),
        "characters": best(10, 12, 0.85),
        "everything": everything,
        "names_of_all": [names[i] for i in everything["classes"]],
    }
    check("wd_tagger", p, wanted)


def test_the_five_best_by_name() -> None:
    """torchvision's `weights.meta["categories"]` of `softmax().topk(5)`."""
    logits = np.array([0.5, 2, -1, 2, 7, 3, -2, 0], np.float32)
    order = np.argsort(-logits, kind="stable")[:5]
    wanted = {
        "names": [listed("top5.txt")[i] for i in order],
        "confidence": softmax(logits)[order],
        "prediction": order,
    }
    assert wanted["names"] == ["hen", "crane", "goldfish", "great white shark", "tench"]
    check("top5", logits, wanted, 1e-7)
