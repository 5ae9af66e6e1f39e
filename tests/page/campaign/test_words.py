"""The words of the campaign page: every state and every column is explained."""

from __future__ import annotations

from typing import get_args

import pytest

from spikelib.page.campaign.rows import COLUMNS
from spikelib.page.campaign.words import SIGNS, STATES, State, glossary


def test_every_state_has_a_word_and_a_sign_of_its_own():
    assert set(STATES) == set(SIGNS) == set(get_args(State))
    assert len(set(STATES.values())) == len(set(SIGNS.values())) == len(STATES)


@pytest.mark.parametrize("comparable", [True, False])
def test_every_column_is_defined_once(comparable):
    entries = glossary(COLUMNS, comparable=comparable)
    keys = [entry["key"] for entry in entries]
    assert len(keys) == len(set(keys))
    assert {"state", *(measure.key for measure in COLUMNS)} < set(keys)
    assert ({"isi", "ks"} <= set(keys)) == comparable
    assert all(entry["title"] and entry["text"].endswith(".") for entry in entries)
