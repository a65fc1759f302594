"""Rectangles in pixels: their corners (x1, y1) and (x2, y2), along an axis `box=4`.

`decode_yolo` gives boxes, `nms` takes them, `back_to` and `clip_to` bring them to the pixels of an
input; that they leave a pipeline in other pixels is a mistake that the checker finds (E317).
`@x` behind the type says that they are in the pixels of the model's input x.

```proc
proc 1
pipeline example
input image: u8[h, w, c=3] rgb
pre {
    resize(h=32, w=32, sampler=cv2.linear)
}
model x: u8[h=32, w=32, c=3] rgb -> b: f32[anchor=9, box=4] boxes @x
post {
    b = back_to(b, image)
}
output b
```
"""

from __future__ import annotations

from procdsl.types.kind import Kind

KIND = Kind(back="back_to")
