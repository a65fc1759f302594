"""Places in a picture, two numbers along a last axis `xy=2`: x to the right, then y downwards.

`points(xy, pixels)` are in pixels of the model's input, as the corners of boxes are: 0 is the edge
of the picture, and the middle of its first pixel is 0.5. Key points, corners of polygons and clicks
are points, in any number of axes: `f32[person, joint=17, xy=2]`. `back_to` brings them to the
picture, `forward_to` to where `pre` has put its pixels. What has more numbers to a point, such as
how sure it is, is taken apart before.

That points leave a pipeline in other pixels than an input's is a mistake that the checker finds
(E317). `@x` behind the type says that they are in the pixels of the model's input x.

```proc
proc 1
pipeline example
input image: u8[h, w, c=3] rgb
pre {
    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)
}
model x: u8[h=64, w=64, c=3] rgb -> joints: f32[joint=17, xy=2] points(xy, pixels) @x
post {
    joints = back_to(joints, image)
}
output joints
```
"""

from __future__ import annotations

from procdsl.types.kind import Kind

KIND = Kind(dtypes=("f32",), says=(("xy",), ("pixels",)), back="back_to")
