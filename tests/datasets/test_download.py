import hashlib
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bn_tui.datasets.download import Deadlines, fetch
from bn_tui.datasets.sources import Archive, RemoteFile
from bn_tui.errors import DataUnavailableError, ExitCode

CONTENTS = {name: name.encode() * 50_000 for name in ("one", "two", "three", "four")}
FILES = tuple(
    RemoteFile(name, len(content), hashlib.sha256(content).hexdigest())
    for name, content in CONTENTS.items()
)
QUICK = Deadlines(silence=0.5)


class Mirror(ThreadingHTTPServer):
    """A web server whose reply to each request is a function of the test's choice."""

    def __init__(self, reply):
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply = reply
        self.asked = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    server: Mirror
    timeout = 10

    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        self.server.reply(self, name)

    def log_message(self, *args):
        pass

    def send(self, content, status=200, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(content)


def reply_well(handler, name):
    handler.send(CONTENTS[name])


def reply_wrong(handler, name):
    handler.send(b"x" * len(CONTENTS[name]))


def reply_not_found(handler, name):
    handler.send(b"nothing here", status=404)


def reply_cut(handler, name):
    handler.send(CONTENTS[name][:70_000], length=len(CONTENTS[name]))


def reply_endlessly(handler, name):
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.closing.is_set():
            handler.wfile.write(CONTENTS[name])
    except ConnectionError:
        pass  # hung up on, as it should be


def reply_never(handler, name):
    handler.server.closing.wait(10)


def stop_half_way(handler, name):
    handler.send(CONTENTS[name][:70_000], length=len(CONTENTS[name]))
    handler.wfile.flush()
    handler.server.closing.wait(10)


def reply_no_http(handler, name):
    handler.wfile.write(b"220 mail server, hello\r\n")


def redirect_to(location):
    def reply(handler, name):
        handler.send(b"", status=302, Location=location + name)

    return reply


@pytest.fixture
def serve(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    mirrors = []

    def start(reply):
        mirror = Mirror(reply)
        thread = threading.Thread(target=mirror.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        mirrors.append((mirror, thread))
        return mirror

    yield start
    for mirror, thread in mirrors:
        mirror.closing.set()
        mirror.shutdown()
        mirror.server_close()
        thread.join()


def archive_at(*mirrors):
    return Archive("numbers", "Numbers", tuple(mirror.url for mirror in mirrors), FILES)


def ignore(done, total):
    pass


def refused(folder, *mirrors, deadlines=QUICK, report=ignore):
    with pytest.raises(DataUnavailableError) as raised:
        fetch(archive_at(*mirrors), folder, report, deadlines)
    return str(raised.value)


def test_fetches_keeps_and_reports(serve, tmp_path):
    mirror, reports = serve(reply_well), []
    fetched = fetch(archive_at(mirror), tmp_path / "new", lambda *report: reports.append(report))
    assert fetched.contents == tuple(CONTENTS.values())
    assert fetched.source == f"Numbers, downloaded from {mirror.url}"
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == CONTENTS
    total = sum(file.size for file in FILES)
    assert reports == sorted(reports)
    assert reports[0] == (0, total)
    assert reports[-1] == (total, total)


def test_kept_files_need_no_network(serve, tmp_path):
    mirror = serve(reply_well)
    fetch(archive_at(mirror), tmp_path, ignore)
    mirror.asked.clear()
    fetched = fetch(archive_at(mirror), tmp_path, ignore)
    assert fetched.contents == tuple(CONTENTS.values())
    assert fetched.source == f"Numbers, from the cache at {tmp_path}"
    assert mirror.asked == []


@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-1], lambda content: content + b"x", lambda content: content.upper()],
    ids=["cut", "longer", "changed"],
)
def test_a_corrupt_kept_file_is_fetched_again(serve, tmp_path, damage):
    mirror = serve(reply_well)
    fetch(archive_at(mirror), tmp_path, ignore)
    mirror.asked.clear()
    (tmp_path / "three").write_bytes(damage(CONTENTS["three"]))
    fetched = fetch(archive_at(mirror), tmp_path, ignore)
    assert fetched.contents == tuple(CONTENTS.values())
    assert mirror.asked == ["three"]
    assert (tmp_path / "three").read_bytes() == CONTENTS["three"]


@pytest.mark.parametrize(
    "bad",
    [reply_wrong, reply_not_found, reply_cut, reply_endlessly, reply_never, stop_half_way],
    ids=lambda reply: reply.__name__,
)
def test_the_next_mirror_stands_in_and_is_asked_first_from_then_on(serve, tmp_path, bad):
    first, second = serve(bad), serve(reply_well)
    fetched = fetch(archive_at(first, second), tmp_path, ignore, QUICK)
    assert fetched.contents == tuple(CONTENTS.values())
    assert fetched.source == f"Numbers, downloaded from {second.url}"
    assert (first.asked, second.asked) == (["one"], ["one", "two", "three", "four"])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (reply_wrong, f"(expected SHA-256 {FILES[0].sha256}, got "),
        (reply_not_found, "(404 Not Found)"),
        (reply_cut, "(ended after 70000 of 150000 bytes)"),
        (reply_endlessly, "(longer than the expected 150000 bytes)"),
        (reply_never, "(no answer for 0.5 s)"),
        (stop_half_way, "(no answer for 0.5 s)"),
        (reply_no_http, "(220 mail server, hello)"),
        (redirect_to("http://["), "(Invalid IPv6 URL)"),
        (
            redirect_to("/more"),
            "(302 The HTTP server returned a redirect error that would lead to an infinite loop.",
        ),
    ],
)
def test_every_url_tried_is_named_with_its_reason(serve, tmp_path, bad, reason):
    first, second = serve(bad), serve(reply_not_found)
    message = refused(tmp_path, first, second)
    assert f"{first.url}one (" in message
    assert reason in message
    assert f"{second.url}one (404 Not Found)" in message
    assert "--data FOLDER" in message
    assert "\n" not in message
    assert list(tmp_path.iterdir()) == []
    assert DataUnavailableError.exit_code == ExitCode.DATA_UNAVAILABLE


def test_a_redirect_is_followed(serve, tmp_path):
    final = serve(reply_well)
    fetched = fetch(archive_at(serve(redirect_to(final.url))), tmp_path, ignore, QUICK)
    assert fetched.contents == tuple(CONTENTS.values())


def test_nothing_listening_is_a_reason(serve, tmp_path):
    mirror = serve(reply_well)
    mirror.url = "http://127.0.0.1:1/"
    assert "http://127.0.0.1:1/one (Connection refused)" in refused(tmp_path, mirror)


def test_reads_one_byte_more_than_expected_and_no_further(serve, tmp_path):
    reports = []
    refused(tmp_path, serve(reply_endlessly), report=lambda *report: reports.append(report))
    assert reports[-1][0] == FILES[0].size + 1


def test_the_total_deadline_ends_it_all(serve, tmp_path):
    mirrors = serve(reply_never), serve(reply_well)
    message = refused(tmp_path, *mirrors, deadlines=Deadlines(silence=60, total=0.2))
    assert f"{mirrors[0].url}one (the 0.2 s for all downloads ran out)" in message


def test_a_hanging_name_lookup_is_waited_for_no_longer_than_a_silent_server(
    serve, tmp_path, monkeypatch
):
    released = threading.Event()

    def look_up(*args, **kwargs):
        released.wait(10)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    started = time.monotonic()
    message = refused(tmp_path, serve(reply_well))
    assert time.monotonic() - started < 5
    assert "(no answer for 0.5 s)" in message
    released.set()


def test_what_is_fetched_is_kept_for_the_next_try(serve, tmp_path):
    def reply_to_two(handler, name):
        (reply_well if name in ("one", "two") else reply_not_found)(handler, name)

    refused(tmp_path, serve(reply_to_two))
    assert {path.name for path in tmp_path.iterdir()} == {"one", "two"}
    mirror = serve(reply_well)
    fetch(archive_at(mirror), tmp_path, ignore)
    assert mirror.asked == ["three", "four"]


def test_a_cache_that_cannot_be_written_costs_only_the_keeping(serve, tmp_path):
    (tmp_path / "taken").write_bytes(b"a file, not a folder")
    mirror = serve(reply_well)
    fetched = fetch(archive_at(mirror), tmp_path / "taken", ignore)
    assert fetched.contents == tuple(CONTENTS.values())
    assert fetched.source == (
        f"Numbers, downloaded from {mirror.url} "
        f"(not kept, {tmp_path / 'taken'} cannot be written: File exists)"
    )


def test_an_interrupted_download_leaves_nothing(serve, tmp_path):
    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(archive_at(serve(reply_well)), tmp_path, interrupt)
    assert list(tmp_path.iterdir()) == []


FETCH_IN_A_PROCESS = """
import sys
from pathlib import Path
from bn_tui.datasets.download import fetch
from bn_tui.datasets.sources import Archive, RemoteFile
url, folder, files = sys.argv[1:]
fetch(Archive("n", "N", (url,), eval(files)), Path(folder), lambda done, total: None)
"""


def test_two_processes_at_once_leave_whole_files(serve, tmp_path):
    together = threading.Barrier(2)

    def reply_when_both_have_asked(handler, name):
        together.wait(10)
        reply_well(handler, name)

    mirror = serve(reply_when_both_have_asked)
    command = [sys.executable, "-c", FETCH_IN_A_PROCESS, mirror.url, str(tmp_path), repr(FILES)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(20) for process in processes] == [0, 0]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == CONTENTS
    assert sorted(mirror.asked) == sorted(2 * list(CONTENTS))
