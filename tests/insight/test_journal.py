from bn_tui.events import BatchEvaluated, ResumptionNoted, RunStarted, SavingFailed
from bn_tui.insight.journal import MOST_LINES, Journal, Line, Lines


def start(*variants, sequential=False):
    return RunStarted(
        seconds=0.0,
        schema=1,
        started_at="2024-01-01T00:00:00+00:00",
        config={"variants": list(variants), "sequential": sequential},
        environment={},
    )


def judge(variant):
    return BatchEvaluated(seconds=1.0, variant=variant, step=25, loss=0.5, accuracy=0.25)


def write(*events):
    journal = Journal()
    for event in events:
        journal.add(event)
    return journal.lines.since(0)


LINE = "Batch: 25: Training loss: 0.50000, Training accuracy: 0.25000"


def test_each_line_has_the_tag_of_its_variant():
    assert write(start("plain", "manual"), judge("plain"), judge("manual")) == [
        Line(f"plain  | {LINE}", "plain"),
        Line(f"manual | {LINE}", "manual"),
    ]


def test_one_variant_in_sequence_has_the_originals_lines():
    assert write(start("plain", sequential=True), judge("plain")) == [Line(LINE)]
    assert write(start("plain"), judge("plain")) == [Line(f"plain | {LINE}", "plain")]


def test_a_variant_that_the_run_did_not_name_has_no_line():
    assert write(judge("plain"), start("manual"), judge("plain")) == []


def test_lines_are_known_by_their_numbers():
    lines = Lines(map(Line, "abc"))
    assert (lines.first, lines.count) == (0, 3)
    assert [line.text for line in lines.since(1)] == ["b", "c"]
    assert lines.since(3) == []


def test_the_latest_lines_are_kept():
    lines = Lines(Line(str(number)) for number in range(MOST_LINES + 5))
    assert (lines.first, lines.count) == (5, MOST_LINES + 5)
    assert [line.text for line in lines.since(0)[:2]] == ["5", "6"]
    assert [line.text for line in lines.since(MOST_LINES + 3)] == ["10003", "10004"]
    assert len(lines.since(0)) == MOST_LINES


def test_what_is_not_saved_has_a_line_without_a_tag():
    failure = SavingFailed(seconds=1.0, what="events.jsonl", reason="No space left on device")
    assert write(start("plain"), failure) == [
        Line(
            "Saving failed: events.jsonl cannot be written (No space left on device); "
            "training goes on"
        )
    ]


def test_how_a_run_was_resumed_has_a_line_without_a_tag():
    damaged = ResumptionNoted(seconds=1.0, text="checkpoint 2 is damaged", forced=False)
    assert write(start("plain"), damaged) == [Line("Resumed: checkpoint 2 is damaged")]


def test_diagnoses_have_lines_behind_that_of_their_event(story):
    story.start("plain", "manual")
    story.look_inside_without_norm("plain", 25, dead_share=(0.6,))
    (turn,) = story.history.turns
    for event, prefix, tag in (
        (start("plain", "manual"), "plain  | ", "plain"),
        (start("plain", sequential=True), "", None),
    ):
        journal = Journal()
        journal.add(event)
        journal.add(judge("plain"), story.history.turns)
        judged, diagnosed = journal.lines.since(0)
        assert judged == Line(f"{prefix}{LINE}", tag)
        assert diagnosed == Line(f"{prefix}Batch: 25: Diagnosis: {turn.words}", tag)
