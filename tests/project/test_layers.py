"""The layers of the package: who imports whom, read from every import, and held against the table of the house.

docs/architecture.md says why each package exists. Imports under TYPE_CHECKING and inside functions count too: they
are ties all the same. The packages of later issues are in the table before they exist.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from tests import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PACKAGE = PROJECT / "spikelib"
MOST_MEMBERS, MOST_LOOSE = 14, 6

BASE = ("errors", "files", "findings", "results", "version", "window")
"""Loose modules beside the packages, below all of them."""
LAYERS = (
    "sonata", "options", "summary", "statistics", "circuit", "provenance", "selection", "figures", "tables", "events",
    "simulation", "verdicts", "comparison", "formats", "campaign", "page", "steps", "cli", "demo",
)  # fmt: skip
NEVER = {
    "errors": {*BASE, *LAYERS} - {"errors"},
    "version": {*BASE, *LAYERS} - {"version"},
    "window": {*BASE, *LAYERS} - {"window", "errors"},
    "files": {*BASE, *LAYERS} - {"files", "errors"},
    "findings": {*BASE, *LAYERS} - {"findings", "errors"},
    "results": {"pyarrow", *LAYERS} - {"options"},
    "sonata": {"matplotlib", "jinja2", "pyarrow", *LAYERS} - {"sonata"},
    "summary": {"sonata", "options", "statistics", "figures", "page"},
    "statistics": {"sonata", "options", "circuit", "figures", "page"},
    "events": {"figures", "page", "simulation"},
    "verdicts": {"sonata", "figures", "page"},
    "comparison": {"sonata", "figures", "page", "simulation"},
    "formats": {"summary", "figures", "page"},
    "options": {"summary", "circuit", "simulation", "snakemake"},
    "circuit": {"summary", "options", "selection", "simulation"},
    "provenance": {"summary", "selection", "simulation", "tables", "figures", "page", "campaign", "snakemake"},
    "selection": {"simulation", "tables", "figures"},
    "figures": {"sonata", "circuit", "simulation", "page"},
    "tables": {"summary", "circuit", "simulation", "page"},
    "simulation": {"tables", "steps", "page", "campaign"},
    "campaign": {"tables", "figures", "page", "steps", "snakemake"},
    "page": {"simulation", "tables", "steps", "matplotlib"},
    "steps": {"cli", "argparse", "snakemake"},
    "cli": {"circuit", "selection", "summary", "figures"},
    "demo": {*BASE, *LAYERS} - {"demo", "errors", "files"},
}
"""Package -> what none of its modules imports, anywhere: packages of spikelib and libraries of others."""
AT_IMPORT = {
    "pandas", "matplotlib", "numba", "jinja2", "pyarrow", "duckdb", "snakemake", "yaml", "scipy", "imageio_ffmpeg",
}  # fmt: skip
LIGHT = (*BASE, "sonata", "options", "circuit", "provenance", "campaign", "cli", "steps", "demo")
"""Packages that load no heavy library when they are imported: `spikelib --help` and every job start with them."""


@dataclass(frozen=True)
class Import:
    """One import: the module it stands in, the module that it names, and whether it is made when loading."""

    importer: str
    imported: str
    at_load: bool


def read_imports(package: Path) -> list[Import]:
    """Read every import of a package; names of its own modules are those of the files, others as written."""
    paths = {_name(package, path): path for path in sorted(package.rglob("*.py"))}
    found = []
    for name, path in paths.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        loaded = set(_loaded(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found += [Import(name, each, node in loaded) for each in _named(node, paths)]
    return found


def _name(package: Path, path: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _loaded(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is loaded: not those of functions, nor under TYPE_CHECKING."""
    pending: list[ast.stmt] = list(tree.body)
    while pending:
        statement = pending.pop()
        yield statement
        if isinstance(statement, ast.If) and ast.unparse(statement.test) != "TYPE_CHECKING":
            pending += [*statement.body, *statement.orelse]
        elif isinstance(statement, ast.Try | ast.With | ast.ClassDef):
            pending += statement.body


def _named(node: ast.Import | ast.ImportFrom, modules: Iterable[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert not node.level, "imports name modules in full"
    module = node.module or ""
    return sorted({f"{module}.{alias.name}" if f"{module}.{alias.name}" in modules else module for alias in node.names})


def layer(module: str) -> str:
    """Return the package below the root that a module belongs to, or the library that it is a part of."""
    root, *parts = module.split(".")
    return parts[0] if root == "spikelib" and parts else root


def room(module: str, packages: set[str]) -> str:
    """Return the folder of a module: its package, or itself where it lies loose."""
    parent = module.rpartition(".")[0]
    return module if module in packages or parent == "spikelib" else parent


def forbidden(imports: Iterable[Import]) -> list[str]:
    """Return the imports that break the table."""
    broken = []
    for each in imports:
        wrong = layer(each.imported) in NEVER.get(layer(each.importer), set())
        heavy = each.at_load and layer(each.importer) in LIGHT and layer(each.imported) in AT_IMPORT
        if wrong or heavy:
            broken.append(f"{each.importer} imports {each.imported}" + (" when it is loaded" if heavy else ""))
    return broken


def circle(imports: Iterable[Import], *, of_packages: bool = False) -> list[str]:
    """Return the modules, or the packages, of an import circle; none if there is no circle."""
    ties: dict[str, set[str]] = defaultdict(set)
    inner = [each for each in imports if "spikelib." in each.imported and each.importer != "spikelib"]
    packages = {each.importer.rpartition(".")[0] for each in inner}
    for each in inner:
        importer, imported = each.importer, each.imported
        if of_packages:
            importer, imported = room(importer, packages), room(imported, packages)
        if importer != imported:
            ties[importer].add(imported)
    try:
        TopologicalSorter(ties).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def crowded(package: Path) -> list[str]:
    """Return what is too many: members of a package, or loose modules beside the packages."""
    found = []
    for folder in [package, *(path.parent for path in package.rglob("__init__.py") if path.parent != package)]:
        members = [path.stem for path in folder.glob("*.py") if not path.stem.startswith("__")]
        most = MOST_LOOSE if folder == package else MOST_MEMBERS
        if len(members) > most:
            found.append(f"{_name(package, folder / '__init__.py')}: {len(members)} modules, at most {most}")
    return found


@pytest.fixture(scope="module")
def imports() -> list[Import]:
    return read_imports(PACKAGE)


def test_every_package_has_its_row_in_the_table() -> None:
    present = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert present - {"__init__", "__main__", "__pycache__", "py.typed"} <= set(NEVER)
    assert set(NEVER) == {*BASE, *LAYERS}


def test_imports_keep_to_the_table(imports: list[Import]) -> None:
    assert len(imports) > 500
    assert forbidden(imports) == []


def test_no_module_imports_the_root(imports: list[Import]) -> None:
    assert [each.importer for each in imports if each.imported == "spikelib"] == []


def test_no_circle_of_modules_or_packages(imports: list[Import]) -> None:
    assert circle(imports) == []
    assert circle(imports, of_packages=True) == []


def test_no_crowd() -> None:
    assert crowded(PACKAGE) == []


def plant(folder: Path, **files: str) -> Path:
    """Write a package; ``a__b`` stands for the file ``a/b.py``."""
    package = folder / "spikelib"
    for name, text in {"__init__": "", **files}.items():
        path = package / f"{name.replace('__', '/') if not name.startswith('__') else name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)
    return package


@pytest.mark.parametrize(
    "text",
    [
        "from spikelib.page.report import write\n",
        "import spikelib.page\n",
        "def f():\n    from spikelib.page import report\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from spikelib.page.report import write\n",
    ],
    ids=["at-import", "module", "in-a-function", "for-types"],
)
def test_planted_import_is_found(tmp_path: Path, text: str) -> None:
    package = plant(tmp_path, summary__model=text, page__report="")
    (broken,) = forbidden(read_imports(package))
    assert broken.startswith("spikelib.summary.model imports spikelib.page")


def test_planted_heavy_import_is_found(tmp_path: Path) -> None:
    package = plant(tmp_path, cli__main="try:\n    import pandas\nexcept ImportError:\n    pass\n", steps__draw="")
    assert forbidden(read_imports(package)) == ["spikelib.cli.main imports pandas when it is loaded"]
    assert forbidden(read_imports(plant(tmp_path, cli__main="def f():\n    import pandas\n"))) == []


def test_planted_circle_is_found(tmp_path: Path) -> None:
    package = plant(
        tmp_path,
        circuit__a="from spikelib.circuit.b import x\n",
        circuit__b="def f():\n    from spikelib.circuit import a\n",
    )
    assert set(circle(read_imports(package))) == {"spikelib.circuit.a", "spikelib.circuit.b"}


def test_planted_circle_of_packages_is_found(tmp_path: Path) -> None:
    package = plant(
        tmp_path,
        circuit__a="from spikelib.sonata.nodes.c import x\n",
        circuit__b="",
        sonata__nodes__c="",
        sonata__nodes__d="from spikelib.circuit.b import y\n",
    )
    imports = read_imports(package)
    assert circle(imports) == []
    assert set(circle(imports, of_packages=True)) == {"spikelib.circuit", "spikelib.sonata.nodes"}


def test_planted_crowds_are_found(tmp_path: Path) -> None:
    many = {f"figures__m{k}": "" for k in range(MOST_MEMBERS + 1)} | {f"loose{k}": "" for k in range(MOST_LOOSE + 1)}
    assert crowded(plant(tmp_path, **many)) == [
        "spikelib: 7 modules, at most 6",
        "spikelib.figures: 15 modules, at most 14",
    ]
