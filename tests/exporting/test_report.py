import re

from probed_runs import compare, probe
from told_runs import loaded, started, story

from bn_tui.exporting.report import render_report


def report_of(record):
    return b"".join(render_report(record)).decode()


def cells_of(report, variant):
    row = next(line for line in report.splitlines() if line.startswith(f"| {variant}"))
    return [cell.strip() for cell in row.strip("|").split(" | ")]


def test_a_real_run_in_a_report(recorded):
    report = report_of(recorded)
    assert report.startswith("## bn-tui, 2026-01-01 00:00 UTC\n")
    assert "55,000 training, 5,000 validation and 10,000 test images." in report
    assert cells_of(report, "layers") == [
        "layers",
        "0.9582",
        "0.9625",
        "99/100 (.95–1.00)",
        "500",
        "600",
        "45.2",
        "38.1",
    ]
    assert (
        "\n- plain answers one digit for everything since batch 100: in the end digit 8, whose "
        "share of the test images, .0974, is its test accuracy.\n"
    ) in report
    assert report.endswith("\nEnvironment: bn\\_tui 0, tensorflow 2.21.0, threads 2.\n")


def test_what_was_probed_has_columns_of_its_own(record_of):
    events = [started("plain", "manual"), loaded(0.5), compare("manual", 0), probe("plain", 0)]
    report = report_of(record_of(events))
    head = cells_of(report, "variant")
    for variant, cells in (
        ("manual", ["0.1250", "0.5000", "0.7500", "0.1 s"]),
        ("plain", ["-", "-", "-", "0.1 s"]),
    ):
        row = dict(zip(head, cells_of(report, variant), strict=True))
        assert [row[it] for it in ("moving", "batch", "precise", "probing took")] == cells


def test_all_variants_are_drawn_with_a_legend(recorded):
    report = report_of(recorded)
    chart = re.search(r"```text\n(.*?)\n```", report, re.DOTALL)[1]
    lines = chart.splitlines()
    assert lines[0] == "● plain   ◆ layers   ▲ manual"
    assert max(map(len, lines)) <= 100
    loss, accuracy = chart.split("validation accuracy")
    for drawing in (loss.split("training loss")[1], accuracy):
        assert all(marker in drawing for marker in "●◆▲")


def test_only_settings_that_differ_are_named(record_of):
    events = [
        started("plain", data="my`data", test_data="mnist", seed=0, sequential=True),
        loaded(0.5, name="x_y"),
        loaded(0.75, role="test", name="z"),
    ]
    report = report_of(record_of(events))
    settings = next(line for line in report.splitlines() if line.startswith("Settings"))
    assert settings == (
        "Settings: `--variants plain`, `--batches 2`, `` --data my`data ``, "
        "`--test-data mnist`, `--sequential`."
    )
    assert r"Data: x\_y, a \<folder\>;" in report
    assert r"Test data: z, a \<folder\>; 20 images." in report
    assert r"cpu a \| b\_c" in report


def test_a_variant_that_diverged_has_its_reason(told):
    report = report_of(told)
    assert cells_of(report, "layers") == ["layers (diverged after 1 batch)", *["-"] * 7]
    assert "- layers diverged: not finite at batch 0, loss inf.\n" in report
    assert cells_of(report, "plain")[3] == "2/3 (.21–.94)"


def test_a_run_cut_short_says_how_far_it_came(record_of):
    report = report_of(record_of(story()[:5]))
    assert cells_of(report, "plain")[0] == "plain (not finished after 1 batch)"


def test_a_run_that_has_just_begun_has_nothing_to_draw(just_begun):
    report = report_of(just_begun)
    assert cells_of(report, "plain") == ["plain (not finished after 0 batches)", *["-"] * 7]
    assert report.count("nothing was measured") == 2


def test_every_line_of_a_table_has_as_many_cells(told):
    rows = [line for line in report_of(told).splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {9}


def test_a_run_that_was_forced_says_in_what(recorded):
    line = '{"differences": ["batches 2000 → 200"], "forced": true}\n'
    (recorded.folder / "sessions.jsonl").write_text(line)
    assert "\n- Resumed by force: batches 2000 → 200.\n" in report_of(recorded)
