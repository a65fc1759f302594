"""Pipelines that several files of tests build."""

from __future__ import annotations

CLASSIFIER = """proc 1
pipeline classifier
input image: u8[h, w, c=3] bgr
pre {
    convert(rgb)
    resize(h=32, w=48, sampler=cv2.linear)
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    layout(c, h, w)
}
model x: f32[c=3, h=32, w=48] rgb -> logits: f32[class=4]
post {
    probabilities = softmax(logits, over=class)
    confidence, prediction = max(probabilities, over=class)
    label = lookup(prediction, table=("cat", "dog", "bird", "fish"))
}
output prediction, confidence, label, probabilities
"""
DETECTOR = """proc 1
pipeline detector
input image: u8[h, w, c=3] rgb
pre {
    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=64, w=64] rgb -> raw: f32[feature=7, anchor=40]
post {
    boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)
    found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=20)
    found = back_to(found, image)
    found = clip_to(found, image)
}
output found
"""
ONE = """proc 1
pipeline one
input image: {dtype}[h, w, c=3] rgb
pre {{
    resize(h=8, w=6, sampler=cv2.linear)
    normalize(mean=0.5, std=0.25)
    layout(c, h, w)
}}
model x: f32[c=3, h=8, w=6] rgb -> logits: f32[class=4]
post {{
    probabilities = softmax(logits, over=class)
}}
output probabilities
"""
ON_U8 = ONE.replace("    normalize", "    to_float(scale=1/255)\n    normalize")
TWO = """proc 1
pipeline two
input left: u8[h, w] gray
input right: f32[h, w]
pre {
    a = flip(left, horizontal)
    b = clip(right, min=0, max=1)
}
model a: u8[h, w] gray, b: f32[h, w]
    -> y: f32[n=2], found: f32[anchor=5, box=4] boxes(xyxy, pixels) @a
post {
    best = argmax(y, over=n)
    boxes = back_to(found, left)
    boxes = clip_to(boxes, left)
}
output best, boxes
"""
