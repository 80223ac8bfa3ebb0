"""Words in Markdown that says them and nothing else."""

import re
from collections.abc import Iterable, Sequence

# What GitHub's Markdown, HTML in it, or a link could be made of.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$!])")


def escape(text: object) -> str:
    """Give a text that reads as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", _on_one_line(text))


def code(text: object) -> str:
    """Give a text as code, whatever backticks it has."""
    line = _on_one_line(text)
    longest = max(map(len, re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    room = " " if longest or not line else ""
    return f"{fence}{room}{line}{room}{fence}"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table of cells that are Markdown already; all columns but the first are numbers."""
    rule = [":--", *["--:"] * (len(headers) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headers, rule, *rows))


def _on_one_line(text: object) -> str:
    words = " ".join(str(text).split())
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in words)
