"""Whole numbers that each stand for something, such as a class: what `argmax` and `max` give.

`lookup` tells what they stand for. A step never makes an id a little wrong: it is the right one or
another one, so that no error bound is followed through it.

```proc
proc 1
pipeline example
input image: u8[h=32, w=32, c=3] rgb
model x: u8[h=32, w=32, c=3] rgb -> y: f32[class=2]
post {
    i = argmax(y, over=class)
    label = lookup(i, table=("cat", "dog"))
}
output i, label
```
"""

from __future__ import annotations

from procdsl.types.kind import Kind

KIND = Kind(decided=True)
