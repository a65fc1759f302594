"""Parts of a file that the checker puts together: branches, externs, lets, params, used files."""

from __future__ import annotations

from checking import FLOAT, codes, edits, text
from support import compiled

from procdsl.checker.check import check
from procdsl.checker.uses import CannotUse
from procdsl.diagnostics.diagnostic import Severity, apply
from procdsl.ir.pipeline import Branch
from procdsl.ir.unparse import unparse
from procdsl.source import Source


def test_train_and_serve_in_any_order_and_one_alone() -> None:
    serve_first = text("serve {\nflip(vertical)\n}", "train {\nflip(horizontal)\n}")
    pipeline = compiled(serve_first)
    (branch,) = pipeline.pre
    assert isinstance(branch, Branch)
    assert [str(s.op) for s in branch.train] == ["Flip(direction='horizontal')"]
    alone = compiled(text("train {\nflip(vertical)\n}", "flip(horizontal)"))
    assert [s.op.name for s in alone.serving()] == ["flip"]
    assert [s.op.name for s in alone.training()[0]] == ["flip", "flip"]


def test_branches_that_scale_differently() -> None:
    source = text(
        f"train {{\n{FLOAT}\n}}",
        "serve {\nto_float(scale=1)\n}",
        model="f32[h, w, c=3] rgb",
    )
    assert codes(source) == ["E313"]


def test_random_steps_are_checked_and_warned_of() -> None:
    source = text("train {\nrandom_flip(horizontal, p=0.5)\n}")
    assert codes(source) == ["E401"]
    checked = check(Source("p.proc", source))
    assert [d.severity for d in checked.diagnostics] == [Severity.WARNING]
    assert checked.pipeline is not None
    assert checked.pipeline.has_train
    assert not checked.pipeline.generates_train
    assert codes(text("serve {\nrandom_flip(horizontal, p=0.5)\n}")) == ["E314"]
    assert "E211" in codes(text("train {\nrandom_flip(horizontal, p=1.5)\n}"))


EXTERN = 'extern denoise from "shop:denoise" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb\n'


def test_externs_are_checked() -> None:
    assert codes(text("denoise()", head=EXTERN)) == []
    assert "E312" in codes(text("denoise()", head=EXTERN, image="u8[h, w, c=3] bgr"))
    assert codes(text("denoise(strength=3)", head=EXTERN)) == ["E202"]
    assert codes(text(head=EXTERN)) == ["E208"]
    assert "E207" in codes(text("denoise()", head=EXTERN + EXTERN))


def test_an_extern_stands_before_an_op_of_its_name() -> None:
    """So a file stays as it is when the language gets an op of the name that it uses."""
    for op in ("resize", "back_to", "decode", "stack"):
        head = EXTERN.replace("denoise from", f"{op} from")
        assert codes(text(f"{op}()", head=head)) == []
        assert codes(text(f"{op}(h=3)", head=head)) == ["E202"]
        assert codes(text(f"{op}()", head=head, image="u8[h, w, c=3] bgr")) == ["E312"]


def test_lets_may_use_lets_and_words() -> None:
    head = "let a = 4\nlet s = cv2.linear\nlet both = (a, 3)\nlet colour = bgr\n"
    source = text(
        "convert(colour)",
        "resize(h=a, w=a, sampler=s)",
        "pad(top=1, fill=f)",
        head=head.replace("let both = (a, 3)", "let f = (a, a, 7)"),
        model="u8[h=5, w=a, c=3] bgr",
    )
    assert codes(source) == []


def test_params_are_set_from_outside() -> None:
    source = text(
        "resize(h=size, w=size, sampler=s)",
        head="param size = 4\nparam s = cv2.linear\n",
        model="u8[h=size, w=size, c=3] rgb",
    )
    checked = check(Source("p.proc", source), settings={"size": "8", "s": "pil.bicubic"})
    assert checked.pipeline is not None
    assert checked.pipeline.model.inputs[0].type.shape == (8, 8, 3)  # type: ignore[union-attr]
    assert [(p.value, p.default) for p in checked.pipeline.params] == [
        (8, 4),
        ("pil.bicubic", "cv2.linear"),
    ]
    for settings in ({"size": "8.5"}, {"size": "(8)"}, {"siz": "8"}, {"size": "8\nlet b = 1"}):
        assert codes(source, settings=settings) == ["E219"]


def test_used_files() -> None:
    files = {
        "common.proc": "proc 1\nuse 'deeper.proc'\nlet side = depth\n".replace("'", '"'),
        "deeper.proc": "proc 1\nlet depth = 6\nlet hidden = 7\n",
        "circle.proc": 'proc 1\nuse "circle.proc"\nlet side = 5\n',
        "broken.proc": "proc 1\nlet side = (1\n",
    }

    def load(user: Source, path: str) -> Source:
        if path not in files:
            raise CannotUse(f"{path} does not exist")
        return Source(path, files[path])

    source = text(
        "resize(h=side, w=side, sampler=cv2.linear)",
        head='use "common.proc"\n',
        model="u8[h=6, w=6, c=3] rgb",
    )
    checked = check(Source("p.proc", source), load)
    assert checked.pipeline is not None
    assert [used.name for used in checked.pipeline.used] == ["common.proc", "deeper.proc"]
    for other, expected in (
        ("circle.proc", "E220"),
        ("missing.proc", "E220"),
        ("broken.proc", "E102"),
    ):
        assert expected in codes(source.replace("common.proc", other), load=load)
    hidden = source.replace("h=side", "h=hidden")
    assert "E206" in codes(hidden, load=load)


def test_axes_in_parentheses_beside_a_line_that_does_not_parse() -> None:
    """What they are may stand in that line, so nothing more is said."""
    for step in ("layout((c, h, w))", "layout(c, (h, w))"):
        source = f"proc 1\npipeline p\ninput image: u8[h=9, w=9, c=3] rgb\npre {{\n{step}\n}}\n"
        assert codes(source + "model x: f32[c=, h=9, w=9] rgb -> y: f32[n=2]\n") == ["E104"]


def test_several_inputs_are_fed_by_name() -> None:
    source = """proc 1
pipeline p
input left: u8[h, w] gray
input right: u8[h, w] gray
pre {
    both = flip(left, vertical)
    right = flip(right, vertical)
}
model both: u8[h, w] gray, right: u8[h, w] gray -> y: f32[n=2]
"""
    pipeline = compiled(source)
    assert [value.name for value in pipeline.fed] == ["both", "right"]
    assert codes(source.replace("model both", "model neither")) == ["E208", "E221"]


def test_a_discarded_result() -> None:
    source = "proc 1\npipeline p\nmodel x: f32[n=1] -> y: f32[n=4]\n"
    source += "post {\n_, best = max(y, over=n)\n}\noutput best\n"
    assert codes(source) == []
    assert codes(source.replace("output best", "output best, _")) == ["E206"]
    assert codes(text(head="let _ = 3\n")) == ["E113"]
    assert "E113" in codes(text().replace("image", "_"))
    assert "E113" in codes(text().replace("-> y", "-> _"))


def test_boxes_declared_by_the_contract() -> None:
    source = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    resize(h=32, w=32, sampler=cv2.linear)
}
model x: u8[h=32, w=32, c=3] rgb -> boxes: f32[anchor=5, box=4] boxes(xyxy, pixels)
post {
    boxes = back_to(boxes, image)
}
output boxes
"""
    assert codes(source) == []
    without = source.replace("post {\n    boxes = back_to(boxes, image)\n}\n", "")
    assert codes(without) == ["E317"]


def test_unparse_gives_the_same_pipeline() -> None:
    for source in (
        text(FLOAT, "normalize(mean=(1/3, 0.5, 0.25), std=2)", model="f32[h, w, c=3] rgb"),
        text("train {\nflip(vertical)\n}", "serve {\nflip(horizontal)\n}"),
        text("crop(center, h=4, w=4)", "layout(c, h, w)", model="u8[c=3, h=4, w=4] rgb"),
    ):
        pipeline = compiled(source)
        written = unparse(pipeline)
        assert compiled(written) == pipeline
        assert unparse(compiled(written)) == written


def test_a_use_that_stands_too_late_is_moved_whole() -> None:
    source = Source("p.proc", text().replace("model x", 'use "common.proc"\nmodel x'))

    def load(_: Source, path: str) -> Source:
        return Source(path, "proc 1\nlet a = 1\n")

    (late,) = check(source, load).diagnostics
    assert (late.code, late.span.text) == ("E114", 'use "common.proc"')
    assert check(Source("p.proc", apply(edits(late), source.text)), load).diagnostics == ()
