"""Tests mirror the packages: each module has a test file of its name, in the folder of its package."""

from __future__ import annotations

from tests import PROJECT

PACKAGE = PROJECT / "spikelib"
ENTRIES = {"__init__", "__main__", "version"}
"""Faces of packages, one call and one constant; tests/project and tests/cli test what they are for."""


def test_every_module_has_a_test_file_of_its_name() -> None:
    modules = [path.relative_to(PACKAGE) for path in sorted(PACKAGE.rglob("*.py")) if path.stem not in ENTRIES]
    expected = {
        module.as_posix(): PROJECT / "tests" / module.parent / f"test_{module.stem.lstrip('_')}.py"
        for module in modules
    }
    assert len(expected) > 100
    assert [module for module, test in expected.items() if not test.is_file()] == []


def test_every_test_file_of_a_package_has_its_module() -> None:
    """Files that test how several modules work together say so by a name that ends in one of these words."""
    together = ("_in_page", "browser", "charts", "chart_files", "chart_looks", "size")
    stray = []
    for package in sorted(path.parent for path in PACKAGE.rglob("__init__.py")):
        folder = PROJECT / "tests" / package.relative_to(PACKAGE)
        names = {path.stem.lstrip("_") for path in package.glob("*.py")}
        for test in sorted(folder.glob("test_*.py")):
            name = test.stem.removeprefix("test_")
            if package != PACKAGE and name not in names and not name.endswith(together):
                stray.append(test.relative_to(PROJECT).as_posix())
    assert stray == []
