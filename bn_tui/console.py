"""The headless consumers: log lines as they come, a live progress line, and the final table."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    Phase,
    PhaseEntered,
    ResumptionNoted,
    RunEnded,
    SavingFailed,
    Status,
    StepTrained,
    VariantEnded,
    to_json,
)
from bn_tui.insight.history import RunHistory
from bn_tui.insight.lines import (
    count_batches,
    describe_data,
    describe_failed_saving,
    describe_resumption,
    describe_turn,
    original_line,
    tag,
    tagged_line,
)
from bn_tui.insight.numbers import (
    PROBED_HEADERS,
    RESULT_HEADERS,
    amount,
    probed_cells,
    result_cells,
)
from bn_tui.insight.summary import RunSummary, VariantSummary

_TABLE_WIDTH = 140


class JsonLog:
    """Prints every event as one line of JSON."""

    def __init__(self, stdout: TextIO) -> None:
        self._stdout = stdout

    def handle(self, event: Event) -> None:
        """Print one event.

        Raises:
            OSError: the stream cannot be written.
        """
        self._stdout.write(to_json(event) + "\n")

    def recall(self, event: Event) -> None:
        """Leave out what an earlier process has printed."""

    def close(self) -> None:
        """Nothing stays behind."""


class TextLog:
    """Prints the original's lines and diagnoses behind their variants' tags, and the final table.

    With `bare`, stdout has the original's lines and nothing else; what is said beside them goes
    to stderr. With `quiet`, the table stands alone. What cannot be saved, and how a run was
    resumed, is said on stderr always. On a terminal that is not dumb, a progress line stays
    below the last line until the run ends or `close` is called.
    """

    def __init__(self, stdout: TextIO, stderr: TextIO, *, bare: bool, quiet: bool) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self._beside = stderr if bare else stdout
        self._bare = bare
        self._quiet = quiet
        self._history = RunHistory()
        self._progress = ProgressLine(stdout) if _can_move_the_cursor(stdout) else None

    def handle(self, event: Event) -> None:
        """Print what this event is worth.

        Raises:
            OSError: the stream cannot be written.
        """
        self._take_in(event)
        if isinstance(event, SavingFailed):
            self._print(self._stderr, describe_failed_saving(event))
        if isinstance(event, ResumptionNoted):
            self._print(self._stderr, describe_resumption(event))
        if not self._quiet:
            if isinstance(event, DataLoaded):
                self._print(self._beside, describe_data(event))
            elif (line := self._line(event)) is not None:
                self._print(self._stdout, line)
            for diagnosis in self._history.turns:
                self._print(self._beside, self._tag(describe_turn(diagnosis), diagnosis.variant))
        if isinstance(event, RunEnded):
            self.close()
            self._beside.write(render_table(self._history.summary))

    def recall(self, event: Event) -> None:
        """Take in, for the table, what an earlier process has printed."""
        self._take_in(event)

    def close(self) -> None:
        """Take the progress line away."""
        if self._progress:
            self._progress.close()

    def _take_in(self, event: Event) -> None:
        self._history.add(event)
        if self._progress:
            self._progress.handle(event, self._history.summary)

    def _line(self, event: Event) -> str | None:
        return original_line(event) if self._bare else tagged_line(event, self._history.variants)

    def _tag(self, line: str, variant: str) -> str:
        return line if self._bare else tag(line, variant, self._history.variants)

    def _print(self, stream: TextIO, line: str) -> None:
        if self._progress and stream.isatty():
            self._progress.print_above(line)
        else:
            stream.write(line + "\n")


def _can_move_the_cursor(stdout: TextIO) -> bool:
    # Stderr is not asked where stdout is a pipe: the pipe's reader prints on the same terminal.
    console = Console(file=stdout)
    return stdout.isatty() and console.is_terminal and not console.is_dumb_terminal


class ProgressLine:
    """One line at the bottom of a terminal: what is being done, how far it is, what remains.

    Of the variants in training it shows the one that is furthest behind.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}"),
            TimeRemainingColumn(compact=True),
            console=Console(file=terminal),
            transient=True,
            # What is printed to sys.stdout and sys.stderr meanwhile is not for the terminal.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task: TaskID = self._progress.add_task("starting", total=None, count="")
        self._done = 0
        self._total: int | None = None

    def handle(self, event: Event, summary: RunSummary) -> None:
        """Move on to where the run is after this event."""
        match event:
            case DataProgressed():
                count = amount(event)
                self._show(event.task, event.done, event.total, count)
            case PhaseEntered(
                phase=Phase.LOADING_TENSORFLOW | Phase.BUILDING | Phase.COMPILING
            ) if not _has_trained(summary):
                self._show(event.phase, 0, None, "")
            case StepTrained() | PhaseEntered() | VariantEnded() if _has_trained(summary):
                self._show_training(_active(summary), summary.batches)

    def print_above(self, line: str) -> None:
        """Print a line of the log above the progress line, folded at words where it must be."""
        self._progress.console.print(Text(line))

    def close(self) -> None:
        """Take the line away."""
        self._progress.stop()

    def _show_training(self, active: dict[str, VariantSummary], batches: int) -> None:
        if active:
            done = min(variant.steps for variant in active.values())
            self._show(_describe_work(active), done, batches, f"{done}/{batches} batches")

    def _show(self, description: str, done: int, total: int | None, count: str) -> None:
        if not self._progress.live.is_started:
            self._progress.start()
        if total != self._total or done < self._done:
            # Other work, or another variant's: its rate says nothing about the old one's.
            self._progress.reset(self._task, total=total)
        self._done, self._total = done, total
        self._progress.update(
            self._task, description=description, completed=done, total=total, count=count
        )


def render_table(summary: RunSummary) -> str:
    """The final table as text: one row for each variant, with what there is of it.

    What was looked at inside has a table of its own below, which is as wide as a terminal has
    room for whatever variants are called.
    """
    variants = summary.variants
    lines = ["", *_tabulate("variant", RESULT_HEADERS, variants, result_cells)]
    probed = {name: variant for name, variant in variants.items() if variant.probed}
    if probed:
        lines += ["", *_tabulate("validated with", PROBED_HEADERS, probed, probed_cells)]
    ends = [_describe_end(name, variant) for name, variant in variants.items()]
    return "\n".join([*lines, *filter(None, ends), *_describe_run(summary)]) + "\n"


def _tabulate(
    title: str,
    headers: Sequence[str],
    variants: Mapping[str, VariantSummary],
    write: Callable[[VariantSummary], Sequence[str]],
) -> list[str]:
    """The lines of a table with a row for each variant, its name first."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_edge=False)
    table.add_column(title)
    for header in headers:
        table.add_column(header, justify="right")
    for name, variant in variants.items():
        table.add_row(name, *write(variant))
    text = io.StringIO()
    Console(file=text, width=_TABLE_WIDTH, color_system=None).print(table)
    return [line.rstrip() for line in text.getvalue().splitlines()]


def _describe_end(name: str, variant: VariantSummary) -> str:
    if variant.status in (None, Status.DONE):
        return ""
    validated = variant.validation_step
    measured = "" if validated is None else f", validated after batch {validated}"
    if (compared := variant.comparison) is not None and not compared.final:
        measured += (
            f", with each kind of statistics after batch {compared.step} on "
            f"{compared.images} images"
        )
    return f"{name} {variant.status} after {count_batches(variant.steps)}{measured}"


def _describe_run(summary: RunSummary) -> list[str]:
    train, test = summary.train_data, summary.test_data
    if train is None:
        return []
    lines = [f"{summary.seconds:.1f} s in all, on {train.name}, {train.source}"]
    if test is not None and test is not train:
        lines.append(f"tested on {test.name}, {test.source}")
    if summary.forced:
        lines.append(f"resumed by force: {', '.join(summary.forced)}")
    return lines


def _describe_work(active: dict[str, VariantSummary]) -> str:
    phases = [variant.phase for variant in active.values()]
    work = "training" if Phase.TRAINING in phases else str(phases[0])
    return f"{work} {next(iter(active))}" if len(active) == 1 else work


def _active(summary: RunSummary) -> dict[str, VariantSummary]:
    """The variants that are not over, nor waiting for others to be over."""
    sequential = summary.started is not None and summary.started.config["sequential"]
    return {
        name: variant
        for name, variant in summary.variants.items()
        if variant.status is None and not (sequential and variant.phase is Phase.WAITING)
    }


def _has_trained(summary: RunSummary) -> bool:
    return any(variant.steps for variant in summary.variants.values())
