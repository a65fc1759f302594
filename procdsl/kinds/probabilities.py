"""Numbers from 0 to 1: what `softmax` and `sigmoid` give.

A model that ends in a softmax says so in its contract. A second one is then a mistake that the
checker finds (E308).

```proc
proc 1
pipeline example
input image: u8[h=32, w=32, c=3] rgb
model x: u8[h=32, w=32, c=3] rgb -> p: f32[class=4] probabilities
post {
    confidence, prediction = max(p, over=class)
}
output confidence, prediction
```
"""

from __future__ import annotations

from procdsl.types.axis import Range
from procdsl.types.kind import Kind

KIND = Kind(range=Range(0, 1))
