"""What comes before and after a model, ready to serve, and the model where there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from procdsl.codegen.python.decoders import size_functions
from procdsl.ir.decoding import decodings
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.lower.lower import sizes_of
from procdsl.serving import session
from procdsl.serving.checks import Finding
from procdsl.serving.session import Session
from procdsl.types.array import Array
from procdsl.types.value import PictureSize


class Processor:
    """The functions of a pipeline, and its model. `procdsl.load` makes it.

    Arrays are those of the backend: numpy's, or with `backend="torch"` torch's tensors. The
    functions are those of a generated module: `help(processor.preprocess)` says which dtypes,
    shapes and ranges they take and give, and what they raise. One processor may be used by several
    threads.
    """

    manifest: Mapping[str, Any]
    """What the file says of its pipeline: every step with its types, the source, provenance."""
    backend: str
    """`numpy`, `cv2` or `torch`."""
    checks: Sequence[Finding]
    """What `load` checked and found, and what was not checked, and why."""

    def __init__(
        self,
        pipeline: Pipeline,
        backend: str,
        module: ModuleType,
        checks: Sequence[Finding],
        open: Callable[[], Session],
    ) -> None:
        self.manifest = module.MANIFEST
        self.backend = backend
        self.checks = checks
        self._pipeline = pipeline
        self._module = module
        self._open = open
        self._session: Session | None = None
        self._opening = threading.Lock()

    def __repr__(self) -> str:
        name, identity = self.manifest["pipeline"], self.manifest["id"]
        return f"<procdsl.Processor {name} {identity[:12]}, {self.backend}>"

    @property
    def preprocess(self) -> Callable[..., Any]:
        """One sample to what the model takes: `preprocess(image, out=None)`."""
        return self._function("preprocess", "pre")

    @property
    def preprocess_batch(self) -> Callable[..., Any]:
        """Many samples, of any sizes, stacked: `preprocess_batch(images, out=None, workers=1)`."""
        return self._function("preprocess_batch", "pre")

    @property
    def postprocess(self) -> Callable[..., Any]:
        """The model's outputs for one sample to an `Output`: `postprocess(raw, image_size)`."""
        return self._function("postprocess", "post")

    @property
    def postprocess_batch(self) -> Callable[..., Any]:
        """Those of many to a list: `postprocess_batch(raws, image_sizes, workers=1)`."""
        return self._function("postprocess_batch", "post")

    def self_check(self) -> None:
        """Run the pipeline on a built-in input, and compare with what the manifest records.

        `load` has done so, unless it was told to skip it.

        Raises:
            RuntimeError: this machine computes something else
        """
        self._module.self_check()

    def run(self, fed: Any) -> Any:
        """Run the model on what `preprocess` or `preprocess_batch` gives.

        Args:
            fed: the model's input as the contract says, of one sample or with the batch in front,
                which the number of axes tells; of a model with several inputs a tuple of them

        Returns:
            The model's output, with the batch in front where `fed` has it: what `postprocess` or
            `postprocess_batch` takes. Several are a tuple in the order of the contract.

        Raises:
            ImportError: the runtime of the model's format is not installed
            TypeError: it is given no array
            ValueError: there is no model, or what it is given, takes or gives is not what the
                contract says
        """
        inputs = self._pipeline.model.inputs
        arrays = list(fed) if len(inputs) > 1 else [fed]
        if len(arrays) != len(inputs):
            raise ValueError(f"expected {len(inputs)} inputs of the model, got {len(arrays)}")
        alone = all(map(_is_sample, inputs, arrays))
        outputs = self._run([array[None] for array in arrays] if alone else arrays)
        found = tuple(output[0] for output in outputs) if alone else tuple(outputs)
        return found if len(found) > 1 else found[0]

    def __call__(self, *inputs: Any, order: str = "") -> Any:
        """Everything: `pre`, the model, `post`.

        Args:
            inputs: a sample for each input of the pipeline, such as a picture; or a batch of them:
                a list, of any sizes, or an array with the batch in front. Without `pre` it is what
                `run` takes.
            order: the order of the channels, where the pipeline leaves it to the caller

        Returns:
            The `Output` of one sample, and of a batch a list with one for each. Without `post` it
            is what `run` gives.

        Raises:
            ImportError, TypeError, ValueError: as `preprocess`, `run` and `postprocess` do
        """
        values = self._pipeline.inputs or self._pipeline.model.inputs
        if len(inputs) != len(values):
            said = ", ".join(f"`{value.name}`" for value in values)
            raise TypeError(f"expected {len(values)} inputs ({said}), got {len(inputs)}")
        many = any(map(_is_batch, values, inputs))
        fed: Any = inputs if len(inputs) > 1 else inputs[0]
        if self._pipeline.inputs:
            given = {"order": order} if order else {}
            fed = (self.preprocess_batch if many else self.preprocess)(*inputs, **given)
        found = self.run(fed)
        if not self._pipeline.outputs:
            return found
        outputs = found if isinstance(found, tuple) else (found,)
        sizes = self._gone_back_to(inputs, many)
        return (self.postprocess_batch if many else self.postprocess)(*outputs, *sizes)

    def image_size(self, file: bytes, of: str = "") -> tuple[int, int]:
        """The height and width of the picture in a file, which is not decoded for it.

        Args:
            file: its content
            of: which input of the pipeline it is for, where several are files

        Raises:
            ValueError: the file is refused, or it is for no input that is a file
        """
        functions = size_functions(decodings(self._pipeline))
        name = of or (next(iter(functions)) if len(functions) == 1 else "")
        if name not in functions:
            said = f"one of {', '.join(functions)}" if functions else "no call: no input is a file"
            raise ValueError(f"of: expected {said}, got {of!r}")
        size: tuple[int, int] = getattr(self._module, functions[name])(file)
        return size

    def _gone_back_to(self, inputs: Sequence[Any], many: bool) -> Iterator[Any]:
        """What `post` takes for the sizes of inputs: pictures themselves, of files their sizes."""
        named = {v.name: x for v, x in zip(self._pipeline.inputs, inputs, strict=False)}
        files = {step.inputs[0].name for step in decodings(self._pipeline)}
        for size in sizes_of(self._pipeline.post):
            assert isinstance(size.type, PictureSize), "only sizes are taken so"
            name = size.type.input
            given = list(named[name]) if many else [named[name]]
            if name in files:
                given = [self.image_size(file, name) for file in given]
            yield given if many else given[0]

    def _function(self, name: str, block: str) -> Callable[..., Any]:
        found: Callable[..., Any] | None = getattr(self._module, name, None)
        if found is None:
            raise AttributeError(
                f"the pipeline `{self._pipeline.name}` has no `{block}`, and so no {name}"
            )
        return found

    def _run(self, arrays: Sequence[Any]) -> list[Any]:
        with self._opening:
            if self._session is None:
                self._session = self._open()
        tensors = self.backend == "torch"
        return session.run(self._session, self._pipeline.model, arrays, tensors)


def _is_sample(value: Value, given: Any) -> bool:
    """Whether what is given for a value has the axes of one sample."""
    return _axes(value) == getattr(given, "ndim", None)


def _is_batch(value: Value, given: Any) -> bool:
    """Whether it is a batch: a sequence, or one array with an axis in front."""
    return isinstance(given, list | tuple) or _axes(value) + 1 == getattr(given, "ndim", None)


def _axes(value: Value) -> int:
    return len(value.type.axes) if isinstance(value.type, Array) else 0
