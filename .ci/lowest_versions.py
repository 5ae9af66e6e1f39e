"""Print the lowest version of each direct dependency, those of the tests too, as constraints for pip or uv."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENT = re.compile(r"([\w-]+)(?:\[([\w,]+)\])?(?:>=([\w.]+))?")


def lowest_versions(requirements: list[str]) -> dict[str, str]:
    """Return the version that each requirement starts at; extras of the project itself are followed."""
    found: dict[str, str] = {}
    for requirement in requirements:
        match = REQUIREMENT.fullmatch(requirement)
        if match is None:
            message = f"pyproject.toml: {requirement!r} is not of the form name>=version"
            raise SystemExit(message)
        name, extras, version = match.groups()
        if name == PROJECT["name"]:
            found |= lowest_versions([inner for extra in extras.split(",") for inner in EXTRAS[extra]])
        elif version is None:
            message = f"pyproject.toml: {requirement!r} has no lowest version"
            raise SystemExit(message)
        else:
            found[name] = version
    return found


if __name__ == "__main__":
    for name, version in lowest_versions([*PROJECT["dependencies"], *EXTRAS["test"]]).items():
        print(f"{name}=={version}")
