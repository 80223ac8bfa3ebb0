"""What a screen becomes in a terminal without UTF-8: every character another of the same width."""

import unicodedata

from rich.cells import cell_len

_LOOK_ALIKES = {
    "-": "─━┄┅┈┉╌╍╴╶╸╺╼╾═‐‑‒–—−▁▂▃▄▀▔",
    "|": "│┃┆┇┊┋╎╏╵╷╹╻╽╿║▉▊▋▌▍▎▏▐▕",
    "#": "▅▆▇█▓■",
    ":": "░▒",
    ".": "·•…⋯",
    "x": "×✕✗",
    "o": "●○",
    "*": "◆★",
    "<": "←‹«◀",
    ">": "→›»▶",
    "^": "↑▲",
    "v": "↓▼✓",
    "'": "‘’",
    '"': "“”",
}
_BOXES = range(0x2500, 0x2580)


class _Table(dict[int, str]):
    """The characters met so far; what looks like none of ASCII's is a question mark."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if code < 128:
            plain = character
        elif code in _BOXES:
            plain = "+"
        else:
            letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
            width = cell_len(character)
            plain = letters if len(letters) == width else "?" * width
        self[code] = plain
        return plain


_TABLE = _Table(
    {ord(character): plain for plain, likes in _LOOK_ALIKES.items() for character in likes}
)


def to_ascii(text: str) -> str:
    """Write a text with ASCII alone, each character as wide as it was."""
    return text if text.isascii() else text.translate(_TABLE)
