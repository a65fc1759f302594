"""Whether something is there, for each pixel or number: what `threshold` gives.

Of bool it is true and false. Of another dtype it has the numbers of its source, 0 and 255 or 0 and
1; `threshold(above=127)` or `threshold(above=0.5)` makes bool of them.

```proc
proc 1
pipeline example
input image: u8[h=32, w=32, c=3] rgb
model x: u8[h=32, w=32, c=3] rgb -> p: f32[h=32, w=32] probabilities
post {
    m = threshold(p, above=0.5)
}
output m
```
"""

from __future__ import annotations

from procdsl.types.dtypes import DTYPES
from procdsl.types.kind import Kind

KIND = Kind(dtypes=DTYPES, decided=True)
