"""What comes before and after a model, ready to serve, and the model where there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from procdsl.codegen.python.decoders import size_functions
from procdsl.ir.decoding import decodings
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.ir.plan import Plan
from procdsl.lower.lower import sizes_of
from procdsl.serving import session
from procdsl.serving.baked import BakedModel
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
    plan: Plan | None
    """Where each step runs, of a file that is baked."""

    def __init__(
        self,
        pipeline: Pipeline,
        backend: str,
        module: ModuleType,
        checks: Sequence[Finding],
        open: Callable[[], Session],
        plan: Plan | None = None,
        baked: BakedModel | None = None,
    ) -> None:
        self.manifest = module.MANIFEST
        self.backend = backend
        self.checks = checks
        self.plan = plan
        self._pipeline = pipeline
        self._module = module
        self._open = open
        self._baked = baked
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

    def run(self, fed: Any, *sizes: Any) -> Any:
        """Run the model on what `preprocess` or `preprocess_batch` gives.

        Args:
            fed: the model's input as the contract says, of one sample or with the batch in front,
                which the number of axes tells; of a model with several inputs a tuple of them, and
                what `preprocess` gives beside them is left aside
            sizes: the height and width of each picture of which a baked file is told the size; of a
                batch a list of them

        Returns:
            The model's output, with the batch in front where `fed` has it: what `postprocess` or
            `postprocess_batch` takes. Several are a tuple in the order of the contract. What a
            baked file finds and counts is of a batch a list with an item for each sample.

        Raises:
            ImportError: the runtime of the model's format is not installed
            TypeError: it is given no array, or other sizes than it takes
            ValueError: there is no model, or what it is given, takes or gives is not what the
                contract says
        """
        inputs = self._pipeline.model.inputs
        arrays = self._given(fed)
        if len(arrays) == len(inputs) + len(self._pipeline.kept):
            arrays = arrays[: len(inputs)]
        if len(arrays) != len(inputs):
            raise ValueError(f"expected {len(inputs)} inputs of the model, got {len(arrays)}")
        alone = all(map(_is_sample, inputs, arrays))
        batch = [array[None] for array in arrays] if alone else arrays
        outputs = self._run(batch, [[size] for size in sizes] if alone else sizes)
        found = tuple(map(_first, outputs)) if alone else tuple(outputs)
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
        told = self._sizes(self._baked.pictures if self._baked else (), inputs, many)
        given = {"order": order} if order else {}
        fed: Any = inputs if len(inputs) > 1 else inputs[0]
        if many and self._pipeline.inputs and _is_open(self._pipeline):
            fed, found = self._run_by_size(inputs, told, given)
        else:
            if self._pipeline.inputs:
                fed = (self.preprocess_batch if many else self.preprocess)(*inputs, **given)
            found = self.run(fed, *told)
        if not self._pipeline.outputs:
            return found
        outputs = found if isinstance(found, tuple) else (found,)
        back = (size.type for size in sizes_of(self._pipeline.post))
        names = [size.input for size in back if isinstance(size, PictureSize)]
        sizes = self._sizes(names, inputs, many)
        past = self._past_model(inputs, self._given(fed))
        return (self.postprocess_batch if many else self.postprocess)(*outputs, *past, *sizes)

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

    def _run_by_size(
        self, inputs: Sequence[Any], told: Sequence[Any], given: Mapping[str, str]
    ) -> tuple[Any, Any]:
        """What `preprocess` gives of a batch of samples, and the model's outputs; of the samples
        those of one size are run together."""
        samples = list(zip(*map(list, inputs), strict=True))
        count = len(self._pipeline.model.inputs)
        groups: dict[Any, list[int]] = {}
        fed: list[tuple[Any, ...]] = []
        for number, sample in enumerate(samples):
            one = self.preprocess(*sample, **given)
            fed.append(tuple(one) if isinstance(one, tuple) else (one,))
            shapes = tuple(tuple(x.shape) for x in fed[-1][:count])
            groups.setdefault(shapes, []).append(number)
        columns: list[list[Any]] = [[None] * len(samples) for _ in self._pipeline.model.outputs]
        for numbers in groups.values():
            batch = [
                session.joined([x[None] for x in c])
                for c in zip(*(fed[n][:count] for n in numbers), strict=True)
            ]
            outputs = self._run(batch, [[of[n] for n in numbers] for of in told])
            for column, output in zip(columns, outputs, strict=True):
                for at, number in enumerate(numbers):
                    column[number] = output[at]
        gives = [list(column) for column in zip(*fed, strict=True)]
        found = tuple(columns) if len(columns) > 1 else columns[0]
        return (tuple(gives) if len(gives) > 1 else gives[0]), found

    def _given(self, fed: Any) -> list[Any]:
        """The arrays in what `preprocess` gives, or in what the model is fed."""
        pipeline = self._pipeline
        several = len(pipeline.model.inputs) > 1 or (pipeline.kept and isinstance(fed, tuple))
        return list(fed) if several else [fed]

    def _past_model(self, inputs: Sequence[Any], gives: Sequence[Any]) -> list[Any]:
        """What `post` takes beside the model's outputs, of what `pre` is given, and gives."""
        pipeline = self._pipeline
        values = (*pipeline.inputs, *pipeline.fed, *pipeline.kept)
        known = zip(values, (*inputs, *gives), strict=False)  # without `pre` nothing is known
        found = {value.number: x for value, x in reversed([*known])}
        return [found[value.number] for value in pipeline.past_model]

    def _sizes(self, names: Sequence[str], inputs: Sequence[Any], many: bool) -> list[Any]:
        """The sizes of the pictures in some inputs; of a batch a list for each."""
        values = {v.name: (v, x) for v, x in zip(self._pipeline.inputs, inputs, strict=False)}
        found = []
        for name in names:
            value, x = values[name]
            found.append([self._size(value, one) for one in x] if many else self._size(value, x))
        return found

    def _size(self, value: Value, x: Any) -> Any:
        """The height and width of the picture in one input."""
        if value.name in size_functions(decodings(self._pipeline)):
            return self.image_size(x, value.name)
        assert isinstance(value.type, Array), "inputs are arrays"
        return value.type.picture(x.shape)

    def _function(self, name: str, block: str) -> Callable[..., Any]:
        found: Callable[..., Any] | None = getattr(self._module, name, None)
        if found is None:
            raise AttributeError(
                f"the pipeline `{self._pipeline.name}` has no `{block}`, and so no {name}"
            )
        return found

    def _run(self, arrays: Sequence[Any], sizes: Sequence[Any]) -> list[Any]:
        with self._opening:
            if self._session is None:
                self._session = self._open()
        tensors = self.backend == "torch"
        if self._baked is None:
            if sizes:
                raise TypeError(f"expected no sizes beside the inputs, got {len(sizes)}")
            return session.run(self._session, self._pipeline.model, arrays, tensors)
        given = [*arrays, *self._baked.sizes(sizes)]
        return self._baked.counted(session.run(self._session, self._baked.contract, given, tensors))


def _first(output: Any) -> Any:
    """The first sample of an output; an array stays one."""
    return output[0] if isinstance(output, list) else output[0, ...]


def _is_open(pipeline: Pipeline) -> bool:
    """Whether what the model is fed differs in size from sample to sample."""
    types = [value.type for value in pipeline.model.inputs]
    return any(isinstance(type_, Array) and None in type_.shape for type_ in types)


def _is_sample(value: Value, given: Any) -> bool:
    """Whether what is given for a value has the axes of one sample."""
    return _axes(value) == getattr(given, "ndim", None)


def _is_batch(value: Value, given: Any) -> bool:
    """Whether it is a batch: a sequence, or one array with an axis in front."""
    return isinstance(given, list | tuple) or _axes(value) + 1 == getattr(given, "ndim", None)


def _axes(value: Value) -> int:
    return len(value.type.axes) if isinstance(value.type, Array) else 0
