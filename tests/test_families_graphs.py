"""The families in torch: what is scripted, exported and compiled gives what the module gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
import torch
from family import built
from test_families_masks import SIZE, rcnn, yolo
from test_families_points import heatmaps
from test_families_segments import queries

pytestmark = pytest.mark.slow

GIVEN: Mapping[str, Mapping[str, np.ndarray]] = {
    "yolo_seg": yolo(),
    "yolo_seg_native": yolo(),
    "mask_rcnn": rcnn(),
    "mask_rcnn_detectron2": rcnn(),
    "maskformer": queries("maskformer", (0, 1, 2, 0, 4)),
    "detr_panoptic": queries("detr_panoptic", (2, 1, 2, 2, 4)),
    "flow": {"motion": np.linspace(-3, 3, 192, dtype=np.float32).reshape(2, 8, 12)},
    "hrnet_quarter": {"heatmaps": heatmaps(2)},
    "hrnet_dark": {"heatmaps": heatmaps(2)},
    "hrnet_udp": {"heatmaps": heatmaps(2)},
}


def flat(found: Any) -> Iterator[torch.Tensor]:
    """All tensors of a result, which may be a dict or a tuple of tuples."""
    for part in found.values() if isinstance(found, dict) else found:
        if isinstance(part, torch.Tensor):
            yield part
        else:
            yield from flat(part)


@pytest.mark.parametrize("family", GIVEN)
def test_a_graph_gives_what_is_scripted(family: str) -> None:
    """With room for what is found; floats within the bound of torch's bilinear."""
    post = built(family).modules["torch"].Postprocess()
    batch = tuple(torch.from_numpy(np.stack([x, x[::-1]])) for x in GIVEN[family].values())
    wanted = list(flat(torch.jit.script(post)(*batch, SIZE)))
    exported: Any = torch.export.export(post, (*batch, SIZE)).module()
    compiled = torch.compile(post, fullgraph=True, backend="aot_eager")
    for graph in (exported, compiled):
        found = list(flat(graph(*batch, SIZE)))
        assert len(found) == len(wanted)
        for x, y in zip(found, wanted, strict=True):
            assert x.dtype == y.dtype
            assert torch.allclose(x.double(), y.double(), rtol=1e-6, atol=1e-5)
