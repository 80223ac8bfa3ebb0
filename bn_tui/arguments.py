"""What is typed on the command line, read so that a refusal names the option and what it takes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bn_tui.errors import UsageError


class Setting(click.ParamType[Any]):
    """A setting that words its own refusal."""

    def __init__(self, name: str, parse: Callable[[str, str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> object:
        """Parse what was typed; a default is what it is already."""
        del ctx
        if not isinstance(value, str) or param is None:
            return value
        return self._parse("/".join(param.opts), value)


def parse_folder(option: str, text: str) -> Path:
    """Read the name of a folder, new or empty.

    Raises:
        UsageError: it is no name.
    """
    if not text:
        raise UsageError(f"{option} '': expected a folder, new or empty")
    return Path(text)


def parse_output(option: str, text: str) -> Path:
    """Read the name of a file or folder to be written.

    Raises:
        UsageError: it is no name.
    """
    if not text:
        raise UsageError(f"{option} '': expected the name of what is to be written")
    return Path(text)
