import hashlib
from importlib.util import find_spec
from typing import Any


def check_source(extern: dict[str, Any]) -> None:
    """Hold the file that an extern is imported from against the one it was compiled with."""
    name = f"`{extern['name']}` ({extern['from']})"
    try:
        spec: Any = find_spec(extern["from"].partition(":")[0])
        origin = spec.origin
        source = spec.loader.get_data(origin)
    except (AttributeError, ImportError, OSError, ValueError) as error:
        raise RuntimeError(f"self_check: no source of the extern {name}: {error}") from error
    found = hashlib.sha256(source.replace(b"\r\n", b"\n")).hexdigest()
    if found != extern["sha256"]:
        raise RuntimeError(
            f"self_check: the source of the extern {name} is not the one that the pipeline was "
            f"compiled with: {origin} has the SHA-256 {found}, not {extern['sha256']}; look at "
            "what has changed, and compile the pipeline again"
        )
