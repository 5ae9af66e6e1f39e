"""A population in memory, to select nodes of."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spikelib.sonata.nodes.column import Column, encode
from spikelib.sonata.nodes.numbering import Numbering


@dataclass
class Table:
    """A population of given columns."""

    columns: dict[str, Column] = field(default_factory=dict)
    name: str = "pop"
    size: int = 6
    type: str | None = "biophysical"

    @property
    def numbering(self) -> Numbering:
        return Numbering(self.size)

    @property
    def property_names(self) -> frozenset[str]:
        return frozenset(self.columns)

    def column(self, name: str) -> Column:
        return self.columns[name]


def texts(*values: str | None) -> Column:
    return Column("text", np.array(values, dtype=object))


def example() -> Table:
    """Return six nodes with a property of each kind."""
    return Table(
        {
            "mtype": encode(np.array(["L4_PC", "L5_PC", "L6_PC", "L4_MC", "L5_MC", None], dtype=object)),
            "region": texts("a", "b", "a", "b", "a", "b"),
            "layer": Column("integer", np.array([4, 5, 6, 4, 5, 6], dtype=np.int32)),
            "partly": Column("integer", np.array([1.0, np.nan, 2.0, 1.0, np.nan, 2.0])),
            "x": Column("float", np.array([0, 1, 2, 3, 4, np.nan], dtype=np.float32)),
            "@dynamics:tau": Column("float", np.arange(6.0)),
        }
    )
