"""The spaces that coordinates are in: those that a contract may name, and those of the outputs."""

from __future__ import annotations

from collections.abc import Mapping

from procdsl.checker.blocks import Walker
from procdsl.checker.scope import Known
from procdsl.diagnostics.diagnostic import Label
from procdsl.diagnostics.suggest import choices
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.kind import kind
from procdsl.types.value import Record, Type


def of_model(
    model: tree.Model | None, inputs: Mapping[str, Known], fed: Mapping[str, Known]
) -> dict[str, CoordinateSpace]:
    """The spaces that coordinates in the model's outputs may be in, by model input.

    One whose value is unknown may be named, too: what is wrong with it was said.
    """
    spaces = {}
    for typed in model.inputs if model else ():
        name, value = typed.name.text, fed.get(typed.name.text)
        if value is not None and isinstance(value.type, Array) and value.type.space:
            spaces[name] = value.type.space
        elif (inputs and value is None) or (not inputs and _is_picture(typed.type)):
            spaces[name] = CoordinateSpace(name)
    return spaces


def named(spaces: Mapping[str, CoordinateSpace]) -> dict[str, CoordinateSpace]:
    """The spaces that an output may name: those of model inputs, and of what they stem from."""
    return {space.root.name: space.root for space in spaces.values()} | dict(spaces)


def _is_picture(type_: tree.Type) -> bool:
    return {"h", "w"} <= {axis.name.text for axis in type_.axes}


def check_output(
    name: tree.Name, value: Known, inputs: Mapping[str, Known], walker: Walker
) -> None:
    """Coordinates that leave the pipeline must be in the pixels of an input."""
    found = _coordinates(value.type) if value else None
    if value is None or found is None:
        return
    array, space = found
    root, of = space.root.name, str(array.kind)
    if space.parent is None or root not in inputs:
        return
    made_by = walker.made_by.get(value.number)
    if made_by and walker.allowances.allows(made_by, "E317"):
        return
    if made_by and walker.doubted.get(made_by) == "E317":
        return  # it was said at the step
    sampler = ", sampler=..." * array.pictured
    text = f"{name.text} = {kind(of).back}({name.text}, {root}{sampler})"
    if kind(of).brought_as:
        text = f"{name.text} = {kind(of).brought_as}({name.text})` and `{text}"
    if of == "boxes" and array.says[:1] not in ((), ("xyxy",)):
        text = f"{name.text} = convert_boxes({name.text}, xyxy, {array.says[1]})` and `{text}"
    walker.sink.add(
        "E317",
        name.span,
        f"the {of} of `{name.text}` are not in pixels of `{root}`",
        found=f"{of} in what `{space.name}` made of `{root}`",
        wanted=f"{of} in pixels of `{root}`",
        help=choices(
            "say which pixels are meant",
            f"end `post` with `{text}`: those of `{root}`",
            f"without the kind `{of}` in the contract: numbers that this does not know to be {of}",
        ),
        labels=(Label(made_by.call.span, f"the step that gives `{name.text}`"),) if made_by else (),
    )


def _coordinates(type_: Type | None) -> tuple[Array, CoordinateSpace] | None:
    """What of a value is in the pixels of a picture, and of which."""
    arrays = [array for _, array in type_.fields] if isinstance(type_, Record) else [type_]
    for array in arrays:
        if isinstance(array, Array) and array.space and array.kind and kind(array.kind).back:
            return array, array.space
    return None
