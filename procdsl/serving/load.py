"""`procdsl.load`: a model file, a manifest or a `.proc` file as something that serves."""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from procdsl import seal
from procdsl.checker.check import check
from procdsl.codegen.python.loading import load as load_module
from procdsl.codegen.target import Options
from procdsl.compiler import files_of_manifest
from procdsl.diagnostics.diagnostic import Severity
from procdsl.diagnostics.render import render
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import planned, write
from procdsl.manifest.errors import BadManifest
from procdsl.manifest.read import parse, pipeline_of
from procdsl.plan.halves import halves
from procdsl.records import dataclass, replace
from procdsl.reference.golden_record import golden_record
from procdsl.serving import checks, runtime
from procdsl.serving.baked import BakedModel
from procdsl.serving.checks import Finding
from procdsl.serving.processor import Processor
from procdsl.serving.session import Session, of_function
from procdsl.workspace import externs, leftover, models, sources
from procdsl.workspace.errors import Misuse
from procdsl.workspace.models import Carried

CHECKS = ("contract", "externs", "self_check")
_LIBRARIES = {
    "numpy": ("numpy", "numpy"),
    "cv2": ("cv2", "procdsl[opencv]"),
    "torch": ("torch", "procdsl[torch]"),
}
"""What each backend imports, and what brings it."""
_INSTEAD = 'skip=["%s"] serves it nevertheless'


@dataclass(frozen=True)
class _Found:
    """What a file holds: a pipeline with its manifest, and where it comes from elsewhere, how."""

    pipeline: Pipeline
    manifest: Mapping[str, Any]
    carried: Carried | None


def load(
    path: str | os.PathLike[str],
    *,
    backend: str = "numpy",
    model: Callable[..., Any] | str | os.PathLike[str] | None = None,
    skip: Collection[str] = (),
    allow_externs: Collection[str] = (),
) -> Processor:
    """What comes before and after a model, from the file that carries it.

    The code is generated from the manifest's pipeline, which is checked like a `.proc` file; none
    is taken from the file. Three things are checked, and each refuses with what was found and what
    was wanted: the `contract` against the inputs and outputs that the file states; the sources of
    the `externs` against their hashes; and by `self_check` what this machine computes. The model
    itself is opened when it is first run.

    Args:
        path: a torch checkpoint, TorchScript, `.pt2`, AOTInductor package, safetensors, ONNX or
            OpenVINO file, a Hugging Face folder, a manifest, or a `.proc` file
        backend: the library of the functions, `numpy`, `cv2` or `torch`
        model: what runs in the place of the file's model, or where the file holds weights alone: a
            function that takes an array of the backend for each input of the model, with the batch
            in front, and gives its outputs alone, in a sequence or by name; or an `nn.Module`,
            which takes tensors with any backend; or the path of another model file
        skip: which of the three checks are left out: `contract`, `externs`, `self_check`
        allow_externs: which Python that only the file names may be imported: `shop.filters:denoise`

    Raises:
        ImportError: the backend's library is not installed, or an extern cannot be imported
        OSError: there is no such file
        RuntimeError: `self_check` finds that this machine computes something else
        TypeError: `model` cannot be called
        ValueError: the file carries no manifest or is damaged, a check refuses, the backend cannot
            hold a step, or an argument is none of its choices
    """
    place = os.fspath(path)
    _check_backend(backend)
    if isinstance(skip, str) or not set(CHECKS).issuperset(skip):
        raise ValueError(f"skip: expected a list of {', '.join(CHECKS)}, got {skip!r}")
    os.stat(place)  # what is missing is an error of Python's own
    try:
        found = _found(place)
        file, carried = place, found.carried
        if isinstance(model, str | os.PathLike):
            file, model = os.fspath(model), None
            carried = _other(file, found)
        opening = _opening(file, carried, model, backend)
        findings = _held(place, found, carried, skip, allow_externs)
    except Misuse as error:
        raise ValueError(str(error)) from None
    _warn_of_older(place, found)
    held = "externs" not in skip
    options = Options(format=False, specialize=False, check_externs=held)  # nobody reads it
    pipeline = found.pipeline
    (text,) = files_of_manifest(pipeline, found.manifest, backend, options).values()
    part = "_host" if pipeline.plan else ""
    name = f"procdsl_{pipeline.name}{part}_{backend}_{found.manifest['id'][:16]}"
    module = load_module(text, name)
    if "self_check" in skip:
        findings.append(_skipped("self_check"))
    else:
        try:
            module.self_check()
        except RuntimeError as error:
            raise RuntimeError(
                f"{place} is refused:\n  {error}\n{_INSTEAD % 'self_check'}"
            ) from error
        findings.append(Finding("self_check", "this machine computes what was recorded"))
    given = (backend, module, tuple(findings), opening)
    if pipeline.plan is None:
        return Processor(pipeline, *given)
    two = halves(pipeline, pipeline.plan)
    return Processor(two.host, *given, plan=pipeline.plan, baked=BakedModel(two))


def _warn_of_older(path: str, found: _Found) -> None:
    """Tell of modules beside a manifest that were written with another one."""
    if found.carried is None or found.carried.format != models.MANIFEST:
        return
    older = leftover.older(Path(path), seal.fingerprint(found.manifest))
    if older:
        names = ", ".join(str(module) for module in older)
        warnings.warn(f"{names}: not written together with {path}: compile again", stacklevel=3)


def _check_backend(backend: str) -> None:
    if backend not in _LIBRARIES:
        said = ", ".join(_LIBRARIES)
        raise ValueError(f"backend: expected one of {said}, got {backend!r}")
    library, package = _LIBRARIES[backend]
    if importlib.util.find_spec(library) is None:
        raise ImportError(
            f"backend: {backend} needs {library}, which is not installed: pip install '{package}'",
            name=library,
        )


def _found(path: str) -> _Found:
    if sources.is_source(path):
        return _compiled(path)
    carried = models.carried(path)
    try:
        manifest = parse(carried.text)
        return _Found(pipeline_of(manifest), manifest, carried)
    except BadManifest as error:
        raise ValueError(f"{path}: the manifest is not whole: {error}") from None


def _compiled(path: str) -> _Found:
    """A `.proc` file, with the golden record that its reference computes."""
    checked = check(sources.read_source(path), sources.load, {}, externs.find)
    said = render(checked.diagnostics, "text").rstrip()
    if checked.pipeline is None:
        raise ValueError(f"{path} is not a pipeline:\n{said}")
    if any(d.severity is Severity.WARNING for d in checked.diagnostics):
        warnings.warn(f"{path}:\n{said}", stacklevel=4)
    record = golden_record(checked.pipeline)
    return _Found(checked.pipeline, write.manifest(checked.pipeline, record), None)


def _other(path: str, found: _Found) -> Carried:
    """Another file, whose model is run; what it carries, if anything, is of the same pipeline."""
    other = models.carried(path, wanted=False)
    if other.text and parse(other.text)["id"] != found.manifest["id"]:
        raise ValueError(f"{path} carries the manifest of another pipeline: load that file itself")
    if other.text and (planned.KEY in parse(other.text)) != (planned.KEY in found.manifest):
        raise ValueError(f"{path}: a baked file does steps itself, and takes no other's place")
    return other


def _held(
    path: str,
    found: _Found,
    model: Carried | None,
    skip: Collection[str],
    allowed: Collection[str],
) -> list[Finding]:
    """The findings of the checks that run nothing; what is wrong is a ValueError.

    `model` is the file whose model is run, where there is one.
    """
    findings = []
    if "contract" in skip:
        findings.append(_skipped("contract"))
    elif model is None:
        findings.append(Finding("contract", unchecked="a `.proc` file comes without a model"))
    else:
        findings.append(checks.contract(found.pipeline, model))
    called = found.pipeline.serving_externs
    if found.carried is not None:
        _check_allowed(path, [extern.target for extern in called], allowed)
    if called:
        held = "externs" not in skip
        findings.append(checks.externs(called, ()) if held else _skipped("externs"))
    for finding in findings:
        if finding.wrong:
            said = "\n".join(f"  {line}" for line in finding.wrong)
            raise ValueError(f"{path} is refused:\n{said}\n{_INSTEAD % finding.check}")
    return findings


def _skipped(check: str) -> Finding:
    return Finding(check, unchecked="it is skipped by the caller")


def _check_allowed(path: str, named: Sequence[str], allowed: Collection[str]) -> None:
    """Refuse Python that only the file names: its hash, from the same file, proves nothing."""
    refused = [target for target in named if isinstance(allowed, str) or target not in allowed]
    if refused:
        raise ValueError(
            f"{path} names Python that would be imported and run: {', '.join(refused)}. Read it, "
            f"and where you trust it give allow_externs={refused}"
        )


def _opening(
    path: str, carried: Carried | None, model: Callable[..., Any] | None, backend: str
) -> Callable[[], Session]:
    """What opens the model when it is first run."""
    if model is not None:
        if not callable(model):
            raise TypeError(f"model: expected a function or a path, got {type(model).__name__}")
        session = of_function(model, tensors=backend == "torch")
        return lambda: session
    absolute = os.path.abspath(path)  # where the process is may change until then
    return lambda: _opened(absolute, carried)


def _opened(path: str, carried: Carried | None) -> Session:
    """The model in a file, which must still be the file that the pipeline was read from."""
    format = "a `.proc` file" if carried is None else carried.format
    session = runtime.opened(path, format)
    assert carried is not None, "a `.proc` file holds no model"
    if models.carried(path, wanted=False).text != carried.text:
        raise ValueError(f"{path} was replaced since it was loaded, by one with another manifest")
    stated = carried.interface.inputs if carried.interface else ()
    batches = {tensor.shape[0] for tensor in stated if tensor.shape} - {None}
    return replace(session, batch=batches.pop() if len(batches) == 1 else None)
