"""A run that is killed twice and resumed, whole; tests/benchmarks/kill_loop.py kills many more."""

from killing import at_event, run_killed, run_whole, while_saving

OPTIONS = ("--variants", "plain,manual", "--batches", "12", "--batch-size", "16")
OFTEN = ("--validate-every", "4", "--log-every", "2", "--checkpoint-every", "2")


def test_killed_while_saving_and_while_validating_it_ends_the_same(digits_folder, tmp_path):
    options = (*OPTIONS, *OFTEN, "--data", str(digits_folder))
    whole = run_whole(tmp_path / "whole", options)
    moments = [while_saving, at_event('"validating"')]
    killed, found = run_killed(tmp_path / "killed", options, moments)
    assert len(found) == 2
    assert killed == whole
    assert {variant["status"] for variant in whole.scores.values()} == {"done"}
