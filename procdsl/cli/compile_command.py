"""`procdsl compile`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procdsl.cli import checking, paths
from procdsl.workspace import files
from procdsl.workspace.errors import Misuse
from procdsl.workspace.leftover import leftovers

if TYPE_CHECKING:
    from procdsl.diagnostics.diagnostic import Diagnostic
    from procdsl.ir.pipeline import Pipeline


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", type=paths.path, nargs="+", metavar="file.proc", help="the pipelines"
    )
    parser.add_argument(
        "-o", dest="folder", type=paths.path, help="where to write (default: beside each source)"
    )
    parser.add_argument(
        "--target",
        dest="targets",
        action="append",
        metavar="TARGET",
        help="write only this: torch, numpy or cv2, which are modules, or onnx; may be given more "
        "than once",
    )
    parser.add_argument(
        "--kernels",
        choices=("alone", "shared"),
        default="alone",
        help="whether each module holds its own helpers, which it alone needs (the default), or "
        "takes them from one file beside it, which serves all pipelines",
    )
    parser.add_argument(
        "--opset",
        type=int,
        metavar="N",
        help="the version of ONNX's operators in which graphs are written: 13 to 26 (default: 17)",
    )
    parser.add_argument(
        "--inline",
        action="store_true",
        help="write graphs without functions, for runtimes that know none",
    )
    parser.add_argument(
        "--order",
        metavar="ORDER",
        help="the order of channels that a graph takes, where the input may come in two",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; fail when a file is missing or stale",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace files that procdsl did not write, wrote from another source, or that were "
        "changed by hand",
    )
    parser.add_argument(
        "--provenance",
        action="store_true",
        help="add the git commit of the source, and whether it was changed since, to the manifest",
    )
    parser.add_argument(
        "--dump",
        choices=("typed", "rewritten", "lowered"),
        help="print a pipeline as the compiler sees it at this stage, for the first target, and "
        "write nothing",
    )
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Write the files, all or none; the output names them."""
    if given.check and given.provenance:
        raise Misuse("--check compares without provenance: it changes with every commit")
    for name in ("opset", "inline", "order"):
        if getattr(given, name) and "onnx" not in (given.targets or ()):
            raise Misuse(f"--{name} is of graphs: --target onnx")
    pipelines, found, unread = _read(given)
    if found and (checking.failed(found) or not given.check):
        checking.report(found, given.error_format)
    checking.refuse_unread(unread)
    if checking.failed(found):
        return 1
    if given.dump:
        from procdsl.stages import dump

        for pipeline in pipelines.values():
            print(dump(pipeline, given.dump, _chosen(given.targets)[0]), end="")
        return 0
    generated: dict[Path, str | bytes] = {}
    for path, pipeline in pipelines.items():
        for name, content in _generated(path, pipeline, given).items():
            place = _folder(path, given) / name
            if generated.setdefault(place, content) != content:
                raise Misuse(
                    f"{place} would be written twice: two of the pipelines are called "
                    f"{pipeline.name}; rename one, or write them to folders of their own"
                )
    if given.check:
        return _report_stale(generated, pipelines, found, given)
    files.write_all(generated, given.force, given.files)
    for place in generated:
        print(place)
    for left in leftovers(generated):
        print(f"procdsl: {left.said}", file=sys.stderr)
    return 0


def _read(
    given: argparse.Namespace,
) -> tuple[dict[str, Pipeline], list[Diagnostic], list[Misuse]]:
    """The pipelines by their files, everything that is wrong with any of them, and why some cannot
    be read."""
    pipelines: dict[str, Pipeline] = {}
    found: list[Diagnostic] = []
    unread: list[Misuse] = []
    checking.settings(given.settings)
    for path in given.files:
        try:
            pipeline, diagnostics = checking.read(path, given)
        except Misuse as error:
            unread.append(error)
            continue
        found += diagnostics
        if pipeline is not None:
            pipelines[path] = pipeline
    if len(pipelines) == len(given.files) and not given.dump:
        from procdsl.codegen.refusals import refusals

        try:
            for pipeline in pipelines.values():
                for target in _chosen(given.targets):
                    found += refusals(pipeline, target)
        except ImportError as error:  # of a library that a target is written with
            raise Misuse(str(error)) from None
    return pipelines, found, unread


def _generated(path: str, pipeline: Pipeline, given: argparse.Namespace) -> Mapping[str, Any]:
    from procdsl.codegen.target import Options
    from procdsl.compiler import generate, left_out

    provenance = None
    if given.provenance:
        from procdsl.workspace.git import provenance as read_provenance

        provenance = read_provenance(Path(path))
    in_package = (_folder(path, given) / "__init__.py").exists()
    options = Options(
        shared_kernels=given.kernels == "shared",
        in_package=in_package,
        opset=Options().opset if given.opset is None else given.opset,
        inline=given.inline,
        order=given.order,
    )
    try:
        files = generate(pipeline, _chosen(given.targets), provenance, options)
    except ValueError as error:
        raise Misuse(f"{path}: {error}") from None
    for name in left_out(pipeline, files):
        print(
            f"procdsl: {path}: self_check compares nothing of `{name}`: a probe of its size would "
            "take too long",
            file=sys.stderr,
        )
    return files


def _chosen(names: Sequence[str] | None) -> list[str]:
    """The targets that are asked for, in their own order."""
    from procdsl.codegen.targets import standard, targets

    for name in names or ():
        if name not in targets():
            raise Misuse(f"there is no target {name!r}: --target {', '.join(targets())}")
    return [name for name in targets() if name in (names or standard())]


def _folder(path: str, given: argparse.Namespace) -> Path:
    """Where the files of a source are written."""
    return Path(given.folder) if given.folder else Path(path).parent


def _report_stale(
    generated: Mapping[Path, str | bytes],
    pipelines: Mapping[str, Pipeline],
    found: Sequence[Diagnostic],
    given: argparse.Namespace,
) -> int:
    """Say which files are stale, and what has changed since they were written."""
    from procdsl.cli import staleness
    from procdsl.compare.change import Side
    from procdsl.compiler import manifest_name

    words = ["procdsl", "compile", *map(paths.word, given.files)]
    words += ["-o", paths.word(given.folder)] if given.folder else []
    words += [word for target in given.targets or () for word in ("--target", target)]
    words += ["--kernels", given.kernels] if given.kernels != "alone" else []
    words += ["--opset", str(given.opset)] if given.opset is not None else []
    words += ["--inline"] if given.inline else []
    words += ["--order", given.order] if given.order else []
    words += [word for setting in given.settings for word in ("-D", setting)]
    manifests = {
        _folder(path, given) / manifest_name(pipeline): Side(path, pipeline)
        for path, pipeline in pipelines.items()
    }
    stale = files.stale(generated)
    looked = list(staleness.look_into(stale, words, manifests))
    for left in leftovers(generated):
        if left.pipeline:
            print(f"procdsl: {left.said}", file=sys.stderr)
        else:
            looked.append(staleness.Stale(left.path, "stale", left.said))
    if looked or found:
        staleness.report(looked, found, given.error_format)
    return 1 if looked else 0
