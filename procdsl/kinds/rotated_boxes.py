"""Rectangles turned about their middle: five numbers along an axis `box=5`.

`rotated_boxes(cxcywh, radians)` are the centre and the size, in pixels of the model's input, and
the angle by which the rectangle is turned, from the x axis towards the y axis, which points
downwards: clockwise for who looks at the picture, as Ultralytics and MMRotate have it. What
`decode_obb` gives, and what `nms_rotated` and `polygons` take.

`back_to` does not take them: where a letterbox rounds the sides of a picture, its two scales
differ, and a turned rectangle becomes one no longer. `polygons` gives their corners as points,
which `back_to` brings to the picture. That rotated boxes leave a pipeline in other pixels than an
input's is a mistake that the checker finds (E317).

```proc
proc 1
pipeline example
input image: u8[h, w, c=3] rgb
pre {
    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)
}
model x: u8[h=64, w=64, c=3] rgb -> b: f32[anchor=9, box=5] rotated_boxes(cxcywh, radians) @x
post {
    corners = polygons(b)
    corners = back_to(corners, image)
}
output corners
```

They are f32.
"""

from __future__ import annotations

from procdsl.types.kind import Kind

KIND = Kind(
    dtypes=("f32",), says=(("cxcywh",), ("radians",)), back="back_to", brought_as="polygons"
)
