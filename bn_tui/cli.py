"""The composition root: arguments → ExperimentConfig → event stream → its consumers.

Nothing heavy is imported before the settings are known to be good: what is refused is refused
in a few tens of milliseconds.
"""

import errno
import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click
from click.core import ParameterSource

from bn_tui import __version__, streams
from bn_tui.config import ExperimentConfig
from bn_tui.datasets import catalog
from bn_tui.errors import BnTuiError, ExitCode, UsageError
from bn_tui.options import OPTIONS, Option, check_together
from bn_tui.variants import VARIANTS


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


def _parse_folder(option: str, text: str) -> Path:
    if not text:
        raise UsageError(f"{option} '': expected a folder, new or empty")
    return Path(text)


def _exit_codes() -> str:
    rows = (f"  {code.value:>3}  {code.meaning}" for code in ExitCode)
    return "\b\nExit codes:\n" + "\n".join(rows)


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_exit_codes(),
)
@click.option("--no-ui", is_flag=True, help="Print log lines instead of opening the app.")
@_settings
@click.option(
    "--sequential", is_flag=True, help="Train one variant after another, for fair timing."
)
@click.option(
    "--out",
    type=Setting("folder", _parse_folder),
    help="A new folder for events.jsonl, results.json and native.log.",
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
def command(
    context: click.Context,
    /,
    *,
    no_ui: bool,
    out: Path | None,
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
    config = ExperimentConfig(**settings)
    check_together(config)
    missing = None if no_ui else _find_missing_screen()
    app = not no_ui and missing is None
    if app and (quiet or log_format == "json"):
        given = "--quiet" if quiet else "--log-format json"
        raise UsageError(f"{given} is for the log, and this opens the app; add --no-ui")
    if out is not None:
        from bn_tui.records.folder import prepare_folder  # noqa: PLC0415 -- only for this

        prepare_folder(out)
    # Only here, because rich and the run's machinery take longer to load than a refusal.
    if app:
        from bn_tui.interactive import run_app  # noqa: PLC0415

        return run_app(config, out=out)
    from bn_tui.headless import run_headless  # noqa: PLC0415

    if missing is not None:
        with suppress(OSError):
            click.echo(f"bn-tui: {missing}, so this runs as --no-ui does", err=True)
    return run_headless(config, out=out, log_format=log_format, quiet=quiet)


def _find_missing_screen() -> str | None:
    """Say why there is no screen to draw on; None where there is one."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "no terminal"
    terminal = os.environ.get("TERM", "")
    return f"TERM={terminal} is no screen" if terminal in ("", "dumb") else None


def _refuse_options_of_a_run(context: click.Context, subcommand: str) -> None:
    for option in context.command.params:
        if context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
            raise UsageError(
                f"{'/'.join(option.opts)} is an option of a run; bn-tui {subcommand} takes none"
            )


@command.command("variants")
def list_variants() -> int:
    """List the variants that can be trained."""
    _print_table((name, variant.summary) for name, variant in VARIANTS.items())
    return ExitCode.OK


@command.command("datasets")
def list_datasets() -> int:
    """List the data sets that have a name."""
    _print_table((name, info.description) for name, info in catalog.DATASETS.items())
    return ExitCode.OK


def _print_table(rows: Iterable[tuple[str, str]]) -> None:
    rows = list(rows)
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        click.echo(f"{name:<{width}}  {text}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; every refusal is one line on stderr."""
    try:
        code = command.main(arguments, prog_name="bn-tui", standalone_mode=False)
    except click.exceptions.NoSuchCommand as error:
        accepted = " and ".join(command.commands)
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
    if threading.active_count() > 1:
        # A download or an import of TensorFlow that nobody waits for any more: Python would
        # tear down what its thread still uses.
        os._exit(code)
    sys.exit(code)


def _refuse(message: str, code: ExitCode) -> ExitCode:
    line = " ".join(message.split())
    # Where stderr cannot be written, the code alone says it.
    with suppress(OSError):
        click.echo(f"bn-tui: {line}", err=True)
    return code
