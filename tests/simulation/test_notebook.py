"""How reports show themselves in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spikelib import Simulation, open_report
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path


def test_notebook_shows_tables(tmp_path: Path) -> None:
    spikes = {"exc": ([0.5, 1.0, 1.0, 7.25], [3, 0, 1, 3]), "inh": ([1.0, 2.0], [0, 1])}
    nodes = {"exc": {"mtype": ["p", "q", "p", "q"]}, "inh": 2}
    report = Simulation(write_simulation(tmp_path, spikes, nodes, node_sets={"P": {"mtype": "p"}})).spikes
    assert "<td>exc</td><td>4</td><td>4</td><td>by_time</td><td>ms</td>" in report._repr_html_()
    assert "Spike report spikes.h5, run of 0 to 100 ms" in report._repr_html_()
    assert "Population inh of spikes.h5" in report["inh"]._repr_html_()
    chosen = report.filter("P", t_start=1)
    assert "Filter: &#x27;P&#x27;, 1 ms to end" in chosen._repr_html_()
    assert "<td>exc</td><td>not read yet</td>" in chosen._repr_html_()
    chosen.report  # noqa: B018
    assert "<td>exc</td><td>1</td>" in chosen._repr_html_()


def test_notebook_escapes_hostile_names(tmp_path: Path) -> None:
    name = "<script>alert(1)<script>"
    report = open_report(write_spikes(tmp_path / "spikes.h5", {name: ([1.0], [0])}, units="<b>"))
    shown = [report._repr_html_(), report[name]._repr_html_(), report.filter({"<i>": 1})._repr_html_()]
    for text in shown:
        assert not any(tag in text for tag in ("<script>", "<b>", "<i>"))
        assert "&lt;script&gt;" in text
