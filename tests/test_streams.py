import os
import subprocess
import sys

import pytest

from bn_tui.streams import native_output_to, speaks_unicode


@pytest.fixture
def log(tmp_path):
    with (tmp_path / "native.log").open("w+b") as file:
        yield file


@pytest.fixture(autouse=True)
def _buffered(monkeypatch):
    """Run as a person does: streams that Python does not buffer hide what is left in a buffer."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


def read(log):
    log.seek(0)
    return log.read().decode()


def where(descriptor):
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def lowest_free_descriptor():
    descriptor = os.dup(0)
    os.close(descriptor)
    return descriptor


def print_natively(text):
    """As C++ does: to the descriptors, past Python's streams, also from a child process."""
    os.write(1, f"{text} to 1\n".encode())
    os.write(2, f"{text} to 2\n".encode())
    command = f"echo {text} of a child; echo {text} of a child to 2 >&2"
    subprocess.run(["/bin/sh", "-c", command], check=True)


def test_native_output_lands_in_the_log(log, capfd):
    with native_output_to(log) as terminal:
        print_natively("chatter")
        terminal.stdout.write("a line\n")
        terminal.stderr.write("an error\n")
    assert set(read(log).splitlines()) == {
        "chatter to 1",
        "chatter to 2",
        "chatter of a child",
        "chatter of a child to 2",
    }
    assert capfd.readouterr() == ("a line\n", "an error\n")


def test_what_python_prints_meanwhile_lands_in_the_log(log):
    program = (
        "import sys, warnings\n"
        "from bn_tui.streams import native_output_to\n"
        "print('before')\n"
        "with native_output_to(open(sys.argv[1], 'wb')) as terminal:\n"
        "    print('printed')\n"
        "    warnings.warn('warned')\n"
        "print('after')\n"
    )
    run = [sys.executable, "-c", program, log.name]
    done = subprocess.run(run, check=True, timeout=30, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("before\nafter\n", "")
    assert "printed\n" in read(log)
    assert "UserWarning: warned" in read(log)


def test_what_a_thread_prints_afterwards_lands_in_the_log(log):
    program = (
        "import os, sys, threading\n"
        "from bn_tui.streams import native_output_to\n"
        "go_on = threading.Event()\n"
        "def load():\n"
        "    go_on.wait()\n"
        "    os.write(1, b'chatter\\n')\n"
        "    os.write(2, b'chatter\\n')\n"
        "with native_output_to(open(sys.argv[1], 'wb')) as terminal:\n"
        "    thread = threading.Thread(target=load)\n"
        "    thread.start()\n"
        "go_on.set()\n"
        "thread.join()\n"
        "print('said')\n"
        "print('refused', file=sys.stderr)\n"
    )
    run = [sys.executable, "-c", program, log.name]
    done = subprocess.run(run, check=True, timeout=30, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("said\n", "refused\n")
    assert read(log) == "chatter\nchatter\n"


def test_a_line_on_the_terminal_is_there_at_once(log, capfd):
    with native_output_to(log) as terminal:
        terminal.stdout.write("a line\n")
        assert capfd.readouterr().out == "a line\n"


def test_textual_finds_the_terminal_where_it_draws(log):
    before = sys.__stderr__
    with native_output_to(log) as terminal:
        assert sys.__stderr__ is terminal.stderr
    assert sys.__stderr__ is before


def test_everything_is_restored_after_an_exception(log, capfd):
    before = sys.__stderr__, where(1), where(2)

    def fail():
        with native_output_to(log):
            print_natively("chatter")
            raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        fail()
    assert (sys.__stderr__, where(1), where(2)) == before
    print_natively("again")
    out, err = capfd.readouterr()
    assert out == "again to 1\nagain of a child\n"
    assert err == "again to 2\nagain of a child to 2\n"
    assert "again" not in read(log)


def test_no_descriptor_is_left_open(log):
    before = lowest_free_descriptor()
    with native_output_to(log):
        assert lowest_free_descriptor() > before
    assert lowest_free_descriptor() == before


def test_what_the_terminal_cannot_show_is_replaced(log, capfd, monkeypatch):
    class Latin:
        encoding = "latin-1"

        def flush(self):
            pass

    monkeypatch.setattr(sys, "stdout", Latin())
    with native_output_to(log) as terminal:
        terminal.stdout.write("γ = 1\n")
    assert capfd.readouterr().out == "? = 1\n"


@pytest.mark.parametrize(
    ("encoding", "of_locale", "spoken"),
    [
        ("utf-8", "UTF-8", True),
        ("UTF8", "utf-8", True),
        ("utf-8", "ANSI_X3.4-1968", False),  # LC_ALL=C
        ("iso8859-1", "UTF-8", False),  # PYTHONIOENCODING
    ],
)
def test_every_character_takes_both_the_stream_and_the_locale(
    tmp_path, monkeypatch, encoding, of_locale, spoken
):
    monkeypatch.setattr("locale.getencoding", lambda: of_locale)
    with (tmp_path / "stdout").open("w", encoding=encoding) as stream:
        assert speaks_unicode(stream) is spoken
