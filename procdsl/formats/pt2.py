"""`.pt2` of torch.export and AOTInductor: the manifest is the extra file `procdsl.json`.

An exported program states its inputs and outputs as JSON; a compiled one states nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdsl.modelfile import strict_json, zip_archive
from procdsl.modelfile.data import BadModelFile
from procdsl.modelfile.format import Files, Format, Interface, Model, Tensor
from procdsl.modelfile.torch_archive import extra_file, with_extra_file

_DTYPES = {
    1: "u8", 2: "i8", 3: "i16", 4: "i32", 5: "i64", 6: "f16", 7: "f32", 8: "f64",
    12: "bool", 13: "bf16", 28: "u16",
}  # fmt: skip
"""torch.export's numbers of dtypes."""


class Pt2(Format):
    title = "pt2"

    def recognises(self, model: Model) -> bool:
        if model.is_folder or not zip_archive.is_zip(model.data):
            return False
        archive = zip_archive.read(model.data)
        member = archive.find("archive_format")
        return member is not None and archive.read(member, 64).strip() == b"pt2"

    def text(self, model: Model) -> str | None:
        return extra_file(zip_archive.read(model.data))

    def embedded(self, model: Model, text: str) -> Files:
        return with_extra_file(zip_archive.read(model.data), text)

    def interface(self, model: Model) -> Interface | None:
        archive = zip_archive.read(model.data)
        programs = [
            member
            for member in archive.members
            if member.name.startswith(f"{archive.root}/models/") and member.name.endswith(".json")
        ]
        if len(programs) != 1:
            return None  # compiled, or several
        what = f"its `{programs[0].name}`"
        program = strict_json.parse(archive.read(programs[0], strict_json.MOST), what)
        try:
            return _interface(program["graph_module"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadModelFile(
                f"{what} states its inputs and outputs in no known way: {error!r}"[:300]
            ) from None


def _interface(module: Mapping[str, Any]) -> Interface:
    values, signature = module["graph"]["tensor_values"], module["signature"]

    def stated(specs: Any, kind: str, named: bool) -> tuple[Tensor, ...]:
        tensors = [spec[kind]["arg"].get("as_tensor") for spec in specs if kind in spec]
        return tuple(_tensor(t["name"], values[t["name"]], named) for t in tensors if t)

    return Interface(
        stated(signature["input_specs"], "user_input", named=True),
        stated(signature["output_specs"], "user_output", named=False),
    )


def _tensor(name: str, meta: Mapping[str, Any], named: bool) -> Tensor:
    """A tensor; the names of outputs are those of steps in the graph."""
    shape = tuple(size.get("as_int") for size in meta["sizes"])
    dtype = _DTYPES.get(meta["dtype"], f"type {meta['dtype']}")
    return Tensor(name if named else None, dtype, shape)


FORMAT = Pt2()
