"""The workflow's form: lint, format, and the two ways to start it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests import PROJECT

if TYPE_CHECKING:
    from tests.workflow.conftest import Workflow


def test_root_plans_the_same_jobs_as_the_workflow(workflow: Workflow) -> None:
    jobs = workflow.plan()
    assert "extract_population simulation=small, population=cells" in jobs
    assert workflow.plan(snakefile="workflow/Snakefile") == sorted({*jobs, "all"} - {"default"})


@pytest.mark.slow
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


def rules() -> dict[str, str]:
    """Return the text of every rule by name, without what follows it."""
    code = "\n".join(path.read_text() for path in sorted((PROJECT / "workflow/rules").glob("*.smk")))
    found = re.finditer(
        r"^( *)(?:use )?rule (?:\w+ as )?(\w+)\b.*:\n(?:\1 +\S.*\n|\n(?=\1 +\S))*", code, flags=re.MULTILINE
    )
    return {rule[2]: rule[0] for rule in found}


def test_files_and_rules_are_short() -> None:
    for path in (PROJECT / "workflow").rglob("*.smk"):
        assert len(path.read_text().splitlines()) <= 150, path
    assert {"extract_population", "filter_slab", "draw_animation", "tables"} < set(rules())
    for name, rule in rules().items():
        assert len(rule.splitlines()) <= 20, name


def test_every_rule_that_runs_something_logs_and_states_its_needs() -> None:
    running = {name: rule for name, rule in rules().items() if "    log:" in rule}
    assert len(running) == 11
    assert not [name for name, rule in rules().items() if "    shell:" in rule and name not in running]
    for name, rule in running.items():
        assert f'"logs/{name}' in rule, rule
        assert f'"logs/benchmarks/{name}' in rule, rule
        if name == "filter_slab":  # the rest it has from filter_spikes
            continue
        assert "**NEEDS" in rule or (name == "assemble_campaign_page" and "**LITTLE" in rule), rule
        assert any(version in rule for version in ("version=VERSION", "**READ,", "**SURVEY,")), rule
        assert not re.search(r"\{(input|output|log|wildcards)\.?\w*\}", rule.split("shell:")[1]), rule
