"""How sure a detector is of each box and class: what `decode_yolo` gives and `nms` takes.

One row for each box, along the axis `class` one number for each class. They need not sum to 1.

```proc
proc 1
pipeline example
input image: u8[h=32, w=32, c=3] rgb
model x: u8[h=32, w=32, c=3] rgb
    -> b: f32[anchor=9, box=4] boxes(xyxy, pixels), s: f32[anchor=9, class=3] scores
post {
    found = nms(b, s, score=0.25, iou=0.45, per=class, limit=5)
}
output found
```
"""

from __future__ import annotations

from procdsl.types.kind import Kind

KIND = Kind()
