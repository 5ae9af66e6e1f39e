"""Descriptions, statistics and results of simulations that were never run."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

import spikelib

if TYPE_CHECKING:
    from pathlib import Path

PROVENANCE = {
    "versions": {
        "python": "3.12.1",
        "numpy": "2.1.0",
        "h5py": "3.12",
        "pyarrow": "18.0",
        "matplotlib": "3.9",
    },
    "commands": ["spikelib report run/simulation_config.json --out report.html"],
    "git_commit": "0123456789abcdef0123456789abcdef01234567",
}

STATS = {
    "n_nodes": 400,
    "n_active": 377,
    "active_fraction": 0.9425,
    "n_spikes": 18794,
    "duration_ms": 1500.0,
    "rate_mean_hz": 31.3233333,
    "rate_median_hz": 28.667,
    "rate_sd_hz": 11.0456,
    "rate_p05_hz": 2.6667,
    "rate_p95_hz": 55.3333,
    "rate_max_hz": 88.6667,
    "rate_mean_active_hz": 33.2343,
    "rate_median_active_hz": 29.3333,
    "peak_rate_hz": 141.25,
    "peak_time_ms": 512.5,
    "n_isi": 18417,
    "isi_mean_ms": 22.52756,
    "isi_median_ms": 19.1,
    "isi_min_ms": 0.4,
    "n_cv": 371,
    "cv_mean": 0.6091851,
    "cv_median": 0.5871,
    "cv2_mean": 0.7213,
    "lv_mean": 0.6434,
    "lvr_mean": 0.8612,
    "refractory_violations": 7,
    "first_spike_median_ms": 44.39999999999964,
    "n_lv": 374,
    "burst_spike_share": 0.291,
    "bursting_share": 0.541,
    "burst_length_mean": 3.4127,
    "sync_fano": 3.917,
    "sync_cv": 1.2345,
    "pair_correlation": 0.00333,
    "pair_covariance": 5.129e-05,
    "chi": 0.07161,
    "rhythm_hz": 44.921875,
    "rhythm_ratio": 27.86,
    "drift": -0.0425,
    "transient": False,
    "presence_mean": 0.812,
    "sparseness": 0.2191,
    "gini": 0.2718,
}


def audit(population: str = "cortex", **changes: Any) -> dict[str, Any]:
    """Return the audit of a population whose spikes are all valid, with changes."""
    valid = {
        "population": population,
        "n_nodes": 400,
        "in_circuit": True,
        "type": "biophysical",
        "n_read": 18794,
        "n_kept": 18794,
        "rejected": {"not_a_number": 0, "infinite": 0, "negative_time": 0, "id_out_of_range": 0},
        "sorting_claim": "by_time",
        "sorting_found": "by_time",
        "units": "ms",
        "to_ms": 1.0,
        "id_dtype": "uint64",
        "time_dtype": "float64",
        "compression": None,
        "time_first": 16.61,
        "time_last": 1499.98,
        "id_min": 0,
        "id_max": 399,
        "n_after_end": 0,
        "n_before_start": 0,
        "n_duplicates": 0,
        "notes": [],
    }
    return valid | changes


def finding(kind: str, text: str) -> dict[str, str]:
    """Return a finding as descriptions hold it."""
    return {"kind": kind, "text": text}


def empty_audit(population: str) -> dict[str, Any]:
    """Return the audit of a population without spikes."""
    nothing = dict.fromkeys(["time_first", "time_last", "id_min", "id_max"])
    return audit(population, n_read=0, n_kept=0, sorting_found="by_time", **nothing)


def description(*audits: dict[str, Any], **simulation: Any) -> dict[str, Any]:
    """Return the description of a simulation with the populations given, with changes."""
    content = {"version": 2.4, "run": {"tstop": 1500.0, "dt": 0.025}, "target_simulator": "NEURON"}
    return {
        "schema": 2,
        "spikelib": spikelib.__version__,
        "source": "runs/seed_7/simulation_config.json",
        "simulation": {
            "config": "runs/seed_7/simulation_config.json",
            "time_start": 0.0,
            "time_stop": 1500.0,
            "dt": 0.025,
            "node_set": "Mosaic",
            "simulator": "NEURON",
            "circuit": "circuit/circuit_config.json",
            "notes": [],
            "inputs": [
                {"name": "noise", "module": "noise", "file": None, "exists": None},
                {"name": "thalamus", "module": "synapse_replay", "file": "inputs/vpm.h5", "exists": False},
            ],
            "content": content,
        }
        | simulation,
        "spike_file": {
            "path": "runs/seed_7/output/spikes.h5",
            "size_bytes": 301_536,
            "sha256": "ab" * 32,
            "layout": "populations",
        },
        "populations": list(audits),
    }


def bare_description(*audits: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a spike file that has no config."""
    unknown = dict.fromkeys(["config", "time_stop", "dt", "node_set", "simulator", "circuit"])
    bare = description(*audits, **unknown, inputs=[], content={})
    return bare | {"source": "spikes.h5"}


def stats(**changes: Any) -> dict[str, Any]:
    """Return the statistics of some nodes, with changes."""
    return STATS | changes


def no_stats(n_nodes: int = 400) -> dict[str, Any]:
    """Return the statistics of nodes of which none fired."""
    counts = {
        "n_nodes": n_nodes,
        "n_active": 0,
        "n_spikes": 0,
        "n_isi": 0,
        "n_cv": 0,
        "refractory_violations": 0,
    }
    return dict.fromkeys(STATS) | counts | {"duration_ms": 1500.0, "rate_mean_hz": 0.0 if n_nodes else None}


def statistics(
    name: str = "all",
    populations: dict[str, Any] | None = None,
    overall: dict[str, Any] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Return the statistics of a filter."""
    content = {
        "schema": 1,
        "spikelib": spikelib.__version__,
        "filter": {"name": name, "group": None, "t_start": None, "t_stop": None},
        "window": {"start": 0.0, "stop": 1500.0},
        "raster": "exact",
        "animated": False,
        "overall": stats() if overall is None else overall,
        "populations": {"cortex": stats()} if populations is None else populations,
        "notes": [],
    }
    return content | changes


def png(width: int = 4, height: int = 3, rgb: tuple[int, int, int] = (0, 114, 178)) -> bytes:
    """Return a PNG picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(rgb) * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def add_filter(
    results: Path,
    content: dict[str, Any],
    figures: tuple[str, ...] = (),
    animation: bytes = b"",
    suffix: str = ".mp4",
) -> Path:
    """Write the folder of a filter: tables, statistics, pictures, and an animation unless it is empty."""
    folder = results / "filters" / content["filter"]["name"]
    (folder / "figures").mkdir(parents=True)
    content = {**content, "animated": content.get("animated", False) or bool(animation)}
    (folder / "statistics.json").write_text(json.dumps(content))
    for table in ("spikes.parquet", "nodes.parquet"):
        (folder / table).write_bytes(b"PAR1")
    for stem in figures:
        (folder / "figures" / f"{stem}.png").write_bytes(png())
        (folder / "figures" / f"{stem}.svg").write_text("<svg/>")
    if animation:
        (folder / "figures" / f"animation{suffix}").write_bytes(animation)
    return folder


def add_spike_table(results: Path, population: str) -> Path:
    """Write the spike table of a population under its quoted name."""
    table = results / "spikes" / f"{quote(population, safe='')}.parquet"
    table.mkdir(parents=True)
    (table / "part-00000.parquet").write_bytes(b"PAR1")
    return table


def by_property(population: str = "cortex", name: str = "layer", **changes: Any) -> dict[str, Any]:
    """Return the statistics of a population by a property with two values, the second of them silent."""
    silent = dict.fromkeys(STATS) | {"n_nodes": 50, "n_active": 0, "n_spikes": 0, "rate_mean_hz": 0.0}
    values = [{"value": "L4", **STATS}, {"value": "L5", **silent}]
    return {"population": population, "property": name, "values": values, "n_missing": 0, "note": ""} | changes


def unpacked(packed: dict[str, Any]) -> dict[str, Any]:
    """Undo `spikelib.page.packing.pack` step by step, as the page does."""
    data = gzip.decompress(base64.b64decode(packed["bytes"]))
    arrays, place = {}, 0
    for name, told in packed["arrays"].items():
        size = int(told["type"][1:])
        n_bytes = int(np.prod(told["shape"])) * size
        planes = np.frombuffer(data[place : place + n_bytes], np.uint8).reshape(size, -1)
        flat = planes.T.copy().view("<" + told["type"]).reshape(-1)
        if told["delta"]:
            flat = np.cumsum(flat.astype(np.int64)).astype(np.int32)
        arrays[name] = flat.reshape(told["shape"])
        place += n_bytes
    assert place == len(data)
    return arrays


class Page(HTMLParser):
    """A page taken apart: its links, its elements with their attributes, its visible text, its tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self._skip = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._skip += tag in ("style", "script")
        if tag in ("dd", "dt", "td", "th"):
            self.texts.append(" ")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        self._in_cell = tag in ("td", "th") or (getattr(self, "_in_cell", False) and tag != "table")

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("style", "script")
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        self.texts.append(data)
        if getattr(self, "_in_cell", False):
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        """The text of the page, white space collapsed."""
        return " ".join("".join(self.texts).split())

    def attributes(self, name: str, tag: str | None = None) -> list[str]:
        """Return the values of an attribute, of one tag or of all, in the order of the page."""
        return [
            attributes[name] or ""
            for element, attributes in self.elements
            if name in attributes and tag in (None, element)
        ]

    @property
    def relative_links(self) -> list[str]:
        """The targets outside the page: neither fragments nor data."""
        targets = self.attributes("href") + self.attributes("src")
        return [target for target in targets if not target.startswith(("#", "data:"))]

    def row(self, head: str) -> list[str]:
        """Return the cells of the first row whose first cell is `head`."""
        cells = ([" ".join(cell.split()) for cell in row] for row in self.rows)
        return next(row for row in cells if row and row[0] == head)
