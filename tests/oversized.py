"""Sources that are made to cost time, memory or output, each of the kind that its name says."""

from __future__ import annotations

HEAD = "proc 1\npipeline p\n"
MODEL = "model x: f32[n=1] -> y: f32[n=4]\noutput y\n"
_IMAGE = "input image: u8[h, w, c=3] rgb\n"
_LABELS = "let t = (\n" + ",\n".join(f'"l{k}"' for k in range(40_000)) + ")\n"


def pre(steps: str, sides: str = "h, w") -> str:
    model = f"model x: u8[{sides}, c=3] rgb -> y: f32[n=4]\noutput y\n"
    return f"{HEAD}{_IMAGE}pre {{\n{steps}}}\n{model}"


def post(steps: str, output: str = "y", axis: str = "n=4") -> str:
    model = f"model x: f32[n=1] -> y: f32[{axis}]\n"
    return f"{HEAD}{model}post {{\n{steps}}}\noutput {output}\n"


def many(line: str, count: int, join: str = "") -> str:
    """A line for each number, in the place of `#`."""
    return join.join(line.replace("#", str(k)) for k in range(count))


def back(steps: int, boxes: int) -> str:
    """Boxes that are brought back again and again, through so many steps."""
    moved = pre("flip(vertical)\n" * steps)
    heads = "b: f32[n=9, box=4] boxes(xyxy, pixels)\npost {\n"
    ways = many("b# = back_to(b, image)\n", boxes)
    outputs = many("b#", boxes, ",\n")
    return moved.replace("y: f32[n=4]\noutput y\n", f"{heads}{ways}}}\noutput {outputs}\n")


def labels(count: int) -> str:
    table = ",\n".join(f'"l{k}"' for k in range(count))
    return post(f"i = argmax(y, over=n)\nl = lookup(i, table=({table}))\n", "l", f"n={count}")


CHECKED = {
    "stray documentation": "##\n" * 100_000,
    "stray documentation in a block": pre("## x\n" * 60_000),
    "blank lines": "\n" * 999_999,
    "comments": "# x\n" * 99_999,
    "constants that double": HEAD + "let a0 = 1\n" + many("let b# = (a0, a0)\n", 30) + MODEL,
    "constants in constants": HEAD
    + "let a0 = 1\n"
    + "".join(f"let a{k + 1} = (a{k}, a{k})\n" for k in range(30))
    + MODEL,
    "constants that multiply": HEAD
    + "let a0 = 1\n"
    + "".join(f"let a{k + 1} = ({', '.join([f'a{k}'] * 1000)})\n" for k in range(6))
    + MODEL,
    "invisible characters": HEAD + "\u200b" * 9_000 + "\n" + MODEL,
    "invisible characters on lines": "\u200b\n" * 9_000,
    "a long line": HEAD + "input i: " + "?" * 100_000 + "\n",
    "signs without meaning": HEAD + ("?" * 9_000 + "\n") * 100 + MODEL,
    "errors behind a long table": HEAD + many("#,\n", 90_000) + MODEL + "?\n" * 50,
    "unknown ops": pre(many("resiz#(h=1)\n", 4_900)),
    "unknown constants": pre(many("resize(h=a#, w=b#)\n", 4_900)),
    "a slip in many places": pre("resize(h=abcdefgi, w=3, sampler=cv2.linear)\n" * 4_900).replace(
        "input", "let abcdefgh = 3\ninput", 1
    ),
    "unknown arguments": pre(f"resize({many('h#=1', 4_900, ', ' + chr(10))})\n"),
    "values that nothing takes": post(many("b# = softmax(y, over=n)\n", 4_900)),
    "outputs that are not there": HEAD + MODEL.replace("y\n", many("z#", 4_900, ",\n") + "\n"),
    "one name": HEAD + "let a = 1\n" * 4_900 + MODEL,
    "tables of one name": HEAD + _LABELS + "let u = 1\n" + "let u = t\n" * 4_000 + MODEL,
    "a table in each step": HEAD
    + _LABELS
    + post(many("l# = lookup(y, table=t)\n", 2_000)).removeprefix(HEAD),
    "parts that stand too late": HEAD + MODEL + many("let a# = #\n", 4_900),
    "three thousand pads": pre("pad(left=1, right=1, top=1, bottom=1, fill=0)\n" * 3_000),
    "sixty thousand labels": labels(60_000),
    "a thousand ways back through two thousand steps": back(2_000, 1_000),
    "functions of no module": HEAD
    + many('extern e# from "m:f#" (f32[n=4]) -> f32[n=4]\n', 2_000)
    + MODEL,
    "an axis that doubles": post("y = concat(y, y, along=n)\n" * 60),
    "a picture of 268 million pixels": pre(
        "resize(h=16384, w=16384, sampler=cv2.linear)\n", "h=16384, w=16384"
    ),
}
"""Of `check`: within two seconds, 512 MB and a page of output."""

COMPILED = {
    "a picture of 67 million pixels": pre(
        "resize(h=8192, w=8192, sampler=cv2.linear)\n", "h=8192, w=8192"
    ),
    "softmax over a hundred million": post("p = softmax(y, over=n)\n", "p", "n=100000000"),
    "four hundred flips": pre("flip(vertical)\n" * 400),
    "three thousand pads": pre("pad(left=1, right=1, top=1, bottom=1, fill=0)\n" * 3_000),
    "five hundred scales": post(many("p# = scale(y, multiply=#.5)\n", 500), many("p#", 500, ",\n")),
    "as many ways back as there may be": back(1_000, 2),
    "short ways back": back(2, 1_000),
    "two hundred inputs": HEAD
    + many("input i#: f32[a=3]\n", 200)
    + f"model {many('i#: f32[a=3]', 200, ',' + chr(10))} -> y: f32[n=4]\noutput y\n",
    "a product of large matrices": HEAD
    + "model x: f32[n=1] -> a: f32[i=2800, k=2800], b: f32[k=2800, j=2800]\n"
    + "post {\nm = matmul(a, b, over=k)\n}\noutput m\n",
    "nms of a hundred thousand boxes": HEAD
    + "model x: f32[n=1] -> b: f32[n=100000, box=4] boxes(xyxy, pixels), s: f32[n=100000] scores\n"
    + "post {\nfound = nms(b, s, iou=0.9, per=all, limit=100000)\n}\noutput found\n",
    "sixty thousand labels": labels(60_000),
}
"""Of `compile`: within ten seconds and 1 GB, beside the import of torch."""
