"""Cut the two large files of the Allen Institute: every spike of the first nodes, nothing else changed.

    python tests/data/cut.py ORIGINALS

ORIGINALS is src/pysonata/sonata/tests/reports/spike_trains/spike_files of github.com/AllenInstitute/sonata at commit
7454a68fba4d33bc79acf03699a4aeca2ebf9ed7. The same originals give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import h5py

N_NODES = 400
"""Of each population, the spikes of the nodes 0 to N_NODES - 1 stay: their intervals are those of the whole file."""
HERE = Path(__file__).parent / "allen_pysonata_spike_files"


def cut_csv(original: Path, cut: Path) -> None:
    """Copy the header and the lines of the first nodes as they stand."""
    with original.open(newline="") as lines, cut.open("w", newline="") as kept:
        kept.write(next(lines))
        kept.writelines(line for line in lines if int(line.split()[2]) < N_NODES)


def cut_sonata(original: Path, cut: Path) -> None:
    """Copy groups, attributes and types; of the two data sets of each population, the rows of the first nodes."""
    with h5py.File(original) as source, h5py.File(cut, "w") as target:
        target.attrs.update(source.attrs)
        for name, population in source["spikes"].items():
            group = target.create_group(f"spikes/{name}")
            group.attrs.update(population.attrs)
            rows = population["node_ids"][:] < N_NODES
            for key, column in population.items():
                group.create_dataset(key, data=column[:][rows]).attrs.update(column.attrs)


def main() -> None:
    """Cut both files from the folder that the command line names."""
    originals = Path(sys.argv[1])
    cut_csv(originals / "spikes.multipop.csv", HERE / "spikes.multipop.csv")
    cut_sonata(originals / "spikes.multipop.h5", HERE / "spikes.multipop.h5")


if __name__ == "__main__":
    main()
