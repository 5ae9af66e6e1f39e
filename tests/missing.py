"""What a machine may lack for tests, and the last lines that pytest prints: what did not run, and how to run it.

A plugin of pytest, which conftest.py registers.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BROWSER, PLAYWRIGHT, SLURM = "Chromium", "playwright", "SLURM that answers"
SLOW, OTHER = "time", "other"
HOW_TO = {
    BROWSER: "need a browser ({}): apt-get install chromium, or put another Chromium or Chrome on the PATH",
    PLAYWRIGHT: 'need playwright, which drives a browser ({}): .venv/bin/pip install --editable ".[test]"',
    SLURM: (
        "need SLURM ({}): .venv/bin/pytest -m slurm -n 0; where there is none, as root on Debian:"
        " apt-get install munge slurm-wlm && bash .ci/slurm_single_node.sh"
    ),
    SLOW: 'take more than about ten seconds ({}): .venv/bin/pytest -m "slow and not slurm"',
    OTHER: "were skipped for other reasons ({}): they stand above",
}
LEFT_OUT = pytest.StashKey[dict[str, int]]()
"""How many tests were not asked for: those that need SLURM, and the other slow ones."""


def skip_without(what: str) -> NoReturn:
    """Skip the test, as the machine lacks something; fail it in CI, which must not skip what it is there for."""
    if os.environ.get("CI"):
        pytest.fail(f"there is no {what}, and CI must not skip the tests that need it")
    pytest.skip(f"there is no {what}")


def closing_lines(reasons: Sequence[str], left_out: dict[str, int]) -> list[str]:
    """Return a line for each kind of tests that did not run, from the reasons of skips and the tests not asked for."""
    counts = Counter(left_out)
    for reason in reasons:
        counts[next((what for what in (BROWSER, PLAYWRIGHT, SLURM) if f"there is no {what}" in reason), OTHER)] += 1
    return [f"Tests that {how.format(counts[what])}" for what, how in HOW_TO.items() if counts[what]]


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count the tests that -m leaves out; who gives -k has chosen among all of them."""
    config = items[0].config
    if config.option.keyword:
        return
    counts = config.stash.setdefault(LEFT_OUT, {})
    for item in items:
        if item.get_closest_marker("slow") or item.get_closest_marker("slurm"):
            kind = SLURM if item.get_closest_marker("slurm") else SLOW
            counts[kind] = counts.get(kind, 0) + 1
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = counts


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a process of pytest-xdist counted; each of them counts all tests."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", {})


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> Iterator[None]:
    """Print the lines below everything else but the total."""
    yield
    reasons = [report.longrepr[2] for report in terminalreporter.getreports("skipped")]
    lines = closing_lines(reasons, config.stash.get(LEFT_OUT, {}))
    if lines:
        terminalreporter.write_sep("=", "not run here, and how to run it")
        for line in lines:
            terminalreporter.write_line(line)
