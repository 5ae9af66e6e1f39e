"""One entry for each task of a maintainer: `pip install nox`, then `nox --list` and `nox -s tests`.

What follows `--` goes to the tool: `nox -s tests -- tests/summary`.
"""

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.reuse_existing_virtualenvs = True


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format of Python and of the workflow; `nox -s lint -- fix` corrects them."""
    session.install("-e", ".[lint]")
    fix = "fix" in session.posargs
    session.run("ruff", "check", *(["--fix"] if fix else []))
    session.run("ruff", "format", *([] if fix else ["--check"]))
    session.run("snakefmt", *([] if fix else ["--check"]), "Snakefile", "workflow")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the package."""
    session.install("-e", ".[lint]")
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the default tests, which end in minutes."""
    session.install("-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Run the tests that take longer."""
    session.install("-e", ".[test]")
    session.run("pytest", "-m", "slow and not slurm", *session.posargs)


@nox.session
def slurm(session: nox.Session) -> None:
    """Run the tests on a SLURM cluster, on a machine where `sinfo` answers."""
    session.install("-e", ".[test]")
    session.run("sinfo", external=True)
    session.run("pytest", "-m", "slurm", "--numprocesses", "0", "tests/workflow", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Run the examples in docstrings, and the tests of the documents: form, links, commands."""
    session.install("-e", ".[test]")
    session.run("pytest", "spikelib", "tests/project", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure: without arguments a rehearsal with 1M spikes; arguments are those of `python -m benchmarks`."""
    session.install("-e", ".[test]")
    rehearsal = ["compare", "--spikes", "1M", "--repeat", "1"]
    session.run("python", "-m", "benchmarks", *(session.posargs or rehearsal))
