"""What a model gives before a softmax or a sigmoid: any numbers, the larger the likelier.

`softmax` and `sigmoid` make probabilities of them. Of what is declared to be logits neither is
doubted; of probabilities both are (E308).

```proc
proc 1
pipeline example
input image: u8[h=32, w=32, c=3] rgb
model x: u8[h=32, w=32, c=3] rgb -> y: f32[class=4] logits
post {
    p = softmax(y, over=class)
}
output p
```
"""

from __future__ import annotations

from procdsl.types.kind import Kind

KIND = Kind()
