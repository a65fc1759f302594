"""Opens model files and manifests, and writes models anew: as a whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from procdsl.modelfile.data import BadModelFile, Data, Piece, Span, chunks
from procdsl.modelfile.format import Format, Interface, Model
from procdsl.modelfile.formats import format_of, recognised
from procdsl.records import dataclass
from procdsl.workspace import files, reading, sources
from procdsl.workspace.errors import Misuse
from procdsl.workspace.staging import Staged

MANIFEST = "manifest"
"""What the format of a file is called that is a manifest and nothing else."""


@dataclass(frozen=True)
class Carried:
    """The manifest that a file carries."""

    format: str
    text: str
    interface: Interface | None
    """The model's inputs and outputs, as far as the file states them."""
    unstated: str
    """Why it states none."""


def carried(path: str, wanted: bool = True) -> Carried:
    """The manifest in a model file, or in a file of its own; no text where none is `wanted`."""
    if _begins_as_json(path):
        return Carried(MANIFEST, sources.text(path), None, "a manifest comes without a model")
    with opened(path) as model:
        format = format_of(model)
        text = format.text(model)
        if text is None and wanted:
            raise Misuse(f"{path} ({format.title}) carries no manifest: procdsl embed puts one in")
        stated = format.interface(model)
        return Carried(format.title, text or "", stated, format.unstated or "the file states none")


def manifest_text(path: str) -> str | None:
    """The manifest's text where a file is a manifest or a model, None where it is a source."""
    if not _begins_as_json(path):
        with opened(path) as model:
            if recognised(model) is None and not model.is_folder:
                return None
    return carried(path).text


def _begins_as_json(path: str) -> bool:
    with opened(path) as model:
        return not model.is_folder and model.data.head(64).lstrip()[:1] == b"{"


@contextmanager
def opened(path: str) -> Iterator[Model]:
    """A model file or folder, for as long as it is read. What is wrong with it is a `Misuse`."""
    with ExitStack() as stack:
        held: dict[str, Data | None] = {}
        folder = path if os.path.isdir(path) else os.path.dirname(path)

        def file(name: str) -> Data | None:
            if name not in held:
                place = os.path.join(folder, name) if name else path
                held[name] = _data(place, stack) if name == "" or os.path.isfile(place) else None
            return held[name]

        try:
            yield Model(path, file)
        except BadModelFile as error:
            raise Misuse(f"{path}: {error}") from None
        except OSError as error:
            raise Misuse(f"{path} cannot be read: {error.strerror}") from None


def _data(path: str, stack: ExitStack) -> Data | None:
    if os.path.isdir(path):
        return None
    file = stack.enter_context(reading.opened(path))

    def fetch(start: int, count: int) -> bytes:
        file.seek(start)
        return file.read(count)

    return Data(os.fstat(file.fileno()).st_size, fetch)


def embed(
    model: Model,
    format: Format,
    text: str,
    out: Path,
    modules: Mapping[Path, str] | None = None,
    force: bool = False,
) -> None:
    """Write a model with this manifest to `out`, and beside it copies of the files that it cannot
    do without, and the text of modules.

    All are staged before the first is moved to its place, so that an interruption leaves each
    file whole.
    """
    folder = out if model.is_folder else out.parent
    contents: dict[Path, tuple[Data | None, Iterable[Piece]]] = {}
    for target, module in (modules or {}).items():
        files.check_target(target, module, force)
        contents[target] = (None, [module.encode()])
    for name, other in format.companions(model, out.name).items():
        data, target = model.file(name), folder / other
        if data is None:
            raise BadModelFile(f"it keeps its weights in {name}, which is not beside it")
        if not target.exists():
            contents[target] = (data, [Span(0, data.size)])
        elif not _holds(target, data):
            raise Misuse(f"{target} is another file than {name}, of which a copy is to lie there")
    for name, pieces in format.embedded(model, text).items():
        contents[folder / name if name else Path(os.path.realpath(out))] = (
            model.file(name),
            pieces,
        )
    with Staged() as staged:
        for target, (data, pieces) in contents.items():
            staged.add(target, _parts(data, pieces))
        staged.move()


def _holds(path: Path, data: Data) -> bool:
    """Whether a file holds these bytes."""
    with path.open("rb") as file:
        same = all(file.read(len(chunk)) == chunk for chunk in chunks(data, Span(0, data.size)))
        return same and not file.read(1)


def _parts(data: Data | None, pieces: Iterable[Piece]) -> Iterator[bytes]:
    """The bytes of a file that is written, some at a time."""
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            assert data is not None, "some of its bytes are kept, so it exists"
            yield from chunks(data, piece)
