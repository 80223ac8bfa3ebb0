"""A run that is kept, as a row of a list."""

from collections.abc import Iterator
from dataclasses import replace

from rich.text import Text

from bn_tui.kept_run import KeptRun, KeptState, KeptVariant
from bn_tui.tui.palette import Palette
from bn_tui.tui.words import short

#: From this width a row is one line.
WIDE = 108

_WHEN, _NAME, _STATE, _DATA = 18, 17, 13, 15
_INDENT = 2


def matches(run: KeptRun, search: str) -> bool:
    """Whether a run has every word of what is searched for."""
    told = f"{run.name} {run.data} {run.state} {write_when(run)} {' '.join(run.variants or ())}"
    return all(word in told.lower() for word in search.lower().split())


def write_when(run: KeptRun) -> str:
    """When it began, as the clock on the wall had it."""
    return "" if run.started_at is None else f"{run.started_at.astimezone():%Y-%m-%d %H:%M}"


def write_heads(palette: Palette, width: int) -> Text:
    """What the columns are."""
    heads = _line_up("when", "run", "state", "data")
    if width >= WIDE:
        heads += "scores"
    return Text(" " * _INDENT + heads, palette.faint, no_wrap=True)


def _line_up(when: str, name: str, state: str, data: str) -> str:
    return f"{when:<{_WHEN}}{_cut(name, _NAME)}{state:<{_STATE}}{_cut(data, _DATA)}"


def _cut(text: str, width: int) -> str:
    """Give a text the width of its column, with a blank behind it."""
    return f"{text[: width - 2]:<{width}}"


def write_row(run: KeptRun, palette: Palette, width: int, *, marked: bool) -> Text:
    """Write when a run was, which it is, how it stands and what its variants have scored."""
    mark = "*" if palette.ascii_only else "✓"
    state = palette.alarm if run.state is KeptState.UNREADABLE else ""
    row = Text.assemble(
        f"{mark if marked else '':<{_INDENT}}",
        (f"{write_when(run):<{_WHEN}}", palette.faint),
        (_cut(run.short_name, _NAME), "bold"),
        (f"{run.state:<{_STATE}}", state),
        palette.spell(_cut(run.data, _DATA)),
        no_wrap=True,
    )
    told = Text("  ").join(_write_scores(run, palette))
    if run.problem is not None:
        told = Text(palette.spell(run.problem), palette.alarm)
    indent = 0 if width >= WIDE else _INDENT + _WHEN
    told.truncate(max(width - (indent or row.cell_len), 0), overflow="ellipsis")
    return Text.assemble(row, f"\n{' ' * indent}" if indent else "", told)


def _write_scores(run: KeptRun, palette: Palette) -> Iterator[Text]:
    variants = run.variants or {}
    palette = replace(palette, variants=tuple(variants))
    for name, variant in variants.items():
        look = palette.look(name)
        figure, style = _score(variant, run.batches)
        yield Text.assemble((f"{look.marker} {name} ", look.hue), (figure, style or palette.faint))


def _score(variant: KeptVariant, batches: int) -> tuple[str, str]:
    """The test accuracy, or how the variant ended without one, or how far it has come."""
    if variant.test_accuracy is not None:
        return short(variant.test_accuracy), "bold"
    if variant.status is not None:
        return variant.status, ""
    return "-" if variant.steps is None else f"{variant.steps:,}/{batches:,}", ""
