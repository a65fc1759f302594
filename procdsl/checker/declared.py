"""Types as a file declares them."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl import limits
from procdsl.checker.constants import Constants
from procdsl.checker.orders import check_order
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix, Label
from procdsl.diagnostics.suggest import Meaning, choices, nearest
from procdsl.lazy import known_names
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.syntax.printer import one_line
from procdsl.types.array import Array, implied_range
from procdsl.types.axis import Axis, Range
from procdsl.types.colour import colour as colour_of
from procdsl.types.colour import colour_names
from procdsl.types.constants import Word, show
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.dtypes import BYTES, DTYPES, FLOATS
from procdsl.types.kind import kind as kind_of
from procdsl.types.kind import kind_names


def declared(
    node: tree.Type,
    constants: Constants,
    sink: DiagnosticSink,
    spaces: dict[str, CoordinateSpace],
    of_input: bool = False,
) -> Array | None:
    """The type that is written, or None where it is wrong. `spaces` are those it may name."""
    if node.dtype.text == BYTES:
        return _file(node, of_input, sink)
    before = sink.reports
    if node.dtype.text not in DTYPES:
        sink.unknown("E218", "dtype", node.dtype, DTYPES, known_names.dtype(node.dtype.text))
    read = sink.reports
    axes = _axes(node, constants, sink)
    unread = sink.reports > read or any(_unread(axis, constants) for axis in node.axes)
    colour = kind = None
    if node.tag is not None:
        if node.tag.text in colour_names():
            colour = node.tag.text
            check = _check_frame if colour_of(colour).subsampled else _check_channels
            if not unread:
                check(node, axes, sink)
        elif node.tag.text in kind_names():
            kind = node.tag.text
            _check_dtype(node, sink)
        else:
            meant = known_names.colour(node.tag.text)
            tags = [*colour_names(), *kind_names()]
            sink.unknown("E204", "colour or kind", node.tag, tags, meant)
        _check_says(node, sink)
    if node.other is not None and colour is not None:
        check_order(node, of_input, sink)
    declared_range = node.range and _range(node, node.range, kind, sink)
    space = None
    if node.space is not None:
        if node.space.text in spaces:
            space = spaces[node.space.text]
        else:
            help = "take one of these: the coordinates are in its pixels"
            sink.undefined("E206", "coordinate space", node.space, list(spaces), help)
    if sink.reports > before or unread:
        return None
    known = declared_range or implied_range(node.dtype.text, kind)
    says = tuple(name.text for name in node.says)
    return Array(node.dtype.text, axes, colour, kind, says, known, space)


def _file(node: tree.Type, of_input: bool, sink: DiagnosticSink) -> Array | None:
    """The content of a file, which only an input is."""
    if of_input:
        return Array(BYTES, ())
    sink.add(
        "E341",
        node.span,
        "a model takes and gives arrays, and no files",
        found="`bytes` in the contract",
        wanted="the type of an array: a dtype with axes, and a colour or a kind",
        help="write what `pre` makes of the file, such as `f32[c=3, h=224, w=224] rgb`",
    )
    return None


def _axes(node: tree.Type, constants: Constants, sink: DiagnosticSink) -> tuple[Axis, ...]:
    axes: list[Axis] = []
    first: dict[str, tree.Axis] = {}
    for axis in node.axes:
        if first.setdefault(axis.name.text, axis) is not axis:
            sink.add(
                "E207",
                axis.span,
                f"a second axis `{axis.name.text}`",
                found=f"`{axis.name.text}` twice in one type",
                wanted="one axis of each name",
                help="give one of the two another name: an op finds an axis by it",
                labels=(Label(first[axis.name.text].span, f"the first `{axis.name.text}`"),),
            )
            continue
        size = _size(axis, constants, sink)
        axes.append(Axis(axis.name.text) if size is None else Axis.of(axis.name.text, size))
    sides = {axis.name: axis.size or 1 for axis in axes}
    pixels = sides.get("h", 1) * sides.get("w", 1)
    if pixels > limits.PIXELS:
        sink.add(
            "E211",
            node.span,
            "a picture that is too large",
            found=f"{sides['h']} x {sides['w']}, which are {pixels:,} pixels",
            wanted=f"at most {limits.PIXELS:,} pixels",
            help="write the size that the model takes, or leave it out: the axes may then have any",
        )
    return tuple(axes)


def _unread(axis: tree.Axis, constants: Constants) -> bool:
    """Whether the size is a name that a line may define that did not parse."""
    name = axis.size.text if isinstance(axis.size, tree.Name) else ""
    return bool(name) and name not in constants.values and constants.unread.may_define(name)


def _size(axis: tree.Axis, constants: Constants, sink: DiagnosticSink) -> int | None:
    if axis.size is None:
        return None
    span = axis.size.span
    value = constants.evaluate(axis.size)
    if isinstance(axis.size, tree.Name):
        if isinstance(value, Word) and axis.size.text not in constants.values:
            if not _unread(axis, constants):
                constants.undefined(axis.size, sink)
            return None
        if not isinstance(value, int):
            sink.add(
                "E210",
                span,
                "a value that does not fit its place",
                found=f"`{show(value)}`",
                wanted="a whole number, the size of an axis",
                help="write the number of values along it, or leave the size out: the axis may "
                "then have any",
            )
            return None
    assert isinstance(value, int | float), "a size is written as a number"
    limit = limits.SIDE if axis.name.text in ("h", "w") else limits.AXIS
    if isinstance(value, float) or not 1 <= value <= limit:
        sink.add(
            "E211",
            span,
            f"a size of `{axis.name.text}` that is out of range",
            found=f"`{value}`",
            wanted=f"a whole number from 1 to {limit}",
            help="write the number of values along it, or leave the size out: the axis may then "
            "have any",
        )
        return None
    return value


def _range(
    node: tree.Type, written: tree.Range, kind: str | None, sink: DiagnosticSink
) -> Range | None:
    """The range that is written, where these values may lie in it."""
    low, high = (_bound(literal) for literal in (written.low, written.high))
    implied = implied_range(node.dtype.text, kind)
    if low >= high:
        found, wanted = f"`{one_line(written)}`", "the lower bound, then the higher one"
        help = "write the least of the values, `..` and the largest"
    elif node.dtype.text not in FLOATS:
        found, wanted = f"a range of {node.dtype.text}", f"a range of {' or '.join(FLOATS)}"
        help = "leave the range out: whole numbers have that of their dtype"
    elif implied and not implied.holds(Range(low, high)):
        found, wanted = f"`{one_line(written)}` of {kind}", f"a part of {implied}"
        help = f"leave the range out: {kind} lie in {implied}"
    else:
        return Range(low, high)
    sink.add(
        "E335", written.span, "no values lie in this range", found=found, wanted=wanted, help=help
    )
    return None


def _bound(literal: tree.Literal) -> float:
    value = literal.value
    assert isinstance(value, int | float), "a bound is written as a number"
    return int(value) if float(value).is_integer() else value


def _check_dtype(node: tree.Type, sink: DiagnosticSink) -> None:
    assert node.tag is not None, "asked only of a type with a kind"
    allowed = kind_of(node.tag.text).dtypes
    if node.dtype.text in allowed or node.dtype.text not in DTYPES:
        return
    sink.add(
        "E323",
        node.tag.span,
        "the kind and the dtype do not fit",
        found=f"`{node.tag.text}` of {node.dtype.text}",
        wanted=f"{node.tag.text} of {' or '.join(allowed)}",
        help=choices(
            "say what the array holds",
            f"{' or '.join(allowed)} for `{node.dtype.text}`: {node.tag.text} of that dtype",
            f"without `{node.tag.text}`: numbers of {node.dtype.text} whose meaning is not known",
        ),
    )


def _check_says(node: tree.Type, sink: DiagnosticSink) -> None:
    """What stands in parentheses behind a kind: a word for each place, or nothing."""
    assert node.tag is not None, "nothing stands in parentheses without it"
    name = node.tag.text
    places = kind_of(name).says if name in kind_names() else ()
    known = name in kind_names() or name in colour_names()
    said = tuple(word.text for word in node.says)
    if known and said and len(said) != len(places):
        listed = ", ".join(" or ".join(words) for words in places)
        sink.add(
            "E323",
            node.tag.span,
            f"`{name}` with another number of words" if places else f"`{name}` says nothing more",
            found=f"`{name}({', '.join(said)})`",
            wanted=f"`{name}({', '.join(words[0] for words in places)})`"
            if places
            else f"`{name}`",
            help=f"write for each place a word: {listed}"
            if places
            else f"write `{name}` without parentheses",
        )
        return
    meant = tuple(next((word for word in said if word in words), "") for words in places)
    if sorted(meant) == sorted(said) and meant != said:
        whole = Span(node.span.source, node.says[0].span.start, node.says[-1].span.end)
        sink.add(
            "E323",
            whole,
            f"the words of `{name}` are in another order",
            found=f"`{name}({', '.join(said)})`",
            wanted=f"`{name}({', '.join(meant)})`",
            fixes=(Fix.only(f"write `{', '.join(meant)}`", Edit(whole, ", ".join(meant))),),
        )
        return
    for word, words in zip(node.says, places, strict=False):
        if word.text not in words:
            sink.unknown("E204", "word", word, words, Meaning(nearest(word.text, words) or ""))


def _check_channels(node: tree.Type, axes: tuple[Axis, ...], sink: DiagnosticSink) -> None:
    assert node.tag is not None, "asked only of a type with a colour"
    name = node.tag.text
    wanted = _count(name)
    channels = next((axis for axis in axes if axis.name == "c"), None)
    size = channels.size if channels else 1
    if size == wanted:
        return
    others = [n for n in ("rgb", "bgr", "rgba", "bgra", "gray") if _count(n) == size]
    sink.add(
        "E323",
        node.tag.span,
        "the colour and the channels do not fit",
        found=f"`{name}` with " + (f"c={size}" if size and channels else "an open or missing `c`"),
        wanted=f"c={wanted} for {name}",
        help=choices(
            "say what the array holds",
            f"`c={wanted}`: the channels of {name}",
            *([f"{_listed(others)} for `{name}`: {size} channels"] if others else []),
        ),
    )


def _listed(names: Sequence[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def _count(name: str) -> int:
    return len(colour_of(name).channels)


def _check_frame(node: tree.Type, axes: tuple[Axis, ...], sink: DiagnosticSink) -> None:
    """A 4:2:0 frame is [rows, w], a clip of them [t, rows, w]; it must hold a whole picture."""
    assert node.tag is not None, "asked only of a type with a colour"
    clip = [str(axis) for axis in axes[:1] if axis.name == "t"]
    frame = axes[len(clip) :]
    if [axis.name for axis in frame] == ["rows", "w"]:
        rows, w = frame
        if (rows.size or 3) % 3 == 0 and (w.size or 2) % 2 == 0:
            return
    fitting = f"{node.dtype.text}[{', '.join([*clip, 'rows', 'w'])}] {node.tag.text}"
    sink.add(
        "E323",
        node.tag.span,
        "this is no 4:2:0 frame",
        found=f"`{node.tag.text}` with the axes {', '.join(map(str, frame))}",
        wanted="the axes rows, 3 for 2 of the picture, and w, which is even",
        help=f"write `{fitting}` for such frames; an image [h, w, c=3] is `rgb` or `bgr`",
    )
