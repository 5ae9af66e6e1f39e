"""What jobs ask a scheduler for."""

from __future__ import annotations

from typing import Any

from spikelib.campaign.job_resources import memory_mb, runtime_min


def known(*populations: tuple[int, int | None]) -> dict[str, Any]:
    """Return a plan of populations of so many spikes and nodes."""
    return {"populations": [{"n_spikes": spikes, "n_nodes": nodes} for spikes, nodes in populations]}


SMALL = known((1000, 100), (50, None))


def test_small_simulation_asks_for_little() -> None:
    assert memory_mb(SMALL, 1) == 1000
    assert runtime_min(SMALL, 1) == 16


def test_each_attempt_asks_for_twice_as_much() -> None:
    for estimate in (memory_mb, runtime_min):
        first = estimate(SMALL, 1)
        assert [estimate(SMALL, attempt) for attempt in (2, 3)] == [2 * first, 4 * first]
        assert estimate(None, 2) == 2 * estimate(None, 1)


def test_memory_grows_with_nodes_and_not_with_spikes() -> None:
    assert memory_mb(known((10**9, 10**5)), 1) == memory_mb(known((10**7, 10**5)), 1) < 2500
    assert memory_mb(known((10**7, 10**7)), 1) > memory_mb(known((10**7, 10**5)), 1) + 5000


def test_sorting_asks_for_memory_of_its_own() -> None:
    assert memory_mb(known((10**7, 10**5)), 1) - memory_mb(known((10**6, 10**5)), 1) == 1000


def test_nodes_without_a_circuit_are_guessed() -> None:
    assert memory_mb(known((10**12, None)), 1) == memory_mb(known((10**12, 10**6)), 1)


def test_time_grows_with_spikes_and_steps() -> None:
    large = known((5 * 10**8, 10), (5 * 10**8, 10))
    assert runtime_min(large, 1) == 36
    assert runtime_min(large, 1, steps=4) == 15 + 4 * 21


def test_nothing_known_asks_for_more_than_something_small() -> None:
    assert memory_mb(None, 1) > memory_mb(SMALL, 1)
    assert runtime_min(None, 1) > runtime_min(SMALL, 1)
