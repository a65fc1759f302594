"""What a format of model files is: how a manifest is read from one, and put into it.

A format is a file in `procdsl/formats/` that gives an object as `FORMAT`; nothing else names it. It
reads and makes bytes alone: which files those are is the caller's business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, TypeAlias

from procdsl.modelfile.data import BadModelFile, Data, Piece
from procdsl.records import dataclass

KEY = "procdsl"
"""The one name under which the manifest stands."""

FILE = "procdsl.json"
"""Its name where it is a file of its own."""

TEXT_BYTES = 8_000_000
"""How large a manifest's text may be."""


@dataclass(frozen=True)
class Model:
    """A model file, or a folder with one."""

    name: str
    file: Callable[[str], Data | None]
    """The file of this name in the folder, None where there is none; `""` is the model itself."""

    @property
    def data(self) -> Data:
        """The model's own bytes; a folder has none."""
        found = self.file("")
        if found is None:
            raise BadModelFile("it is a folder")
        return found

    @property
    def is_folder(self) -> bool:
        return self.file("") is None


@dataclass(frozen=True)
class Tensor:
    """What a file states of an input or an output."""

    name: str | None
    """None where the file's name for it is not one that a user chose."""
    dtype: str
    """As procdsl calls it; one that procdsl has not, as the format does."""
    shape: tuple[int | None, ...] | None
    """With the leading batch axis; None stands for a size, or a shape, that is open."""

    @property
    def told(self) -> str:
        """The name on one line, whatever is in it; empty where there is none."""
        return _printable(self.name or "")

    def __str__(self) -> str:
        dtype = _printable(self.dtype)
        if self.shape is None:
            return f"{dtype} of any shape"
        return f"{dtype}[{', '.join('?' if n is None else str(n) for n in self.shape)}]"


def _printable(text: str) -> str:
    """Text of a file, with the codes of what cannot be printed."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


@dataclass(frozen=True)
class Interface:
    """The inputs and outputs of a model, as its file states them."""

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


Files: TypeAlias = Mapping[str, Iterable[Piece]]
"""Files that are written anew, by their names in the folder; `""` is the model itself."""


class Format(ABC):
    """A format of model files. Whatever is wrong with a file is a `BadModelFile`."""

    title: ClassVar[str]
    """What people call it."""
    unstated: ClassVar[str] = ""
    """Why files of the format state no inputs and outputs, where they never do."""

    @abstractmethod
    def recognises(self, model: Model) -> bool:
        """Whether a file is of this format, by its content and not by its name."""

    @abstractmethod
    def text(self, model: Model) -> str | None:
        """The manifest's text, or None where there is none."""

    @abstractmethod
    def embedded(self, model: Model, text: str) -> Files:
        """The model with this manifest in the place of any other, all else as it was."""

    def interface(self, model: Model) -> Interface | None:
        """What the file states of the model's inputs and outputs, or None."""
        return None

    def companions(self, model: Model, name: str) -> Mapping[str, str]:
        """Files beside the model that it cannot be loaded without, each with the name that it must
        have beside a copy called `name`."""
        return {}


def decoded(data: bytes) -> str:
    """The manifest's text from its bytes."""
    if len(data) > TEXT_BYTES:
        raise BadModelFile(
            f"its manifest has {len(data):,} bytes, more than the {TEXT_BYTES:,} that are read"
        )
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadModelFile(f"its manifest is not UTF-8: byte {error.start:,}") from None
