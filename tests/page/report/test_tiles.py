"""The essentials in the header of a page."""

from __future__ import annotations

import pytest

from spikelib.page.checks import check_populations, check_simulation
from spikelib.page.report.tiles import tiles
from tests.page.builders import audit, bare_description, description, no_stats, statistics, stats


def shown(source, *filters):
    found = tiles(source, check_populations(source), check_simulation(source), filters)
    return {tile.label: (tile.value, tile.detail) for tile in found}


def test_populations_are_summed():
    found = shown(description(audit("a"), audit("b", n_kept=18793, rejected={"infinite": 1})))
    assert found["Populations"][0] == "2"
    assert found["Nodes"] == ("800", "node set Mosaic simulated")
    assert found["Spikes"] == ("37,587", "1 rejected")


def test_what_is_unknown_is_said():
    found = shown(bare_description(audit(n_nodes=None, in_circuit=False)))
    assert found["Simulator"] == ("unknown", "no simulation config")
    assert found["Simulated"][0] == "unknown"
    assert found["Nodes"] == ("unknown", "of 1 population no circuit is known")


def test_mean_rate_is_that_of_the_first_filter():
    assert "Mean rate" not in shown(description(audit()))
    first, second = statistics("first"), statistics("second")
    first["overall"]["rate_mean_hz"], second["overall"]["rate_mean_hz"] = None, 5.0
    assert shown(description(audit()), first, second)["Mean rate"] == ("unknown", "per node, filter first")
    assert shown(description(audit()), second, first)["Mean rate"] == ("5.00 Hz", "per node, filter second")


def test_mean_rate_is_of_neurons_and_says_what_is_apart():
    content = statistics("all")
    content["populations"] = {
        "cortex": stats(n_nodes=300, rate_mean_hz=2.0),
        "VPM": stats(n_nodes=900, rate_mean_hz=50.0),
        "striatum": stats(n_nodes=100, rate_mean_hz=4.0),
        "empty": no_stats(0),
    }
    content["overall"]["rate_mean_hz"] = 35.0
    source = description(
        audit("cortex"), audit("VPM", type="virtual"), audit("striatum"), audit("empty", type="virtual")
    )
    assert shown(source, content)["Mean rate"] == ("2.50 Hz", "per neuron, filter all, without VPM (virtual)")
    content["populations"]["striatum"]["rate_mean_hz"] = None
    assert shown(source, content)["Mean rate"][0] == "unknown"
    content["populations"] = {"VPM": content["populations"]["VPM"]}
    assert shown(source, content)["Mean rate"] == ("35.0 Hz", "per virtual node, filter all")


@pytest.mark.parametrize(
    ("content", "label"),
    [
        ({"target_simulator": "CORENEURON"}, "Target simulator"),
        ({"metadata": {"simulator": "NEST 3.10.0"}}, "Simulator"),
        ({}, "Simulator"),
    ],
)
def test_who_ran_a_simulation_is_not_whom_it_was_written_for(content, label):
    found = shown(description(audit(), content=content, simulator="CORENEURON"))
    assert found[label][0] == "CORENEURON"


def test_checks_show_the_most_severe_level():
    for changes, level in (({}, "ok"), ({"n_duplicates": 1}, "note"), ({"n_duplicates": 1, "n_kept": 0}, "warning")):
        source = description(audit(**changes))
        tile = tiles(source, check_populations(source), check_simulation(source), [])[-1]
        assert (tile.label, tile.level) == ("Checks passed", level)
