import io
import json
import re
import sys
from dataclasses import replace

import pyte
import pytest
from probed_runs import compare, probe

from bn_tui.console import JsonLog, TextLog, render_table
from bn_tui.events import (
    BatchEvaluated,
    DataLoaded,
    DataProgressed,
    HundredScored,
    Phase,
    PhaseEntered,
    ResumptionNoted,
    Role,
    RunEnded,
    RunStarted,
    SavingFailed,
    Status,
    StepTrained,
    TestEvaluated,
    Unit,
    ValidationEvaluated,
    VariantEnded,
    from_json,
)
from bn_tui.insight.summary import RunSummary

COLUMNS, LINES = 100, 24

STARTED = RunStarted(
    seconds=0.0,
    schema=1,
    started_at="2024-01-01T00:00:00+00:00",
    config={"variants": ["plain", "manual"], "batches": 2, "test_data": None, "sequential": False},
    environment={},
)
LOADED = DataLoaded(
    seconds=1.0,
    role=Role.TRAIN,
    name="digits",
    source="folder [bold]:smile:",
    sha256="ab",
    training_images=55_000,
    validation_images=5_000,
    test_images=10_000,
    validation_class_counts=(10,),
    test_class_counts=(20,),
)
DATA_LINE = (
    "Data: digits, folder [bold]:smile:; 55,000 training, 5,000 validation and 10,000 test images"
)


def train(variant):
    """Two updates and the final scores of one variant."""
    at = {"seconds": 2.0, "variant": variant}
    step = {"loss": 0.6, "accuracy": 0.25, "step_seconds": 0.5}
    return [
        PhaseEntered(**at, phase=Phase.TRAINING),
        StepTrained(**at, step=0, **step),
        ValidationEvaluated(**at, step=0, loss=0.69104, accuracy=0.0958, final=False),
        StepTrained(**at, step=1, **step),
        BatchEvaluated(**at, step=1, loss=0.33632, accuracy=5 / 64),
        ValidationEvaluated(**at, step=1, loss=0.5, accuracy=0.9584, final=True),
        TestEvaluated(**at, loss=0.5, accuracy=0.9569),
        HundredScored(**at, accuracy=0.5, predictions=(1, 2), correct=(True, False)),
        end(variant, Status.DONE),
    ]


def end(variant, status, *, reason=None, steps=2):
    return VariantEnded(
        seconds=3.0,
        variant=variant,
        status=status,
        reason=reason,
        steps=steps,
        seconds_per_step=0.0345 if steps else None,
        train_seconds=0.069 if steps else None,
        weights_sha256="ab",
    )


ENDED = RunEnded(seconds=4.25, peak_memory_bytes=5)
RUN = [STARTED, LOADED, *train("plain"), *train("manual"), ENDED]

ORIGINAL = """\
Batch:  0: Validation loss: 0.69104, Validation accuracy: 0.09580
Batch:  1: Training loss: 0.33632, Training accuracy: 0.07812
Final validation accuracy: 0.95840
Final test accuracy: 0.95690
Accuracy on 2 samples: 0.5
"""
TABLE = """
variant   validation     test   100 samples   ms per step   seconds
plain         0.9584   0.9569           1/2          34.5       0.1
manual        0.9584   0.9569           1/2          34.5       0.1
4.2 s in all, on digits, folder [bold]:smile:
"""


class Screen(io.StringIO):
    """A terminal that is looked at with `display`."""

    def isatty(self):
        return True

    def display(self):
        screen = pyte.Screen(COLUMNS, LINES)
        pyte.Stream(screen).feed(self.getvalue().replace("\n", "\r\n"))
        return [line.rstrip() for line in screen.display]


class Gone(io.StringIO):
    def write(self, _text):
        raise BrokenPipeError


@pytest.fixture(autouse=True)
def _terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(COLUMNS))


def print_all(log, events):
    for event in events:
        log.handle(event)
    log.close()


def tag(lines, variant):
    return "".join(f"{variant:<6} | {line}\n" for line in lines.splitlines())


def summarise(*events):
    summary = RunSummary()
    for event in events:
        summary.add(event)
    return summary


def test_a_pipe_gets_the_lines_and_the_table_and_no_control_character():
    stdout, stderr = io.StringIO(), io.StringIO()
    print_all(TextLog(stdout, stderr, bare=False, quiet=False), RUN)
    assert stdout.getvalue() == (
        f"{DATA_LINE}\n{tag(ORIGINAL, 'plain')}{tag(ORIGINAL, 'manual')}{TABLE}"
    )
    assert stderr.getvalue() == ""


def test_a_bare_log_is_the_original_and_all_else_goes_beside_it():
    started = STARTED.config | {"variants": ["plain"]}
    run = [
        RunStarted(
            seconds=0.0, schema=1, started_at=STARTED.started_at, config=started, environment={}
        ),
        LOADED,
        *train("plain"),
        ENDED,
    ]
    stdout, stderr = io.StringIO(), io.StringIO()
    print_all(TextLog(stdout, stderr, bare=True, quiet=False), run)
    assert stdout.getvalue() == ORIGINAL
    table = "".join(line for line in TABLE.splitlines(keepends=True) if "manual" not in line)
    assert stderr.getvalue() == f"{DATA_LINE}\n{table}"


DEAD, ALIVE = (
    [probe("manual", step, seconds=2.0, dead_share=(share,)) for step in steps]
    for share, steps in ((0.6, (0, 25)), (0.1, (50,)))
)
BEGINS = (
    "Batch:  0: Diagnosis: has dead ReLUs: at batch 0, 60 % of the channels of layer 1 give 0 for "
    "each of 64 images\n"
)
ENDS = "Batch: 50: Diagnosis over: has dead ReLUs from batch 0 to batch 25\n"


def test_a_diagnosis_has_a_line_where_it_begins_and_where_it_ends():
    stdout, stderr = io.StringIO(), io.StringIO()
    print_all(TextLog(stdout, stderr, bare=False, quiet=False), [STARTED, *DEAD, *ALIVE])
    assert stdout.getvalue() == f"manual | {BEGINS}manual | {ENDS}"
    assert stderr.getvalue() == ""


def test_beside_a_bare_log_diagnoses_have_no_tag():
    stdout, stderr = io.StringIO(), io.StringIO()
    print_all(TextLog(stdout, stderr, bare=True, quiet=False), [STARTED, *DEAD, *ALIVE])
    assert (stdout.getvalue(), stderr.getvalue()) == ("", BEGINS + ENDS)


def test_what_an_earlier_process_has_printed_is_not_printed_again():
    stdout, stderr = io.StringIO(), io.StringIO()
    log = TextLog(stdout, stderr, bare=False, quiet=False)
    for event in (STARTED, *DEAD):
        log.recall(event)
    print_all(log, ALIVE)
    assert stdout.getvalue() == f"manual | {ENDS}"


def test_with_quiet_no_diagnosis_is_printed():
    stdout, stderr = io.StringIO(), io.StringIO()
    print_all(TextLog(stdout, stderr, bare=False, quiet=True), [STARTED, *DEAD, *ALIVE])
    assert stdout.getvalue() == stderr.getvalue() == ""


def test_quiet_is_the_table_alone():
    stdout = io.StringIO()
    print_all(TextLog(stdout, Screen(), bare=False, quiet=True), RUN)
    assert stdout.getvalue() == TABLE


@pytest.mark.parametrize("quiet", [False, True])
def test_what_is_not_saved_is_said_on_stderr_always(quiet):
    stdout, stderr = io.StringIO(), io.StringIO()
    failure = SavingFailed(seconds=3.0, what="checkpoints", reason="Input/output error")
    print_all(TextLog(stdout, stderr, bare=False, quiet=quiet), [*RUN[:-1], failure, ENDED])
    assert stderr.getvalue() == (
        "Saving failed: checkpoints cannot be written (Input/output error); training goes on\n"
    )
    assert "Saving failed" not in stdout.getvalue()


@pytest.mark.parametrize("quiet", [False, True])
def test_how_a_run_was_resumed_is_said_on_stderr_and_what_was_forced_in_the_table_too(quiet):
    stdout, stderr = io.StringIO(), io.StringIO()
    notes = [
        ResumptionNoted(seconds=3.0, text="seed 0 → 1", forced=True),
        ResumptionNoted(seconds=3.0, text="plain starts anew", forced=False),
    ]
    print_all(TextLog(stdout, stderr, bare=False, quiet=quiet), [*RUN[:-1], *notes, ENDED])
    said = "Resumed by force: seed 0 → 1\nResumed: plain starts anew\n"
    assert stderr.getvalue() == said
    assert stdout.getvalue().endswith("\nresumed by force: seed 0 → 1\n")


def test_quiet_on_a_terminal_has_a_progress_line_until_the_table():
    stdout = Screen()
    print_all(TextLog(stdout, Screen(), bare=False, quiet=True), RUN)
    assert "2/2 batches" in stdout.getvalue()
    assert stdout.getvalue().endswith(TABLE)


def test_json_is_every_event_on_a_line():
    stdout = io.StringIO()
    print_all(JsonLog(stdout), RUN)
    assert [from_json(line) for line in stdout.getvalue().splitlines()] == RUN
    assert all(json.loads(line)["event"] for line in stdout.getvalue().splitlines())


def test_a_stream_that_cannot_be_written_is_the_callers_to_hear_of():
    for log in (JsonLog(Gone()), TextLog(Gone(), io.StringIO(), bare=False, quiet=False)):
        with pytest.raises(BrokenPipeError):
            log.handle(LOADED)


def test_a_terminal_has_a_progress_line_below_the_log():
    stdout = Screen()
    log = TextLog(stdout, io.StringIO(), bare=False, quiet=False)
    for event in RUN[:5]:
        log.handle(event)
    log._progress._progress.refresh()  # which happens by itself ten times a second
    rows = [line for line in stdout.display() if line]
    log.close()
    assert rows[:2] == [
        DATA_LINE,
        "plain  | Batch:  0: Validation loss: 0.69104, Validation accuracy: 0.09580",
    ]
    assert rows[2].startswith("training ")
    assert "0/2 batches" in rows[2]


def watch(stdout, log, events):
    """What the progress line has after each event: the work and the count."""
    shown = []
    for event in events:
        log.handle(event)
        log._progress._progress.refresh()
        line = [line for line in stdout.display() if line][-1]
        shown.append(re.fullmatch(r"(.+?) +[━╸╺ ]+(\d+/\d+) batches.*", line).groups())
    return shown


def enter(variant, phase):
    return PhaseEntered(seconds=2.0, variant=variant, phase=phase)


def step(variant, number):
    return StepTrained(
        seconds=2.0, variant=variant, step=number, loss=0.6, accuracy=0.2, step_seconds=0.5
    )


def test_of_variants_side_by_side_the_one_furthest_behind_is_shown():
    stdout = Screen()
    log = TextLog(stdout, io.StringIO(), bare=False, quiet=False)
    log.handle(STARTED)
    log.handle(enter("plain", Phase.TRAINING))
    assert watch(
        stdout,
        log,
        [
            step("plain", 0),
            step("plain", 1),
            enter("manual", Phase.TRAINING),
            step("manual", 0),
            end("plain", Status.DONE),
            step("manual", 1),
            enter("manual", Phase.TESTING),
        ],
    ) == [
        ("training", "0/2"),
        ("training", "0/2"),
        ("training", "0/2"),
        ("training", "1/2"),
        ("training manual", "1/2"),
        ("training manual", "2/2"),
        ("testing manual", "2/2"),
    ]
    log.close()


def test_of_variants_in_sequence_the_one_whose_turn_it_is_is_shown():
    config = STARTED.config | {"sequential": True}
    stdout = Screen()
    log = TextLog(stdout, io.StringIO(), bare=False, quiet=False)
    log.handle(replace(STARTED, config=config))
    log.handle(enter("plain", Phase.TRAINING))
    assert watch(
        stdout,
        log,
        [
            step("plain", 0),
            step("plain", 1),
            end("plain", Status.DONE),
            enter("manual", Phase.BUILDING),
            enter("manual", Phase.TRAINING),
            step("manual", 0),
        ],
    ) == [
        ("training plain", "1/2"),
        ("training plain", "2/2"),
        ("training plain", "2/2"),
        ("building manual", "0/2"),
        ("training manual", "0/2"),
        ("training manual", "1/2"),
    ]
    log.close()


def test_what_remains_is_what_the_one_furthest_behind_has_before_it():
    stdout = Screen()
    log = TextLog(stdout, io.StringIO(), bare=False, quiet=False)
    for event in (replace(STARTED, config=STARTED.config | {"batches": 100}), LOADED):
        log.handle(event)
    progress = log._progress._progress
    now = 0.0
    progress.get_time = lambda: now
    for number in range(50):
        now += 1.0
        log.handle(step("plain", number))
        log.handle(step("manual", number))
    log.handle(step("plain", 50))
    assert (progress.tasks[0].remaining, progress.tasks[0].time_remaining) == (50, 50)
    log.close()


def test_the_progress_line_is_gone_at_the_end_and_the_cursor_back():
    stdout = Screen()
    print_all(TextLog(stdout, io.StringIO(), bare=False, quiet=False), RUN)
    expected = f"{DATA_LINE}\n{tag(ORIGINAL, 'plain')}{tag(ORIGINAL, 'manual')}{TABLE}"
    assert stdout.display() == expected.splitlines() + [""] * (LINES - expected.count("\n"))
    assert stdout.getvalue().rindex("\x1b[?25h") > stdout.getvalue().rindex("\x1b[?25l")


def test_no_progress_line_where_stdout_is_no_terminal():
    stdout, stderr = io.StringIO(), Screen()
    print_all(TextLog(stdout, stderr, bare=False, quiet=False), RUN)
    assert "\x1b" not in stdout.getvalue()
    assert stderr.getvalue() == ""


def test_a_dumb_terminal_gets_what_a_pipe_gets(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    stdout, pipe = Screen(), io.StringIO()
    for stream in (stdout, pipe):
        print_all(TextLog(stream, io.StringIO(), bare=False, quiet=False), RUN)
    assert stdout.getvalue() == pipe.getvalue()
    assert stdout.getvalue().startswith(f"{DATA_LINE}\nplain ")


def test_what_others_print_meanwhile_does_not_reach_the_terminal(capsys):
    stdout = Screen()
    log = TextLog(stdout, io.StringIO(), bare=False, quiet=False)
    log.handle(STARTED)
    log.handle(LOADED)
    sys.stdout.write("chatter of a library\n")
    sys.stderr.write("warning of a library\n")
    log.close()
    assert capsys.readouterr() == ("chatter of a library\n", "warning of a library\n")
    assert "library" not in stdout.getvalue()


@pytest.mark.parametrize(
    ("done", "total", "unit", "amount"),
    [(1_500_000, 9_912_422, Unit.BYTES, "1.5/9.9 MB"), (7, 70_000, Unit.IMAGES, "7/70,000 images")],
)
def test_a_download_and_a_drawing_are_shown_as_they_go(done, total, unit, amount):
    stdout = Screen()
    log = TextLog(stdout, io.StringIO(), bare=False, quiet=False)
    log.handle(STARTED)
    log.handle(DataProgressed(seconds=0.5, task="fetching", done=done, total=total, unit=unit))
    log.close()
    assert "fetching" in stdout.getvalue()
    assert amount in stdout.getvalue()


def test_the_table_has_what_there_is_of_a_run_that_was_cut_short():
    summary = summarise(
        STARTED,
        LOADED,
        *train("plain")[:4],
        end("plain", Status.STOPPED, reason="why"),
        end("manual", Status.DIVERGED, reason="loss is nan", steps=0),
        ENDED,
    )
    _, _, plain, manual, *ends = render_table(summary).splitlines()
    assert plain.split() == ["plain", "0.0958", "-", "-", "34.5", "0.1"]
    assert manual.split() == ["manual", *"-----"]
    assert ends[:2] == [
        "plain stopped after 2 batches, validated after batch 0",
        "manual diverged after 0 batches",
    ]


def test_what_was_probed_has_a_table_of_its_own_that_fits_a_terminal():
    names = ("batch-at-inference", "plain")
    started = replace(STARTED, config=STARTED.config | {"variants": list(names)})
    probed = [compare(names[0], 0), probe(names[1], 0)]
    table = render_table(summarise(started, LOADED, *probed, ENDED))
    assert max(map(len, table.splitlines())) <= 80
    head, batch, plain = table.split("\n\n")[1].splitlines()[:3]
    assert head.split() == ["validated", "with", "moving", "batch", "precise", "probing", "took"]
    assert batch.split() == [names[0], "0.1250", "0.5000", "0.7500", "0.1", "s"]
    assert plain.split() == ["plain", "-", "-", "-", "0.1", "s"]


def test_of_one_that_did_not_finish_the_second_table_is_of_its_last_probe():
    stopped = [compare("plain", 1, images=125), end("plain", Status.STOPPED, reason="why")]
    table = render_table(summarise(STARTED, LOADED, *train("plain")[:4], *stopped, ENDED))
    assert (
        "plain stopped after 2 batches, validated after batch 0, with each kind of statistics "
        "after batch 1 on 125 images"
    ) in table.splitlines()


def test_without_probes_there_is_one_table():
    assert "validated with" not in render_table(summarise(STARTED, LOADED, *train("plain"), ENDED))


def test_the_table_names_test_data_of_its_own():
    config = STARTED.config | {"test_data": "other"}
    started = RunStarted(
        seconds=0.0, schema=1, started_at=STARTED.started_at, config=config, environment={}
    )
    other = DataLoaded(
        seconds=1.0,
        role=Role.TEST,
        name="other",
        source="folder other",
        sha256="cd",
        training_images=1,
        validation_images=1,
        test_images=1_000,
        validation_class_counts=(1,),
        test_class_counts=(1_000,),
    )
    stdout = io.StringIO()
    run = [started, LOADED, other, ENDED]
    print_all(TextLog(stdout, io.StringIO(), bare=False, quiet=False), run)
    assert stdout.getvalue().splitlines()[1] == "Test data: other, folder other; 1,000 images"
    assert stdout.getvalue().splitlines()[-1] == "tested on other, folder other"


def test_a_run_without_data_still_has_a_table():
    assert render_table(summarise(STARTED, ENDED)).splitlines()[2].split() == ["plain"] + ["-"] * 5
