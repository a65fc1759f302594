"""The command line. Every command lives in a module of its own and is imported when it is run."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from procdsl import limits
from procdsl.cli import streams
from procdsl.version import VERSION
from procdsl.workspace.errors import Misuse

COMMANDS = {
    "check": "find what is wrong with pipelines",
    "compile": "write the modules and the manifest of a pipeline",
    "fmt": "format pipelines in their places",
    "diff": "say what differs between two pipelines, and how grave it is",
    "run": "run a pipeline's `pre` on image files",
    "embed": "put a pipeline's manifest into a model file",
    "inspect": "show the pipeline that a model file carries",
    "extract": "write the source of the pipeline that a model file carries",
    "verify": "hold a model file against the pipeline that it carries",
    "bake": "put a pipeline's steps into a model file, as far as it can hold them",
    "plan": "say what of a pipeline a model file can hold, and what stays on the host",
    "steps": "print the steps of a pipeline as a table",
    "log": "log a pipeline to an experiment tracker",
    "explain": "print the page of a diagnostic, an op, a colour, a kind or a sampler",
    "schema": "print the JSON Schema of the manifest",
}

FINDINGS, MISUSE, BUG, INTERRUPTED = 1, 2, 70, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 when clean, 1 with findings, 2 on misuse.

    `diff` has three more, which tell how grave a difference is.
    """
    gc.set_threshold(500_000)  # imports and trees are many objects, and nothing to collect
    streams.prepare()
    with streams.Interrupts() as interrupts:
        try:
            code = _run(sys.argv[1:] if arguments is None else arguments)
            streams.flush()
            return code
        except Misuse as error:
            return _told(f"procdsl: error: {_cut(str(error))}", MISUSE)
        except KeyboardInterrupt:
            return INTERRUPTED
        except SystemExit as error:
            said = f"Python that the pipeline names ends the process: SystemExit({error.code!r})"
            return _told(f"procdsl: error: {said}", MISUSE)
        except OSError as error:  # a disk that is full, a device that fails: the system's own
            return _told(f"procdsl: error: {_of_system(error)}", MISUSE)
        except MemoryError:
            return _told("procdsl: error: there is not enough memory", MISUSE)
        except Exception as error:
            if interrupts.seen:  # what was interrupted may call it something else
                return INTERRUPTED
            if os.environ.get("PROCDSL_TRACEBACK"):
                raise
            said = (
                f"procdsl: this is a bug in procdsl: {type(error).__name__}: {error}\n"
                "Please report it; PROCDSL_TRACEBACK=1 shows where it happened."
            )
            return _told(said, BUG)


def _run(words: Sequence[str]) -> int:
    parser = _Parser(
        prog="procdsl",
        description="One checked file for what comes before and after a model.",
    )
    parser.add_argument("--version", action="version", version=f"procdsl {VERSION}")
    if any("\0" in word for word in words):
        raise Misuse("a word holds a NUL, which no name of a file has")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    asked = [name for name in COMMANDS if name in words[:1]]
    for name in asked or COMMANDS:
        said = COMMANDS[name]
        command = commands.add_parser(name, help=said, description=said[0].upper() + said[1:] + ".")
        if asked:
            _module(name).add_arguments(command)
    try:
        given = parser.parse_args(words)
    except SystemExit as error:  # it has told the help, or what is wrong with the words
        return int(error.code or 0)
    code: int = _module(given.command).run(given)
    return code


def _of_system(error: OSError) -> str:
    try:
        os.getcwd()
    except OSError:
        return "the current folder does not exist any more"
    return str(error)


def _told(said: str, code: int) -> int:
    """Say why a command fails, if there is anywhere to say it."""
    try:
        print(said, file=sys.stderr)
        streams.flush()
    except OSError:
        streams.drop()
    return code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(_cut(message))


def _cut(text: str) -> str:
    """A message without what of its lines nobody reads."""
    lines = text.split("\n")
    return "\n".join(s if len(s) <= limits.SHOWN else f"{s[: limits.SHOWN]}..." for s in lines)


def _module(command: str) -> Any:
    return importlib.import_module(f"procdsl.cli.{command}_command")
