"""What the numbers were taken on."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = (
    "numpy",
    "opencv-python-headless",
    "torch",
    "pillow",
    "albumentations",
    "kornia",
    "onnxruntime",
    "onnxruntime-extensions",
    "openvino",
    "transformers",
    "lark",
)


def described() -> dict[str, object]:
    """The processor, its cores, the versions, and the commit that was measured."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: v for name in LIBRARIES if (v := _version(name))},
        "commit": _commit(),
    }


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    if not about.exists():
        return platform.processor()
    text = about.read_text()
    pairs = (line.partition(":") for line in text.splitlines())
    fields = {name.strip(): value.strip() for name, _, value in pairs}
    flags = fields.get("flags", "").split()
    wide = [name for name in ("avx2", "avx512f") if name in flags]
    model = " ".join(fields.get(name, "?") for name in ("cpu family", "model"))
    return f"{fields.get('model name', '?')} (family and model {model}; {', '.join(wide)})"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip()
