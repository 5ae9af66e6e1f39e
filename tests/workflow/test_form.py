"""The workflow's form: lint, format, and the two ways to start it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests import PROJECT

if TYPE_CHECKING:
    from tests.workflow.conftest import Workflow


def test_root_plans_the_same_jobs_as_the_workflow(workflow: Workflow) -> None:
    jobs = workflow.plan()
    assert "extract_population simulation=small, population=cells" in jobs
    assert workflow.plan(snakefile="workflow/Snakefile") == sorted({*jobs, "all"} - {"default"})


def test_lint(workflow: Workflow) -> None:
    assert "Congratulations, your workflow is in a good condition!" in workflow.run("--lint")


def test_format() -> None:
    command = [
        sys.executable,
        "-m",
        "snakefmt",
        "--check",
        str(PROJECT / "Snakefile"),
        str(PROJECT / "workflow"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_rules_hold_no_code() -> None:
    files = [PROJECT / "Snakefile", *(PROJECT / "workflow").rglob("*.smk"), PROJECT / "workflow/Snakefile"]
    code = "\n".join(path.read_text() for path in files)
    assert not re.search(r"^\s*(run|checkpoint)\b.*:", code, flags=re.MULTILINE)
    assert "lambda" not in code


def test_every_rule_that_runs_something_logs_and_states_its_needs() -> None:
    rules = "\n".join(path.read_text() for path in sorted((PROJECT / "workflow/rules").glob("*.smk")))
    running = [rule for rule in re.split(r"^\s*rule ", rules, flags=re.MULTILINE) if "    shell:" in rule]
    assert len(running) == 11
    for rule in running:
        for section in ("log:", "benchmark:", "threads:", "mem_mb=", "runtime=", "version=VERSION"):
            assert section in rule, rule
        assert not re.search(r"\{(input|output|log|wildcards)\.?\w*\}", rule.split("shell:")[1]), rule
