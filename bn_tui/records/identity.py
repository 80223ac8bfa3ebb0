"""What a run is, as its config.json says: settings, environment and data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bn_tui.errors import DataFormatError, NoInputError
from bn_tui.events import DataLoaded, RunStarted
from bn_tui.records.folder import FORMAT, RunFolder, read_own


@dataclass(frozen=True, slots=True)
class Identity:
    """What must be the same for a run to go on to the same last bit.

    `data` has name, source and sha256 by role, as far as the data were loaded.
    """

    created_at: str
    config: Mapping[str, Any]
    environment: Mapping[str, Any]
    data: Mapping[str, Mapping[str, str]]

    def encode(self) -> bytes:
        """The content of config.json."""
        content = {
            "format": FORMAT,
            "created_at": self.created_at,
            "config": self.config,
            "environment": self.environment,
            "data": self.data,
        }
        return json.dumps(content, indent=2, allow_nan=False).encode() + b"\n"


def describe_data(loaded: DataLoaded) -> dict[str, str]:
    """What config.json says of a data set."""
    return {"name": loaded.name, "source": loaded.source, "sha256": loaded.sha256}


def identify(started: RunStarted, loaded: Mapping[str, Mapping[str, str]]) -> Identity:
    """Describe the run that began so, on these data."""
    return Identity(started.started_at, started.config, started.environment, loaded)


def read_identity(folder: RunFolder) -> Identity:
    """Read config.json of a folder that `open_folder` has taken.

    Raises:
        NoInputError: it is not there, or cannot be read.
        DataFormatError: it is damaged.
    """
    path = folder.config
    try:
        content = json.loads(read_own(path))
    except OSError as error:
        raise NoInputError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise DataFormatError(f"{path}: expected JSON, and is damaged ({error})") from error
    version = content.get("format") if isinstance(content, dict) else None
    if type(version) is not int:
        raise DataFormatError(f"{path}: expected the format of a run as a number, got {version!r}")
    parts = [content.get(name) for name in ("created_at", "config", "environment", "data")]
    kinds = (str, dict, dict, dict)
    if not all(map(isinstance, parts, kinds)) or not _is_data(content["data"]):
        raise DataFormatError(f"{path}: is damaged: created_at, config, environment or data")
    return Identity(*parts)


def _is_data(data: dict[str, Any]) -> bool:
    return all(
        isinstance(described, dict)
        and all(isinstance(value, str) for value in described.values())
        and "sha256" in described
        for described in data.values()
    )
