"""Results on the picture that they are of, drawn by the library `supervision`."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from procdsl.ir.pipeline import Pipeline, Value
from procdsl.lazy import np
from procdsl.lower.lower import counted
from procdsl.types.array import Array
from procdsl.types.value import Record


def check_installed() -> None:
    """An ImportError that says what is missing."""
    for library in ("supervision", "cv2"):
        if importlib.util.find_spec(library) is None:
            raise ImportError(
                f"drawing needs {library}, which is not installed: pip install 'procdsl[draw]'",
                name=library,
            )


def drawn(picture: np.ndarray, pipeline: Pipeline, found: Mapping[str, Any]) -> np.ndarray:
    """A picture, u8[h, w, 3] in RGB, with what was found in it: masks and maps of classes of its
    size, boxes and points in its pixels with names and scores, and what is one text or number.

    Args:
        picture: the picture that coordinates of the results are in the pixels of
        pipeline: the pipeline that gave them
        found: its results by name, with numpy's arrays
    """
    check_installed()
    scene = np.ascontiguousarray(picture[:, :, ::-1])
    values = pipeline.outputs or pipeline.model.outputs
    placed = [(value, found[value.name]) for value in values]
    for masks, ids in _masks(placed, picture.shape[:2]):
        scene = _with_masks(scene, masks, ids)
    names, used = _names(pipeline, placed)
    for value, boxes, scores, classes in _boxes(placed):
        scene = _with_boxes(scene, boxes, scores, classes, names.get(value.number))
    for points in _points(placed):
        scene = _with_points(scene, points)
    scene = _with_lines(scene, list(_lines(placed, used)))
    return np.ascontiguousarray(scene[:, :, ::-1])


Placed = Sequence[tuple[Value, Any]]
"""Results, each with the value that it is."""


def _arrays(value: Value, data: Any) -> list[tuple[str, Array, Any]]:
    """The arrays of a value, by the names of its fields."""
    if isinstance(value.type, Record):
        return [(name, array, data[name]) for name, array in value.type.fields]
    return [("", value.type, data)] if isinstance(value.type, Array) else []


def _in_picture(array: Array, kind: str, form: str) -> bool:
    """Whether they are such coordinates, in the pixels of a whole picture."""
    whole = array.space is None or array.space.parent is None
    return array.kind == kind and array.says == (form, "pixels") and whole


def _masks(placed: Placed, size: tuple[int, ...]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Masks [n, h, w] of the picture's size, and what each is coloured by."""
    for value, data in placed:
        for _, array, found in _arrays(value, data):
            if array.names[-2:] != ("h", "w") or found.shape[-2:] != size or found.ndim > 3:
                continue
            if array.dtype == "bool":
                masks = found.reshape(-1, *size)
                yield masks, np.arange(len(masks))
            elif array.kind == "ids" and found.ndim == 2:
                ids = np.unique(found)
                yield found == ids[:, None, None], ids


def _names(pipeline: Pipeline, placed: Placed) -> tuple[dict[int, list[str]], set[str]]:
    """For the number of a value with boxes the names of these; and which results they are."""
    origins = counted(pipeline)
    names: dict[int, list[str]] = {}
    used = set()
    for value, boxes, *_ in _boxes(placed):
        for other, texts in placed:
            same = origins.get(other.number) == origins.get(value.number) is not None
            if same and isinstance(texts, list) and len(texts) == len(boxes):
                names.setdefault(value.number, texts)
                used.add(other.name)
    return names, used


def _boxes(
    placed: Placed,
) -> Iterator[tuple[Value, np.ndarray, np.ndarray | None, np.ndarray | None]]:
    """Boxes (x1, y1, x2, y2), with their scores and classes where these are beside them."""
    for value, data in placed:
        fields = {name: found for name, _, found in _arrays(value, data)}
        for _, array, found in _arrays(value, data):
            if _in_picture(array, "boxes", "xyxy"):
                boxes = found.reshape(-1, 4)
                there = np.isfinite(boxes).all(axis=1)
                scores, ids = fields.get("scores"), fields.get("classes")
                if there.all() or scores is None or ids is None:
                    yield value, boxes[there], scores, ids
                else:
                    yield value, boxes[there], scores[there], ids[there]


def _points(placed: Placed) -> Iterator[np.ndarray]:
    """Points (x, y), as [objects, points, 2]."""
    for value, data in placed:
        for _, array, found in _arrays(value, data):
            if _in_picture(array, "points", "xy"):
                yield found.reshape(-1, found.shape[-2] if found.ndim > 1 else 1, 2)


def _lines(placed: Placed, used: set[str]) -> Iterator[str]:
    """What is one text or number, and lists of texts that are no names of boxes."""
    for value, data in placed:
        if isinstance(data, str):
            yield f"{value.name}: {data}"
        elif isinstance(data, list) and value.name not in used:
            yield f"{value.name}: {', '.join(data)}"
        elif isinstance(value.type, Array) and not value.type.axes:
            number = float(data)
            yield f"{value.name}: {number:.4g}"


# By the library


def _letters(scene: np.ndarray) -> int:
    """How high the letters are in a picture, in pixels."""
    return max(10, min(scene.shape[:2]) // 40)


def _label(scene: np.ndarray, found: Any, texts: Sequence[str]) -> np.ndarray:
    """Texts above the boxes that they are of."""
    import supervision as sv

    annotator = sv.RichLabelAnnotator(
        font_size=_letters(scene), text_padding=2, smart_position=True
    )
    return np.asarray(annotator.annotate(scene, found, list(texts)))


def _with_masks(scene: np.ndarray, masks: np.ndarray, ids: np.ndarray) -> np.ndarray:
    import supervision as sv

    there = masks.any(axis=(1, 2))
    if not there.any():
        return scene
    masks = masks[there]
    found = sv.Detections(sv.mask_to_xyxy(masks).astype(float), mask=masks, class_id=ids[there])
    return np.asarray(sv.MaskAnnotator().annotate(scene, found))


def _with_boxes(
    scene: np.ndarray,
    boxes: np.ndarray,
    scores: np.ndarray | None,
    ids: np.ndarray | None,
    names: Sequence[str] | None,
) -> np.ndarray:
    import supervision as sv

    if not len(boxes):
        return scene
    classes = np.zeros(len(boxes), int) if ids is None else ids
    found = sv.Detections(boxes, confidence=scores, class_id=classes)
    thickness = max(1, min(scene.shape[:2]) // 300)
    scene = np.asarray(sv.BoxAnnotator(thickness=thickness).annotate(scene, found))
    said = names or ["" if ids is None else f"class {i}" for i in classes]
    if scores is not None:
        said = [f"{name} {score:.2f}" for name, score in zip(said, scores, strict=True)]
    return _label(scene, found, said) if any(said) else scene


def _with_points(scene: np.ndarray, points: np.ndarray) -> np.ndarray:
    import supervision as sv

    there = np.isfinite(points).all(axis=-1)
    for each, visible in zip(points, there, strict=True):
        if visible.any():
            found = sv.KeyPoints(each[None, visible].astype(np.float32))
            scene = np.asarray(sv.VertexAnnotator(radius=3).annotate(scene, found))
    return scene


def _with_lines(scene: np.ndarray, lines: Sequence[str]) -> np.ndarray:
    """Lines of text in the top left corner: labels of boxes that have no size."""
    import supervision as sv

    if not lines:
        return scene
    tops = np.arange(1, len(lines) + 1) * (_letters(scene) + 8.0)
    corners = np.stack([np.zeros_like(tops), tops, np.ones_like(tops), tops + 1], axis=1)
    found = sv.Detections(corners, class_id=np.zeros(len(lines), int))
    return _label(scene, found, lines)
