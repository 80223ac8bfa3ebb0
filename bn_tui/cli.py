"""The composition root: arguments → ExperimentConfig → event stream → its consumers.

Nothing heavy is imported before the settings are known to be good: what is refused is refused
in a few tens of milliseconds.
"""

import errno
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.core import ParameterSource

from bn_tui import __version__, streams
from bn_tui.arguments import Setting, parse_folder
from bn_tui.config import ExperimentConfig
from bn_tui.errors import BnTuiError, ExitCode, UsageError
from bn_tui.leaving import holding_back_signals
from bn_tui.options import OPTIONS, PRESET, Option, check_places, check_together
from bn_tui.subcommands import SUBCOMMANDS

if TYPE_CHECKING:
    from bn_tui.running.wire import Order


def _settings(command: Callable[..., int]) -> Callable[..., int]:
    """Add an option to the command for every entry of OPTIONS, in that order."""
    for option in reversed(OPTIONS):
        command = _click_option(option)(command)
    return command


def _click_option(option: Option) -> Callable[[Callable[..., int]], Callable[..., int]]:
    setting = Setting(option.metavar, option.parse)
    if option.absent is not None:
        text = f"{option.help}  [default: {option.absent}]"
        return click.option(*option.flags, option.field, type=setting, help=text)
    return click.option(
        *option.flags,
        option.field,
        type=setting,
        default=option.write(option.default),
        show_default=True,
        help=option.help,
    )


def _exit_codes() -> str:
    rows = (f"  {code.value:>3}  {code.meaning}" for code in ExitCode)
    return "\b\nExit codes:\n" + "\n".join(rows)


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_exit_codes(),
)
@click.option("--no-ui", is_flag=True, help="Print log lines instead of opening the app.")
@click.option(*PRESET.flags, type=Setting(PRESET.metavar, PRESET.parse), help=PRESET.help)
@_settings
@click.option(
    "--sequential", is_flag=True, help="Train one variant after another, for fair timing."
)
@click.option(
    "--out",
    type=Setting("folder", parse_folder),
    help="A new folder that keeps the run.  [default: one in the state folder]",
)
@click.option(
    "--resume",
    metavar="RUN",
    help="Go on with a run that is kept: its folder, its name or a part of it, or latest.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Resume though settings, data or versions differ, or damage costs work.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json prints every event as one line.",
)
@click.option("--quiet", is_flag=True, help="Print the final table only.")
@click.version_option(__version__, prog_name="bn-tui", message="%(prog)s %(version)s")
@click.pass_context
def command(  # noqa: PLR0913 -- one for each option
    context: click.Context,
    /,
    *,
    no_ui: bool,
    preset: tuple[str, ...] | None,
    out: Path | None,
    resume: str | None,
    force: bool,
    log_format: str,
    quiet: bool,
    **settings: Any,
) -> int:
    """See what batch normalization does.

    Trains one deep network on handwritten digits several ways at once, without batch norm, with
    the library's and with one written by hand, and scores each on validation images, on test
    images, and on 100 test images one at a time.
    """
    if context.invoked_subcommand is not None:
        _refuse_options_of_a_run(context, context.invoked_subcommand)
        return ExitCode.OK
    if quiet and log_format == "json":
        raise UsageError("--quiet and --log-format json exclude each other; give one of them")
    if force and resume is None:
        raise UsageError("--force is for --resume RUN")
    missing = None if no_ui else streams.find_missing_screen()
    app = not no_ui and missing is None
    if app and (quiet or log_format == "json"):
        given = "--quiet" if quiet else "--log-format json"
        raise UsageError(f"{given} is for the log, and this opens the app; add --no-ui")
    typed = _typed(context, settings, preset)
    if resume is None:
        order = _order_new(settings | typed)
    elif out is not None:
        raise UsageError("--out and --resume exclude each other; a run goes on in its own folder")
    else:
        order = _order_resumed(resume, typed, force=force)
    # A folder that is made is not left to nobody by a signal that comes before it is in use.
    with holding_back_signals():
        if order.folder is None:
            order = replace(order, folder=_make_room(out))
        # Only here, because rich and the run's machinery take longer to load than a refusal.
        if app:
            from bn_tui.running.interactive import run_app  # noqa: PLC0415

            return run_app(order)
        from bn_tui.running.headless import run_headless  # noqa: PLC0415

        if missing is not None:
            with suppress(OSError):
                click.echo(f"bn-tui: {missing}, so this runs as --no-ui does", err=True)
        return run_headless(order, log_format=log_format, quiet=quiet)


def _order_new(settings: dict[str, Any]) -> "Order":
    """Order a new run, whose folder is still to be made."""
    config = ExperimentConfig(**settings)
    check_together(config)
    from bn_tui.running.wire import Order  # noqa: PLC0415 -- only for this

    return Order(config=config)


def _make_room(out: Path | None) -> Path:
    """Make the folder of a new run."""
    from bn_tui.records.folder import make_folder, prepare_folder  # noqa: PLC0415 -- only for this

    if out is None:
        return make_folder()
    prepare_folder(out)
    return out


def _order_resumed(run: str, changes: dict[str, Any], *, force: bool) -> "Order":
    """Order that a run goes on, if it can; whoever trains it looks again, under its lock."""
    from bn_tui.looking_back.kept_runs import KeptRuns  # noqa: PLC0415 -- only for this
    from bn_tui.records.folder import lock, open_folder  # noqa: PLC0415
    from bn_tui.records.resuming import plan  # noqa: PLC0415
    from bn_tui.running.wire import Order  # noqa: PLC0415

    folder = open_folder(KeptRuns().find(run))
    with lock(folder.path):
        config = plan(folder, changes, force=force).config
    check_places(config)
    check_together(config)
    return Order(config=config, folder=folder.path, resumes=True, changes=changes, force=force)


def _typed(
    context: click.Context, settings: dict[str, Any], preset: tuple[str, ...] | None
) -> dict[str, Any]:
    """The settings that were typed, not those that have their default; a preset is variants."""
    typed = {
        name: value
        for name, value in settings.items()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    if preset is None:
        return typed
    if "variants" in typed:
        raise UsageError("--preset and --variants exclude each other; give one of them")
    return typed | {"variants": preset}


def _refuse_options_of_a_run(context: click.Context, subcommand: str) -> None:
    for option in context.command.params:
        if context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
            raise UsageError(
                f"{'/'.join(option.opts)} is an option of a run; bn-tui {subcommand} takes none"
            )


for _subcommand in SUBCOMMANDS:
    command.add_command(_subcommand)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; every refusal is one line on stderr."""
    try:
        code = command.main(arguments, prog_name="bn-tui", standalone_mode=False)
    except click.exceptions.NoSuchCommand as error:
        accepted = ", ".join(command.commands)
        code = _refuse(
            f"{error.format_message()} Commands are {accepted}; lists have commas and no spaces.",
            ExitCode.USAGE,
        )
    except click.ClickException as error:
        code = _refuse(error.format_message(), ExitCode.USAGE)
    except BnTuiError as error:
        code = _refuse(str(error), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
    except SystemExit as leaving:
        # How click ends where the reader of its output has gone, and after a shell's completion.
        code = ExitCode.READER_GONE if leaving.code else ExitCode.OK
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        # Help or a list did not fit where stdout goes; a run sees to its own output.
        streams.point_at_nothing(1)
        code = _refuse(
            f"standard output cannot be written ({error.strerror})", ExitCode.CANNOT_CREATE
        )
    return int(code)


def entry() -> NoReturn:
    """Run the command line as a process of its own."""
    streams.reopen_closed()
    code = main()
    if threading.active_count() > 1 or "tensorflow" in sys.modules:
        # A download or an import of TensorFlow that nobody waits for any more: Python would
        # tear down what its thread still uses. And TensorFlow takes most of a second to do so.
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


def _refuse(message: str, code: ExitCode) -> ExitCode:
    line = " ".join(message.split())
    # Where stderr cannot be written, the code alone says it.
    with suppress(OSError):
        click.echo(f"bn-tui: {line}", err=True)
    return code
