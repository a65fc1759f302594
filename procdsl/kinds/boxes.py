"""Rectangles, four numbers along an axis `box=4`; the type says in what form and unit.

`boxes(xyxy, pixels)` are corners (x1, y1) and (x2, y2) in pixels of the model's input: what
`decode_yolo` gives, and what `nms`, `back_to`, `clip_to` and `untile_boxes` take. The other forms
are `xywh` (corner x1, y1 and size), `cxcywh` (centre and size), `yxyx` (corners, y first) and
`ltrb` (from a point to the left, top, right and bottom); the other unit is `unit`, 0..1 of the
model's input. `convert_boxes` makes one of another, except for `ltrb`, which are no boxes without
their points.

What says `boxes` alone is taken by `nms` only, which compares corners: behind it they are
`boxes(xyxy, pixels)`.

That boxes leave a pipeline in other pixels than an input's is a mistake that the checker finds
(E317). `@x` behind the type says that they are in the pixels of the model's input x, `@image` that
they are in those of the original picture: DETR's are in 0..1 of it, without the border of a batch.

```proc
proc 1
pipeline example
input image: u8[h, w, c=3] rgb
pre {
    resize(h=32, w=32, sampler=cv2.linear)
}
model x: u8[h=32, w=32, c=3] rgb -> b: f32[anchor=9, box=4] boxes(xyxy, pixels) @x
post {
    b = back_to(b, image)
}
output b
```
"""

from __future__ import annotations

from procdsl.types.kind import Kind

KIND = Kind(
    says=(("xyxy", "xywh", "cxcywh", "yxyx", "ltrb"), ("pixels", "unit")),
    back="back_to",
)
