"""What the README says of the program is what the program says of itself."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from bn_tui.cli import command
from bn_tui.tui.keys import BINDINGS
from bn_tui.variants import PRESETS, VARIANTS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def table_after(heading: str) -> list[list[str]]:
    """The rows of the first table below a line, without its head."""
    lines = README[README.index(heading) :].splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| ---"))
    rows = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def options() -> list[click.Option]:
    return [parameter for parameter in command.params if isinstance(parameter, click.Option)]


def test_every_option_of_a_run_is_in_the_table() -> None:
    told = {name for row in table_after("| option |") for name in re.findall(r"--[a-z-]+", row[0])}
    there = {name for option in options() for name in option.opts if name.startswith("--")}
    assert told == there - {"--no-ui", "--version"}


@pytest.mark.parametrize(
    ("option", "default"),
    [
        (row[0], row[1].strip("`"))
        for row in table_after("| option |")
        if re.fullmatch(r"`?[a-z0-9.,]+`?", row[1]) and row[1] not in ("off", "none", "processors")
    ],
)
def test_the_defaults_in_the_table_are_the_defaults(option: str, default: str) -> None:
    name = re.findall(r"--[a-z-]+", option)[0]
    found = next(parameter for parameter in options() if name in parameter.opts)
    assert str(found.default) == default


def test_the_variants_in_the_tables_are_the_variants() -> None:
    heads = ("in the original", "known as", "from")
    rows = [row for head in heads for row in table_after(f"| {head} |")]
    assert [(row[0].strip("`"), row[2].replace("`", "")) for row in rows] == [
        (variant.name, variant.origin) for variant in VARIANTS.values()
    ]


def test_the_presets_in_the_table_are_the_presets() -> None:
    rows = [re.findall(r"`([^`]+)`", " ".join(row[:2])) for row in table_after("| preset |")]
    assert rows == [
        [name, *dict.fromkeys(each.partition(":")[0] for each in preset.variants)]
        for name, preset in PRESETS.items()
    ]


def test_the_excerpt_has_the_lines_of_the_log() -> None:
    without_a_screen = README[README.index("## Without a screen") :]
    excerpt = without_a_screen.split("```")[1].strip().splitlines()
    logged = [line for line in excerpt if " | " in line]
    form = (
        r"(plain |layers|manual) \| (Batch: [ \d]\d+: (Validation|Training) loss: 0\.\d{5}, "
        r"(Validation|Training) accuracy: [01]\.\d{5}|Final (validation|test) accuracy: "
        r"[01]\.\d{5}|Accuracy on 100 samples: [01]\.\d+)"
    )
    assert logged
    assert [line for line in logged if not re.fullmatch(form, line)] == []


def test_every_key_of_the_app_is_in_the_table() -> None:
    told = {key for row in table_after("| key |") for key in re.findall(r"`([^`]+)`", row[0])}
    names = {"question_mark": "?", "less_than_sign": "<", "greater_than_sign": ">", "e,f1": "e"}
    there = {names.get(binding.key, binding.key) for binding in BINDINGS}
    assert told == there - {"ctrl+q"}


def test_the_pictures_are_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert len(pictures) >= 4
    assert [name for name in pictures if not (ROOT / name).is_file()] == []


def find_program(name: str) -> str:
    found = shutil.which(name)
    assert found is not None
    return found


def test_ci_runs_the_test_command_and_fails_where_it_fails(tmp_path: Path) -> None:
    """CI's own script, where there is no Python, and a shell that notes what it is told to run."""
    shell = tmp_path / "bash"
    shell.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {tmp_path}/told\nexit 3\n")
    shell.chmod(0o755)
    for program in ("dirname", "grep", "sed"):
        (tmp_path / program).symlink_to(find_program(program))
    done = subprocess.run(
        [find_program("bash"), ROOT / ".ci" / "run"],
        env=os.environ | {"PATH": str(tmp_path)},
        check=False,
    )
    command = README.split("<!-- test command -->\n```sh\n")[1].split("```")[0]
    assert (tmp_path / "told").read_text() == f"-ec\n{command}"
    assert done.returncode == 3
