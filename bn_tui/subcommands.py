"""What bn-tui can do beside training: list, open and hand on what is there."""

# ruff: noqa: PLC0415 -- a list of names waits for nothing

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bn_tui.arguments import Setting, parse_output
from bn_tui.config import parse_positive_number
from bn_tui.datasets import catalog
from bn_tui.errors import ExitCode, UsageError
from bn_tui.variants import PRESETS, VARIANTS, Kind

if TYPE_CHECKING:
    from bn_tui.exporting.output import Exported
    from bn_tui.state import TrainingState


@click.command("variants")
def list_variants() -> int:
    """List the variants that can be trained, and the presets."""
    groups = {
        kind.value: {each.name: each.summary for each in VARIANTS.values() if each.kind is kind}
        for kind in Kind
    }
    groups["presets, for --preset"] = {each.name: each.summary for each in PRESETS.values()}
    width = max(len(name) for group in groups.values() for name in group)
    for place, (title, group) in enumerate(groups.items()):
        if place:
            click.echo()
        click.echo(title)
        _print_table(group, indent="  ", width=width)
    return ExitCode.OK


@click.command("datasets")
def list_datasets() -> int:
    """List the data sets that have a name."""
    sets = {name: info.description for name, info in catalog.DATASETS.items()}
    _print_table(sets, width=max(map(len, sets)))
    return ExitCode.OK


def _print_table(rows: Mapping[str, str], *, width: int, indent: str = "") -> None:
    for name, text in rows.items():
        click.echo(f"{indent}{name:<{width}}  {text}")


@click.command("runs")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array, for tools.")
def list_runs(*, as_json: bool) -> int:
    """List the runs that are kept; in a terminal, to open or delete them."""
    from bn_tui.looking_back import showing

    return showing.list_runs(as_json=as_json)


@click.command("open")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--replay",
    type=Setting("speed", partial(parse_positive_number, example="2")),
    flag_value=1.0,
    is_flag=False,
    help="Play it as it happened, so many times as fast.",
)
def open_runs(*, runs: Sequence[str], replay: float | None) -> int:
    """Show a run that is kept, or several on the same axes.

    RUN is a folder, a name or a part of one, or latest. A run that another process writes is
    followed as it is written.
    """
    from bn_tui.looking_back import showing

    return showing.open_runs(runs, replay=replay)


@click.command("tour")
def walk() -> int:
    """Walk through a recorded run: batch norm, its lag, and a mistake.

    Takes three minutes, and trains nothing.
    """
    from bn_tui.looking_back import showing

    return showing.show_tour()


@click.command("explain")
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, for tools.")
def explain(*, run: str, as_json: bool) -> int:
    """Say what is or was the matter in a run, with the numbers that show it.

    RUN is a folder, a name or a part of one, or latest. Of a run that still trains, it says what
    there is so far.
    """
    from bn_tui.looking_back import explaining

    return explaining.explain(run, as_json=as_json)


@click.command("export")
@click.argument("run")
@click.option("--to", "form", metavar="FORM", help="csv, json, tensorboard, svg or markdown.")
@click.option("--weights", "variant", metavar="VARIANT", help="A variant's weights, for Keras.")
@click.option(
    "--out",
    type=Setting("path", parse_output),
    help="What to write; for weights a name in .keras or .weights.h5.  [default: named by the run]",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
def export(
    *, run: str, form: str | None, variant: str | None, out: Path | None, force: bool
) -> int:
    """Hand a run on to other tools."""
    if (form is None) == (variant is None):
        raise UsageError("export takes either --to FORM or --weights VARIANT")
    from bn_tui.looking_back.kept_runs import KeptRuns

    if form is not None:
        from bn_tui.exporting.forms import export_run, parse_form

        chosen = parse_form("--to", form)
        _tell(export_run(KeptRuns().find(run), chosen, out, force=force))
    elif variant is not None:
        from bn_tui.exporting.weights import export_weights

        folder = KeptRuns().find(run)
        out = out or Path(f"{folder.resolve().name}-{variant}.keras")
        _tell(export_weights(folder, variant, out, load_states=_load_states, force=force))
    return ExitCode.OK


def _load_states(folder: Path) -> tuple[Mapping[str, "TrainingState"], Sequence[str]]:
    """Read the states of a run's last good checkpoint."""
    from bn_tui.records.checkpoint import load_latest
    from bn_tui.records.folder import open_folder

    checkpoint, notes = load_latest(open_folder(folder))
    return ({} if checkpoint is None else checkpoint.states), notes


def _tell(exported: "Exported") -> None:
    for note in exported.notes:
        click.echo(f"bn-tui: {note}", err=True)
    for path in exported.paths:
        click.echo(path)


SUBCOMMANDS = (list_variants, list_datasets, list_runs, open_runs, explain, export, walk)
