"""Ctrl-Z and back, under a shell with jobs and without one."""

import signal

from pseudo_terminal import PseudoTerminal, bn_tui

from bn_tui.errors import ExitCode

CTRL_Z = "\x1a"
PROMPT = "ready> "


def test_a_shell_gets_its_terminal_and_the_app_gets_it_back(digits_folder):
    shell = ["bash", "--norc", "--noprofile", "-i"]
    with PseudoTerminal(shell, environment={"PS1": PROMPT}) as terminal:
        terminal.wait_for(PROMPT.strip())
        at_first = terminal.left_behind()  # the shell has its own ways with a terminal
        command = " ".join(bn_tui("--data", str(digits_folder), "--variants", "plain"))
        terminal.press(command + "\r")
        terminal.wait_until(lambda: terminal.full_screen and "seed 0" in terminal.screen)
        for _ in range(2):
            terminal.press(CTRL_Z)
            terminal.wait_until(lambda: not terminal.full_screen and "Stopped" in terminal.screen)
            terminal.wait_until(lambda: terminal.scrollback.endswith(PROMPT.strip()))
            *as_before, app, worker = terminal.left_behind()
            assert (as_before, app) == (at_first, command)
            assert "bn_tui.running.worker" in worker
            terminal.press("clear; fg\r")
            terminal.wait_until(lambda: terminal.full_screen and "seed 0" in terminal.screen)
        terminal.press("q")
        terminal.wait_for("Leave?")
        terminal.press("y")
        terminal.wait_until(lambda: "plain stopped after" in terminal.scrollback)
        terminal.press("echo code $?\r")
        terminal.wait_for(f"code {ExitCode.INTERRUPTED.value}")
        terminal.press("exit\r")
        terminal.wait(5)
        assert terminal.left_behind() == []


def test_where_no_shell_could_have_it_go_on_it_does_not_stop(open_app):
    app = open_app()
    app.wait_for_frame()
    app.press(CTRL_Z)
    app.wait_until(lambda: app.output.count(b"\x1b[?1049h") == 2, "not drawn again")
    app.wait_for_frame()
    app.send(signal.SIGTERM)
    assert app.wait(5) == ExitCode.TERMINATED
    assert app.left_behind() == []


def test_stopped_from_outside_it_goes_on_with_a_whole_screen(open_app):
    app = open_app()
    app.wait_for_frame()
    app.send(signal.SIGSTOP)
    app.send(signal.SIGCONT)
    app.wait_until(lambda: app.output.count(b"\x1b[?1049h") == 2, "not drawn again")
    app.wait_for_frame()
    app.send(signal.SIGTERM)
    assert app.wait(5) == ExitCode.TERMINATED
    assert app.left_behind() == []
