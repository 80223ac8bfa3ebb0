"""The command line up to the moment a run begins, as processes of their own."""

import gzip
import os
import resource
import struct
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from records.scripted_run import drive

from bn_tui import __version__, cli, streams
from bn_tui.config import ExperimentConfig
from bn_tui.datasets.catalog import DATASETS
from bn_tui.errors import ExitCode, UsageError
from bn_tui.options import check_places
from bn_tui.tour import STEPS
from bn_tui.variants import PRESETS, VARIANTS, Kind

LONGEST_REFUSAL = 0.5  # of the processor's seconds
LONGEST_HELP = 0.3


@pytest.fixture(autouse=True)
def _buffered(monkeypatch):
    """Run as a person does: streams that Python does not buffer hide what is left in a buffer."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


class Outcome(NamedTuple):
    code: int
    stdout: str
    stderr: str
    modules: str
    seconds: float


def run(*arguments, **options):
    """Run bn-tui, which waits for nobody; its seconds are the processor's, whoever else has it."""
    # Python reports every import on stderr, so the modules are known without a second process.
    command = [sys.executable, "-X", "importtime", "-m", "bn_tui", *arguments]
    options = {"stdout": subprocess.PIPE, "timeout": 10} | options
    before = processor_seconds()
    done = subprocess.run(command, check=False, text=True, stderr=subprocess.PIPE, **options)
    seconds = processor_seconds() - before
    lines = done.stderr.splitlines(keepends=True)
    modules = "".join(line for line in lines if line.startswith("import time:"))
    said = "".join(line for line in lines if not line.startswith("import time:"))
    return Outcome(done.returncode, done.stdout, said, modules, seconds)


def processor_seconds():
    """What the processes that were waited for have taken so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def check_refused(outcome, code, *parts):
    assert outcome.code == code, outcome.stderr
    assert outcome.stdout in ("", None)
    assert outcome.stderr.startswith("bn-tui: ")
    assert outcome.stderr.count("\n") == 1
    for part in parts:
        assert part in outcome.stderr
    assert "tensorflow" not in outcome.modules


NUMBER = "expected a whole number from"
RATE = "expected a finite number above 0"


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--batches", "0"], ["--batches 0:", f"{NUMBER} 1 to 10,000,000"]),
        (["--batches", "-1"], ["--batches -1:", NUMBER]),
        (["--batches", "1e9x"], ["--batches 1e9x:", NUMBER]),
        (["--batches", "99999999999"], ["--batches 99999999999:", NUMBER]),
        (["--batch-size", "0"], ["--batch-size 0:", NUMBER]),
        (["--batch-size", "55001"], ["--batch-size 55001:", "1 to 55,000"]),
        (["--lr", "nan"], ["--lr nan:", RATE]),
        (["--lr", "inf"], ["--lr inf:", RATE]),
        (["--lr", "-1"], ["--lr -1:", RATE]),
        (["--learning-rate", "0"], ["--learning-rate", "0:", RATE, "such as 0.002"]),
        (["--seed", "-1"], ["--seed -1:", f"{NUMBER} 0 to"]),
        (["--threads", "0"], ["--threads 0:", NUMBER]),
        (["--log-every", "0"], ["--log-every 0:", NUMBER]),
        (["--validate-every", "x"], ["--validate-every x:", NUMBER]),
        (["--checkpoint-every", "-1"], ["--checkpoint-every -1:", f"{NUMBER} 0 to"]),
        (["--variants", "plian"], ["--variants plian:", "did you mean plain?", *VARIANTS, "all"]),
        (["--variants", "xyz"], ["--variants xyz:", "no variant 'xyz'; accepted", *VARIANTS]),
        (["--variants", "nn,plain,nn"], ["--variants nn,plain,nn:", "nn is named twice"]),
        (["--variants", ""], ["--variants", *VARIANTS]),
        (["--variants", "group:0"], ["--variants group:0:", "from 1 to 1,000,000", "group:2"]),
        (["--variants", "gruop:2"], ["--variants gruop:2:", "did you mean group?", *VARIANTS]),
        (["--variants", "nn:2,nn:02"], ["--variants nn:2,nn:02:", "nn:2 is named twice"]),
        (["--variants", "nn,nn:55001"], ["--variants nn:55001:", "from 1 to 55,000"]),
        (["--preset", "cures"], ["--preset cures:", "did you mean cure?", *PRESETS]),
        (["--preset", ""], ["--preset ''", *PRESETS]),
        (["--preset", "cure", "--variants", "plain"], ["--preset and --variants exclude each"]),
        (["--preset", "original", "--batch-size", "55001"], ["--batch-size 55001:"]),
        (["--probe-every", "-1"], ["--probe-every -1:", f"{NUMBER} 0 to"]),
        (["--bn-momentum", "1"], ["--bn-momentum 1:", "from 0 to below 1"]),
        (["--bn-momentum", "nan"], ["--bn-momentum nan:", "from 0 to below 1"]),
        (["--bn-epsilon", "1e-60"], ["--bn-epsilon 1e-60:", RATE, "such as 0.001"]),
        (["--data", "mnits"], ["--data", "'mnits'", "did you mean mnist?", *DATASETS]),
        (["--data", "no/where"], ["--data", "no folder 'no/where'", *DATASETS]),
        (["--test-data", "fashoin"], ["--test-data", "'fashoin'", *DATASETS]),
        (["--log-format", "xml"], ["--log-format", "'xml'", "'text', 'json'"]),
        (["--quiet", "--log-format", "json"], ["--quiet", "--log-format json"]),
        (["--batchs", "3"], ["--batchs", "--batches"]),
        (["varients"], ["varients", "variants"]),
        (["--data", "drawn\nmnist"], ["--data"]),
    ],
    ids=" ".join,
)
def test_what_is_refused_is_refused_at_once_in_one_line(arguments, parts):
    outcome = run("--no-ui", *arguments)
    check_refused(outcome, ExitCode.USAGE, *parts)
    assert "numpy" not in outcome.modules
    assert outcome.seconds < LONGEST_REFUSAL


@pytest.mark.parametrize("command", ["variants", "datasets"])
@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["--batches", "5"], "--batches"),
        (["--lr", "0.002"], "--learning-rate/--lr"),
        (["--no-ui"], "--no-ui"),
        (["--quiet"], "--quiet"),
        (["--preset", "cure"], "--preset"),
        (["--out", "new"], "--out"),
    ],
)
def test_options_of_a_run_before_a_list_are_refused(arguments, option, command, tmp_path):
    outcome = run(*arguments, command, cwd=tmp_path)
    check_refused(outcome, ExitCode.USAGE, f"{option} is an option of a run", f"bn-tui {command}")
    assert list(tmp_path.iterdir()) == []


def test_a_batch_above_the_training_set_of_a_folder_is_refused_at_once(digits_folder):
    arguments = ["--no-ui", "--data", str(digits_folder), "--batch-size", "221"]
    outcome = run(*arguments)
    check_refused(outcome, ExitCode.USAGE, "--batch-size 221:", "from 1 to 220")
    assert outcome.seconds < LONGEST_REFUSAL


def test_an_out_that_is_a_file_is_refused_at_once(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    outcome = run("--no-ui", "--out", str(file))
    check_refused(outcome, ExitCode.USAGE, f"--out {file}:", "expected a folder", "got a file")
    assert outcome.seconds < LONGEST_REFUSAL
    assert file.read_text() == "mine"


def test_an_out_that_cannot_be_made_is_refused_at_once(tmp_path):
    file = tmp_path / "file"
    file.touch()
    outcome = run("--no-ui", "--out", str(file / "sub"))
    check_refused(outcome, ExitCode.CANNOT_CREATE, f"--out {file / 'sub'}:", "Not a directory")
    assert outcome.seconds < LONGEST_REFUSAL


def test_an_out_that_holds_a_run_is_refused(tmp_path):
    (tmp_path / "events.jsonl").write_text("an earlier run\n")
    outcome = run("--no-ui", "--out", str(tmp_path))
    check_refused(outcome, ExitCode.CANNOT_CREATE, f"--out {tmp_path}:", "name a new folder")
    assert (tmp_path / "events.jsonl").read_text() == "an earlier run\n"


LONGEST_LOOK = 0.3  # of its seconds, to refuse what is asked of a run that is kept


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A folder of state with no runs."""
    monkeypatch.setenv("BN_TUI_STATE", str(tmp_path / "state"))
    return tmp_path / "state" / "runs"


@pytest.fixture
def kept(state):
    """Keep a run in the state's folder, whose events follow from its settings."""

    def keep_run(name, **options):
        folder = state / name
        folder.mkdir(parents=True)
        assert drive(folder, **options).failures == []
        return folder

    return keep_run


def check_refused_at_once(arguments, code, *parts):
    outcome = run(*arguments)
    check_refused(outcome, code, *parts)
    assert "numpy" not in outcome.modules
    assert outcome.seconds < LONGEST_LOOK


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--no-ui", "--resume", "latest", "--out", "new"], ["--out and --resume exclude"]),
        (["--no-ui", "--force"], ["--force is for --resume RUN"]),
        (["open", "latest", "--replay", "0"], ["--replay 0:", RATE, "such as 2"]),
        (["export", "latest"], ["either --to FORM or --weights VARIANT"]),
        (["export", "latest", "--to", "csv", "--weights", "plain"], ["either --to FORM or"]),
        (["export", "latest", "--to", "cvs"], ["--to cvs:", "did you mean csv?", "markdown"]),
    ],
    ids=" ".join,
)
def test_what_no_kept_run_can_do_is_refused_at_once(kept, state, arguments, parts):
    kept("2026-01-01-1200-calm-fox")
    check_refused_at_once(arguments, ExitCode.USAGE, *parts)
    assert [folder.name for folder in state.iterdir()] == ["2026-01-01-1200-calm-fox"]


def test_weights_of_a_variant_that_the_run_has_not_are_refused_at_once(kept):
    kept("2026-01-01-1200-calm-fox")
    arguments = ["export", "latest", "--weights", "plian"]
    check_refused_at_once(arguments, ExitCode.USAGE, "--weights plian:", "did you mean plain?")


def test_a_run_that_is_not_kept_is_refused_with_the_nearest_name(kept):
    kept("2026-01-01-1200-calm-fox")
    arguments = ["--no-ui", "--resume", "2026-01-01-1200-clam-fox"]
    near = "did you mean 2026-01-01-1200-calm-fox?"
    check_refused_at_once(arguments, ExitCode.NO_INPUT, "clam-fox", near)


def test_without_runs_there_is_none_to_resume(state):
    check_refused_at_once(["--no-ui", "--resume", "latest"], ExitCode.NO_INPUT, str(state))


def test_a_run_is_not_resumed_with_another_setting_unless_with_more_batches(kept):
    folder = kept("2026-01-01-1200-calm-fox", stop=1)
    resume = ["--no-ui", "--resume", "calm-fox"]
    changed = "learning rate 0.002 → 0.1"
    check_refused_at_once([*resume, "--lr", "0.1"], ExitCode.CHANGED, str(folder), changed)
    record = [file for file in folder.rglob("*") if file.is_file() and file.name != "lock"]
    before = {file: file.read_bytes() for file in record}
    # It is accepted, and only the data, which nobody has, are missed.
    missed = "--data digits, as recorded: no data set 'digits'", "give --data FOLDER, where"
    check_refused(run(*resume, "--batches", "8"), ExitCode.USAGE, *missed)
    assert {file: file.read_bytes() for file in record} == before


def test_test_images_that_are_gone_are_missed_by_their_own_option():
    check_places(ExperimentConfig(data="drawn"))
    said = r"^--test-data gone/x, as recorded: no folder 'gone/x'.* give --test-data FOLDER, where"
    with pytest.raises(UsageError, match=said):
        check_places(ExperimentConfig(data="drawn", test_data="gone/x"))


def test_a_damaged_run_is_refused_with_what_force_would_do(kept):
    folder = kept("2026-01-01-1200-calm-fox", stop=1)
    lines = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    (folder / "events.jsonl").write_text("".join([*lines[:9], "nonsense\n", *lines[10:]]))
    check_refused_at_once(
        ["--no-ui", "--resume", "latest"],
        ExitCode.DATA_FORMAT,
        f"{folder}: events.jsonl, line 10: ",
        "--force goes on all the same: plain anew and layers anew",
    )


def test_a_finished_run_is_refused_with_how_it_can_go_on(kept):
    folder = kept("2026-01-01-1200-calm-fox")
    arguments = ["--no-ui", "--resume", "latest"]
    check_refused_at_once(arguments, ExitCode.USAGE, f"{folder}: is finished", "--batches 8")


def test_at_first_there_are_no_runs(state):
    outcome = run("runs", "--json")
    assert outcome[:3] == (0, "[]\n", "")
    assert "tensorflow" not in outcome.modules
    assert not state.exists()


@pytest.fixture
def faulty_folder(digits_folder, tmp_path):
    """A folder of four files, one of them with other content."""

    def make_folder(file, content):
        folder = tmp_path / "faulty"
        folder.mkdir()
        for path in digits_folder.iterdir():
            (folder / path.name).write_bytes(content if path.name == file else path.read_bytes())
        return folder

    return make_folder


def header(magic, *lengths):
    return struct.pack(f">{1 + len(lengths)}I", magic, *lengths)


@pytest.mark.parametrize(
    ("file", "content", "parts"),
    [
        ("train-labels-idx1-ubyte", header(0x803, 240), ["0x00000801", "0x00000803"]),
        ("train-labels-idx1-ubyte", header(0x801, 240) + bytes(99), ["240 bytes", "99"]),
        ("train-labels-idx1-ubyte", header(0x801, 240) + bytes([10]) * 240, ["0 to 9", "got 10"]),
        (
            "train-labels-idx1-ubyte",
            gzip.compress(header(0x801, 240) + bytes(50_000_000)),
            ["240 bytes", "trailing bytes"],
        ),
        ("t10k-labels-idx1-ubyte", header(0x801, 119) + bytes(119), ["120 labels", "got 119"]),
        (
            "t10k-images-idx3-ubyte",
            header(0x803, 120, 28, 28) + bytes(120 * 784 + 1),
            ["94080 bytes", "trailing bytes"],
        ),
        (
            "train-images-idx3-ubyte",
            header(0x803, 240, 28, 28) + bytes(1000),
            ["188160 bytes", "1000 (truncated)"],
        ),
    ],
    ids=[
        "wrong magic",
        "labels truncated",
        "label above 9",
        "gzip bomb",
        "counts differ",
        "trailing bytes",
        "images truncated",
    ],
)
def test_a_faulty_file_is_named_with_expected_and_got(
    faulty_folder, tmp_path, file, content, parts
):
    folder = faulty_folder(file, content)
    outcome = run("--no-ui", "--data", str(folder), "--out", str(tmp_path / "out"))
    place = f"--data {folder}: {folder / file}: expected "
    check_refused(outcome, ExitCode.DATA_FORMAT, place, "got", *parts)
    assert "numpy" in outcome.modules
    assert not (tmp_path / "out" / "events.jsonl").exists()


# Runs what its arguments say and prints their exit code and peak memory in bytes. In a process of
# its own, because a child counts the memory of whoever started it until it is another program.
MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def measure_refusal(folder):
    """The exit code and the peak memory of a run on this folder."""
    program = [sys.executable, "-m", "bn_tui", "--no-ui", "--data", str(folder)]
    command = [sys.executable, "-c", MEASURE, *program]
    done = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True)
    return tuple(map(int, done.stdout.split()))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in kilobytes on Linux only")
@pytest.mark.parametrize(
    ("file", "head"),
    [
        ("train-labels-idx1-ubyte", header(0x801, 240)),
        ("train-labels-idx1-ubyte", header(0x801, 10_000_000)),
        ("train-images-idx3-ubyte", header(0x803, 240, 28, 28)),
        ("train-images-idx3-ubyte", header(0x803, 10_000_000, 28, 28)),
    ],
    ids=["labels", "labels that promise all", "images", "images that promise all"],
)
def test_a_gzip_bomb_is_refused_without_the_memory_for_it(faulty_folder, file, head):
    bomb = gzip.compress(head) + 20 * gzip.compress(bytes(50_000_000), compresslevel=1)
    folder = faulty_folder(file, bomb)
    code, peak = measure_refusal(folder)
    (folder / file).write_bytes(b"")
    baseline_code, baseline = measure_refusal(folder)
    assert code == baseline_code == ExitCode.DATA_FORMAT
    assert peak - baseline < 200e6


def test_a_faulty_file_to_test_on_is_named_with_its_option(digits_folder, faulty_folder):
    folder = faulty_folder("t10k-labels-idx1-ubyte", header(0x801, 120))
    outcome = run("--no-ui", "--data", str(digits_folder), "--test-data", str(folder))
    place = f"--test-data {folder}: {folder / 't10k-labels-idx1-ubyte'}: expected 120 bytes"
    assert outcome.code == ExitCode.DATA_FORMAT
    assert outcome.stderr.startswith(f"bn-tui: {place}")
    assert outcome.stderr.count("\n") == 1


def test_a_missing_file_is_named(tmp_path):
    outcome = run("--no-ui", "--data", str(tmp_path))
    place = f"--data {tmp_path}: {tmp_path}: train-images-idx3-ubyte"
    check_refused(outcome, ExitCode.DATA_FORMAT, place)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_without_a_network_a_set_asked_for_by_name_is_not_to_be_had(name, tmp_path):
    nobody = dict.fromkeys(["http_proxy", "https_proxy"], "http://127.0.0.1:9")
    environment = os.environ | nobody | {"no_proxy": "", "BN_TUI_CACHE": str(tmp_path)}
    outcome = run("--no-ui", "--data", name, env=environment)
    urls = [mirror + "train-images-idx3-ubyte.gz" for mirror in DATASETS[name].source.mirrors]
    assert len(urls) >= 2
    check_refused(outcome, ExitCode.DATA_UNAVAILABLE, f"--data {name}: ", *urls, "--data FOLDER")


def test_the_help_names_every_option_command_and_exit_code():
    outcome = run("--help")
    assert outcome.seconds < LONGEST_HELP
    assert (outcome.code, outcome.stderr) == (0, "")
    for code in ExitCode:
        assert f"{code.value:>3}  {code.meaning}\n" in outcome.stdout
    options = ["no-ui", "variants", "batches", "batch-size", "learning-rate, --lr", "seed", "data"]
    options += ["test-data", "log-every", "validate-every", "checkpoint-every", "sequential"]
    options += ["preset", "probe-every", "bn-momentum", "bn-epsilon"]
    options += ["threads", "out", "log-format", "quiet", "version", "help"]
    for option in options:
        assert f"--{option} " in outcome.stdout
    for default in ("plain,layers,manual", 800, 64, 0.002, 0, "auto", 25, 100, "text"):
        assert f"[default: {default}]" in " ".join(outcome.stdout.split())


@pytest.mark.parametrize(
    ("command", "names"), [("variants", (*VARIANTS, *PRESETS)), ("datasets", DATASETS)]
)
def test_a_list_has_one_line_for_each(command, names):
    outcome = run(command)
    assert outcome.seconds < LONGEST_HELP
    assert (outcome.code, outcome.stderr) == (0, "")
    indent = "  " if command == "variants" else ""
    lines = [line for line in outcome.stdout.splitlines() if line and line.startswith(indent)]
    assert [line.split()[0] for line in lines] == list(names)
    assert all(len(line.split()) > 2 for line in lines)
    assert "tensorflow" not in outcome.modules
    assert "numpy" not in outcome.modules


def test_variants_stand_below_what_they_are_there_for():
    blocks = run("variants").stdout.split("\n\n")
    titles = [block.splitlines()[0] for block in blocks]
    assert titles == [*Kind, "presets, for --preset"]
    told = [[line.split()[0] for line in block.splitlines()[1:]] for block in blocks]
    of_kind = [[each.name for each in VARIANTS.values() if each.kind is kind] for kind in Kind]
    assert told == [*of_kind, list(PRESETS)]
    for each in (*VARIANTS.values(), *PRESETS.values()):
        assert f" {each.summary}\n" in "\n".join([*blocks, ""])


def test_a_run_is_not_resumed_with_another_preset(kept):
    kept("2026-01-01-1200-calm-fox", stop=1)
    resume = ["--no-ui", "--resume", "calm-fox"]
    missing = "--variants manual,momentum-9,precise: the run has plain too"
    check_refused_at_once([*resume, "--preset", "cure"], ExitCode.USAGE, missing)
    changed = "variants plain,layers → plain,layers,manual"
    check_refused_at_once([*resume, "--preset", "original"], ExitCode.CHANGED, changed)


def test_the_tour_is_told_at_once_where_there_is_no_screen():
    outcome = run("tour")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.seconds < LONGEST_HELP
    assert [line for line in outcome.stdout.splitlines() if line[:1].isdigit()] == [
        f"{number}. {step.title}" for number, step in enumerate(STEPS, start=1)
    ]
    assert not {"numpy", "tensorflow", "textual"} & set(outcome.modules.split())


def test_the_version_is_printed():
    assert run("--version")[:3] == (0, f"bn-tui {__version__}\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["variants"]], ids=" ".join)
def test_a_full_disk_is_one_line(arguments):
    with open("/dev/full", "w") as full:  # noqa: PTH123 -- a device
        outcome = run(*arguments, stdout=full)
    check_refused(outcome, ExitCode.CANNOT_CREATE, "No space left on device")


def test_a_reader_that_has_gone_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    outcome = run("--help", stdout=writing)
    os.close(writing)
    assert (outcome.code, outcome.stderr) == (ExitCode.READER_GONE, "")


def test_closed_streams_are_no_error(faulty_folder):
    content = header(0x803, 240, 28, 28)  # a fault that is found by the run itself
    folder = faulty_folder("train-images-idx3-ubyte", content)
    command = f"{sys.executable} -m bn_tui --no-ui --data {folder} >&- 2>&-"
    done = subprocess.run(command, shell=True, check=False, timeout=60)  # noqa: S602
    assert done.returncode == ExitCode.DATA_FORMAT


def test_an_interrupt_before_the_run_ends_with_its_code(monkeypatch):
    def interrupt(_spec):
        raise KeyboardInterrupt

    monkeypatch.setattr("bn_tui.datasets.catalog.resolve", interrupt)
    assert cli.main(["--no-ui"]) == ExitCode.INTERRUPTED


@pytest.mark.parametrize("options", [["--quiet"], ["--log-format", "json"]])
def test_options_of_the_log_do_not_open_the_app(monkeypatch, capsys, options, tmp_path):
    monkeypatch.setattr(streams, "find_missing_screen", lambda: None)
    assert cli.main([*options, "--out", str(tmp_path / "new")]) == ExitCode.USAGE
    assert capsys.readouterr().err == (
        f"bn-tui: {' '.join(options)} is for the log, and this opens the app; add --no-ui\n"
    )
    assert not (tmp_path / "new").exists()
