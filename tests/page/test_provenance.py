"""Versions, date, configs."""

from __future__ import annotations

from importlib import metadata

from spikelib.page import provenance
from tests.page.builders import audit, description


def test_versions_are_those_installed():
    versions = provenance.installed_versions()
    assert versions["numpy"] == metadata.version("numpy")
    assert list(versions) == ["python", "numpy", "h5py", "pyarrow", "matplotlib"]


def test_library_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(provenance, "DISTRIBUTIONS", ("no-such-library",))
    assert provenance.installed_versions()["no-such-library"] == "not installed"


def test_versions_given_go_before_those_installed():
    context = provenance.provenance_context(description(audit()), {"versions": {"numpy": "1.0", "numba": "0.6"}})
    assert context["versions"]["numpy"] == "1.0"
    assert context["versions"]["numba"] == "0.6"
    assert context["versions"]["h5py"] == metadata.version("h5py")


def test_date_only_from_the_environment(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert provenance.page_date() is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert provenance.page_date() == "2023-11-14 22:13 UTC"


def test_empty_configs_are_left_out():
    context = provenance.provenance_context(description(audit(), content={}), {"config": {"filters": {"all": {}}}})
    assert list(context["configs"]) == ["Configuration of the analysis as resolved"]
    assert '"filters"' in context["configs"]["Configuration of the analysis as resolved"]
