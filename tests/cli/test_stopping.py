"""Commands that end before their time: signals of schedulers, and limits of memory."""

from __future__ import annotations

import resource
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from spikelib.cli.main import main
from spikelib.cli.stopping import Stopped, stoppable
from spikelib.files import atomic_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["TERM", "HUP"])
def test_signal_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, status: int
) -> None:
    def write(*_: object, **__: object) -> None:
        with atomic_file(tmp_path / "new/x") as temporary:
            temporary.write_text("half")
            signal.raise_signal(number)

    monkeypatch.setattr("spikelib.steps.inspect.inspect", write)
    before = signal.signal(number, signal.SIG_DFL)  # under nohup, SIGHUP is ignored
    try:
        assert main(["inspect", "a.h5"]) == status
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert capsys.readouterr().err == f"spikelib: stopped by {signal.Signals(number).name}\n"
    assert list(tmp_path.iterdir()) == []


def test_signal_that_comes_twice_does_not_disturb_cleaning_up() -> None:
    cleaned = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)
            cleaned.append(True)

    with pytest.raises(Stopped, match=str(int(signal.SIGTERM))), stoppable():
        work()
    assert cleaned


def test_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_handle_no_signals() -> None:
    seen: list[object] = []

    def look() -> None:
        with stoppable():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_DFL]


@pytest.mark.parametrize(
    "words",
    [["report", "a.h5", "--out", "x.html"], ["summarise", "a.h5", "--filter", "x"]],
    ids=["report", "summarise"],
)
def test_limit_at_which_a_compiler_would_abort_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (800_000_000, resource.RLIM_INFINITY))
    assert main(words) == 1
    told = capsys.readouterr().err
    assert told.startswith("spikelib: error: there is not enough memory (the limit, ulimit -v, is 0.8 GB, and its lib")
    assert told.count("\n") == 1


def test_commands_that_compile_nothing_have_no_such_limit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (800_000_000, resource.RLIM_INFINITY))
    assert main(["demo", str(tmp_path / "demo")]) == 0
