"""What the node_id of a nodes file means: labels, rows, or an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.errors import NodesError
from spikelib.sonata.nodes.numbering import Numbering, number

if TYPE_CHECKING:
    from spikelib.sonata.nodes.numbering import Fired


def fired(*ids: int) -> Fired:
    """Read ids in chunks of two."""
    return lambda: (np.array(ids[k : k + 2], np.int64) for k in range(0, len(ids), 2))


@given(
    st.lists(st.integers(0, 50) | st.integers(2**40, 2**40 + 9), unique=True, min_size=1),
    st.lists(st.integers(-3, 60) | st.integers(2**40 - 3, 2**40 + 12)),
)
def test_rows_of_labels_lead_back_to_them(labels: list[int], asked: list[int]) -> None:
    numbering = Numbering(len(labels), np.array(sorted(labels)))
    ids = np.array(asked, np.int64)
    rows = numbering.rows(ids)
    np.testing.assert_array_equal(rows >= 0, np.isin(ids, labels))
    np.testing.assert_array_equal(numbering.has(ids), np.isin(ids, labels))
    np.testing.assert_array_equal(numbering.ids(rows[rows >= 0]), ids[rows >= 0])
    assert numbering.end == max(labels) + 1


@given(st.integers(0, 9), st.lists(st.integers(-3, 20)))
def test_without_labels_ids_are_rows(size: int, asked: list[int]) -> None:
    plain, named = Numbering(size), Numbering(size, np.arange(size))
    ids = np.array(asked, np.int64)
    for method in ("rows", "has"):
        np.testing.assert_array_equal(getattr(plain, method)(ids), getattr(named, method)(ids))
    np.testing.assert_array_equal(plain.ids(), named.ids())
    assert plain.end == named.end == size


@pytest.mark.parametrize("node_id", [[], [0], [0, 1, 2]])
def test_what_sonata_asks_for_is_not_worth_a_word(node_id: list[int]) -> None:
    def unread() -> None:
        pytest.fail("no spike needs to be looked at")

    reading = number(np.array(node_id, np.int64), "n.h5", unread)  # type: ignore[arg-type]
    assert (reading.numbering, reading.order, reading.note) == (Numbering(len(node_id)), None, None)


def test_another_order_is_told() -> None:
    reading = number(np.array([2, 0, 1]), "n.h5", fired(1))
    assert reading.numbering == Numbering(3)
    assert reading.order is not None
    assert reading.order.tolist() == [1, 2, 0]
    assert "another order" in str(reading.note)


@pytest.mark.parametrize("spikes", [None, fired(), fired(10, 30, 12)], ids=["unknown", "none", "fit"])
def test_labels_unless_a_spike_says_otherwise(spikes: Fired | None) -> None:
    reading = number(np.array([30, 10, 12]), "n.h5", spikes)
    assert reading.numbering.ids().tolist() == [10, 12, 30]
    assert reading.order is not None
    assert reading.order.tolist() == [1, 2, 0]
    assert "numbers its 3 nodes from 10 to 30" in str(reading.note)


def test_rows_where_all_spikes_fit_only_those() -> None:
    reading = number(np.array([30, 10, 1]), "n.h5", fired(1, 0, 2))
    assert (reading.numbering, reading.order) == (Numbering(3), None)
    assert "but node 0 fired: all spikes fit the rows, so ids are rows from 0 to 2" in str(reading.note)


def test_labels_come_before_rows_where_spikes_fit_both() -> None:
    assert number(np.array([1, 2, 3]), "n.h5", fired(1, 2)).numbering.ids().tolist() == [1, 2, 3]


def test_spikes_that_fit_neither_are_an_error() -> None:
    message = (
        r"n\.h5: node 11 fired, but node_id does not list it \(one of the 3 from 10 to 30 .*\), and node 30 fired, but "
        "there are 3 rows"
    )
    with pytest.raises(NodesError, match=message):
        number(np.array([30, 10, 12]), "n.h5", fired(30, 11))
