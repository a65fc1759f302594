"""Motion of each place of a map: a vector along an axis `xy=2`, to the right and then downwards.

`flow(xy, pixels)` has its vectors in pixels of the model's input, whatever the resolution of the
map f32[xy=2, h, w] is; what a model gives in places of a map of an eighth is `scale(multiply=8)`
away from it. `back_to(flow, image, sampler=torch.bilinear)` brings the map to the size of the
picture, as any map, and the vectors to its pixels: a picture that was halved moves twice as far, a
mirrored one the other way. What is declared as a map without this kind keeps its vectors.

That a flow leaves a pipeline in other pixels than an input's is a mistake that the checker finds
(E317).

```proc
proc 1
pipeline example
input image: u8[h, w, c=3] rgb
pre {
    resize(h=32, w=48, sampler=cv2.linear)
}
model x: u8[h=32, w=48, c=3] rgb -> motion: f32[xy=2, h=8, w=12] flow(xy, pixels)
post {
    motion = back_to(motion, image, sampler=torch.bilinear)
}
output motion
```

"""

from __future__ import annotations

from procdsl.types.kind import Kind

KIND = Kind(dtypes=("f32",), says=(("xy",), ("pixels",)), back="back_to")
