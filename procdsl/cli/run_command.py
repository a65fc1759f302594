"""`procdsl run`."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procdsl.cli import answering, checking, paths, pictures
from procdsl.ir.pipeline import Pipeline
from procdsl.records import replace
from procdsl.types.array import Array
from procdsl.workspace import files, sources, staging
from procdsl.workspace.errors import Misuse
from procdsl.workspace.staging import Staged

if TYPE_CHECKING:
    import numpy as np

BACKENDS = ("numpy", "cv2", "torch")
_PACKAGES = {"numpy": "numpy", "cv2": "opencv", "torch": "torch"}


_IMAGES = (
    "image files; an input of bytes decodes them as the pipeline says, and that of a picture takes "
    "them as they are stored: an EXIF orientation is told, not applied"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=paths.path, metavar="file.proc", help="the pipeline")
    parser.add_argument("images", type=paths.path, nargs="+", metavar="image", help=_IMAGES)
    parser.add_argument(
        "--backend",
        dest="backends",
        action="append",
        choices=(*BACKENDS, "all"),
        help="which module runs; may be given more than once (default: numpy)",
    )
    parser.add_argument(
        "-o",
        dest="folder",
        type=paths.path,
        help="write IMAGE.npy (with several inputs IMAGE.INPUT.npy) here; with --model the file of "
        "the answers",
    )
    parser.add_argument(
        "--force", action="store_true", help="write over files that `run` did not write"
    )
    answering.add_arguments(parser)
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Print a digest for each image and backend, or with a model the answers; fail when backends
    differ."""
    pipeline, diagnostics = checking.read(given.file, given)
    if diagnostics:
        checking.report(diagnostics, given.error_format)
    if pipeline is None:
        return 1
    pipeline = replace(pipeline, plan=None)  # it runs all of `pre`, wherever a model file does
    if pipeline.serving_externs and not sources.is_source(given.file):
        raise Misuse(
            f"{given.file} is no `.proc` file, and names Python that would be imported: extract "
            "its source, read it, and run that"
        )
    input_type = pictures.image_input(pipeline, given.file)
    with warnings.catch_warnings():
        if not sys.warnoptions:
            warnings.simplefilter("ignore")  # what libraries doubt of a file is not ours to print
        if answering.asked(given):
            return answering.run(given, pipeline, input_type)
        return _run_pre(given, pipeline, input_type)


def _run_pre(given: argparse.Namespace, pipeline: Pipeline, input_type: Array) -> int:
    backends = given.backends or ["numpy"]
    backends = list(BACKENDS) if "all" in backends else list(dict.fromkeys(backends))
    modules = _modules(pipeline, backends, Path(given.file))
    with Staged() as made:
        return _run_all(given, pipeline, input_type, modules, _folder(given, made))


def _run_all(
    given: argparse.Namespace,
    pipeline: Pipeline,
    input_type: Array,
    modules: Mapping[str, Any],
    folder: Path | None,
) -> int:
    agree, unread = True, []
    for path in map(Path, given.images):
        named = pictures.order(pipeline)
        try:
            taken = pictures.read_image(path, input_type, bool(pipeline.orders))
            found = {b: _run(modules[b], b, taken, path, named) for b in modules}
        except Misuse as error:
            unread.append(error)
            continue
        agree &= _report(path, found)
        if folder is not None:
            _save(folder, path, next(iter(found.values())), given.force)
    checking.refuse_unread(unread)
    return 0 if agree else 1


def _modules(pipeline: Pipeline, backends: list[str], file: Path) -> dict[str, Any]:
    from procdsl.codegen.python.loading import load
    from procdsl.codegen.target import Options
    from procdsl.compiler import generate
    from procdsl.workspace.externs import folders

    try:
        texts = generate(pipeline, backends, options=Options(format=False))
    except ValueError as error:
        raise Misuse(str(error)) from None
    if pipeline.serving_externs:
        sys.path[:0] = map(str, folders(file.parent))
    modules = {}
    for backend in backends:
        try:
            modules[backend] = load(texts[f"{pipeline.name}_{backend}.py"], f"procdsl_{backend}")
        except ImportError as error:
            if error.name not in BACKENDS:
                raise Misuse(f"{file}: {error}") from None
            extra = _PACKAGES[backend]
            raise Misuse(f"{error}: pip install 'procdsl[{extra}]' for this backend") from None
        except Exception as error:
            if not pipeline.serving_externs:
                raise
            raise Misuse(f"{file}: an extern's module fails: {_described(error)}") from None
    return modules


def _folder(given: argparse.Namespace, made: Staged) -> Path | None:
    """Where the results are written; it goes again where a failure leaves it empty."""
    if given.folder is None:
        return None
    names = [Path(image).name for image in given.images]
    double = next((name for name in names if names.count(name) > 1), None)
    if double:
        raise Misuse(f"two images are called {double}: their results would overwrite each other")
    folder = Path(given.folder)
    made.make(folder)
    return folder


def _run(
    module: Any, backend: str, taken: Any, path: Path, order: dict[str, str]
) -> dict[str, np.ndarray]:
    given = taken
    if backend == "torch" and not isinstance(taken, bytes):
        import torch

        given = torch.from_numpy(taken)
    try:
        found = module.preprocess(given, **order)
    except ValueError as error:
        raise Misuse(f"{path}: {error}") from None
    except Exception as error:
        if "externs" not in module.MANIFEST:
            raise
        raise Misuse(f"{path}: {_described(error)}") from None
    fields = found._asdict() if hasattr(found, "_asdict") else {"": found}
    return {name: x.numpy() if backend == "torch" else x for name, x in fields.items()}


def _described(error: Exception) -> str:
    """An error of the user's own code, and where it was raised."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    return f"{type(error).__name__}: {error} ({frame.filename}, line {frame.lineno}){notes}"


def _report(path: Path, found: dict[str, dict[str, np.ndarray]]) -> bool:
    """Print the digests of an image; whether all backends gave the same."""
    from procdsl.reference.golden_record import digest

    agree = True
    for name in next(iter(found.values())):
        digests = {backend: digest(results[name]) for backend, results in found.items()}
        shown = f"{path}{' ' + name if name else ''}"
        for backend, value in digests.items():
            array = found[backend][name]
            print(f"{value}  {backend:5}  {array.dtype} {list(array.shape)}  {shown}")
        if len(set(digests.values())) > 1:
            agree = False
            print(f"procdsl: {shown}: the backends differ", file=sys.stderr)
    return agree


def _save(folder: Path, path: Path, results: dict[str, np.ndarray], force: bool) -> None:
    """Write the results as arrays, in the place of arrays alone."""
    import io

    import numpy as np

    for name, array in results.items():
        target = folder / f"{path.name}{'.' + name if name else ''}.npy"
        files.check_result(target, lambda data: data.startswith(b"\x93NUMPY"), force)
        data = io.BytesIO()
        np.save(data, array)
        staging.write(target, data.getvalue())
