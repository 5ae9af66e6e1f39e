#!/usr/bin/env python3
"""Run the workflow unattended: one run at a time in a folder, with an end to it. For cron, systemd timers and scrontab.

Exit status: 0 all is done; 1 something failed, what could be made was made; 2 wrong usage; 75 another run is at work
in the folder; 124 the time limit was reached; 143 this run was asked to stop. After each of them, the next run goes on.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from spikelib.campaign.cleanup import remove_obsolete
from spikelib.campaign.lock import INHERITED, hold_lock
from spikelib.errors import LockedError, SpikelibError

PROJECT = Path(__file__).resolve().parents[1]
LOCKED, TIMED_OUT, STOPPED = 75, 124, 143
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class _Stop(Exception):  # noqa: N818 - no error: the scheduler wants this run to end
    """SIGTERM or SIGHUP has come."""


def main(arguments: list[str] | None = None) -> int:
    """Run Snakemake in a folder that nobody else works in; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    for place in (options.directory, options.profile):
        if not place.is_dir():  # or a mistyped path would start an empty campaign there
            parser.error(f"{place}: there is no such folder")
    folder: Path = options.directory.resolve()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        lock = hold_lock(folder / "results.lock")
        status = _run(options, folder, lock)
        if options.remove_gone and status in {0, 1}:
            gone = remove_obsolete(folder / "resources/campaign.json", folder / "results", folder / "logs")
            for name in gone:
                _say(f"removed the results of {name}, which is no longer in the campaign")
            if gone:  # the campaign page still lists them
                options.snakemake += ["--forcerun", "assemble_campaign_page"]
                status = max(status, _run(options, folder, lock))
    except LockedError as error:
        _say(str(error))
        return LOCKED
    except SpikelibError as error:
        _say(str(error))
        return 1
    except (_Stop, KeyboardInterrupt):  # before or after the run itself
        _say("stopped; the next run goes on from here")
        return STOPPED
    return status


def _run(options: argparse.Namespace, folder: Path, lock: int | None) -> int:
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(PROJECT / "Snakefile"), "--directory", str(folder)]
    command += ["--workflow-profile", str(options.profile.resolve()), *options.snakemake]
    environment = {**os.environ, INHERITED: str(folder / "results.lock")}
    # Its own session, so that a signal reaches Snakemake with all its jobs. The lock goes with it, so that others are
    # kept out where it outlives this process; on Linux it does not.
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        start_new_session=True,
        pass_fds=() if lock is None else (lock,),
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has one thread
    ) as process:
        try:
            return 1 if process.wait(options.time_limit) else 0
        except subprocess.TimeoutExpired:
            _say("the time limit is reached; the next run goes on from here")
            return _end(process, options.grace, TIMED_OUT)
        except (_Stop, KeyboardInterrupt):
            _say("stopped; the next run goes on from here")
            return _end(process, options.grace, STOPPED)


def _end_with_parent() -> None:
    """Have the kernel kill this process with its parent: without a time limit it might keep the lock for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _end(process: subprocess.Popen[Any], grace: float, status: int) -> int:
    """Interrupt Snakemake, which then cancels its cluster jobs; kill all that is left after the time of grace."""
    for number, seconds in ((signal.SIGINT, grace), (signal.SIGKILL, None)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", type=Path, default=Path(), metavar="DIR", help="folder with config/config.yaml")
    default = PROJECT / "profiles/default"
    parser.add_argument("--profile", type=Path, default=default, metavar="DIR", help="such as profiles/slurm")
    limit: dict[str, Any] = {"type": _seconds, "metavar": "TIME"}
    parser.add_argument("--time-limit", default=_seconds("23h"), help="90s, 45m, 8h or 2d (default: 23h)", **limit)
    parser.add_argument("--grace", default=_seconds("2m"), help="for cancelling jobs after that (default: 2m)", **limit)
    parser.add_argument(
        "--remove-gone", action="store_true", help="remove the results of simulations that left the campaign"
    )
    parser.add_argument("snakemake", nargs="*", metavar="ARGUMENT", help="after --: further arguments of snakemake")
    return parser


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text)
    if found is None:
        msg = f"{text!r} is not a time such as 90s, 45m, 8h or 2d"
        raise argparse.ArgumentTypeError(msg)
    return float(found[1]) * _SECONDS[found[2]]


def _stop(*_: object) -> None:
    raise _Stop


def _say(text: str) -> None:
    print(f"nightly: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
