import hashlib
import json
import linecache
import os
import re
from collections.abc import Mapping
from typing import Any


def check_unchanged(path: str, manifest: Mapping[str, Any], name: str) -> None:
    """Hold a module against the hash in its head, and against the manifest that lies beside it.

    What is not there, as where only bytecode is installed, is not looked at.
    """
    linecache.checkcache(path)
    text = "".join(linecache.getlines(path))
    seal = re.search(r'\ntext      sha256 ([0-9a-f]{64})\n"""\n', text)
    if seal:
        unsealed = f"{text[: seal.start(1)]}{'0' * 64}{text[seal.end(1) :]}"
        if hashlib.sha256(unsealed.encode()).hexdigest() != seal[1]:
            raise RuntimeError(
                f"self_check: {path} was changed since procdsl wrote it: change its source, and "
                "compile that again"
            )
    beside = os.path.join(os.path.dirname(path), name)
    if not (os.path.isfile(path) and os.path.isfile(beside)):
        return
    try:
        with open(beside, encoding="utf-8") as file:
            found = fingerprint(json.load(file))
    except (AttributeError, OSError, RecursionError, ValueError) as error:
        said = f"self_check: {beside} is no manifest that can be read: {error}"
        raise RuntimeError(said) from error
    if found != fingerprint(manifest):
        raise RuntimeError(
            f"self_check: {path} was not written together with {beside}: compile their source "
            "again, for all targets"
        )


def fingerprint(manifest: Mapping[str, Any]) -> str:
    """The hash of a manifest without its provenance."""
    told = {key: value for key, value in manifest.items() if key != "provenance"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
