"""The raster: markers, names and pixels read back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from spikelib.figures import draw_raster
from spikelib.summary.grids import raster_density
from spikelib.summary.model import RasterAxis, Summary
from tests.figures.builders import build_summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def _tick_names(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def _marks(ax: Axes) -> list[np.ndarray]:
    """Times and heights of each population's markers."""
    return [np.asarray(line.get_xydata()) for line in ax.lines if line.get_marker() == "|"]


def test_every_spike_has_a_marker_at_its_time_and_node(ax: Axes) -> None:
    summary = build_summary({"a": (3, [5.0, 7.0], [0, 2]), "b": (2, [6.0], [1])})
    assert draw_raster(summary, ax) is ax
    first, second = _marks(ax)
    assert first.tolist() == [[5.0, 0.0], [7.0, 2.0]]
    assert second.tolist() == [[6.0, 4.0]]
    assert ax.get_title(loc="center") == "every spike: 3 spikes"
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 100.0), (-0.5, 4.5))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Time [ms]", "population")


def test_populations_are_named_by_ticks_and_separated(ax: Axes, busy: Summary) -> None:
    draw_raster(busy, ax)
    assert _tick_names(ax) == ["exc", "inh"]
    assert ax.get_legend() is None
    lines = [line for line in ax.lines if line.get_marker() == "None"]
    assert [np.unique(line.get_ydata()).tolist() for line in lines] == [[39.5]]
    assert len({line.get_color() for line in ax.lines if line.get_marker() == "|"}) == 2


def test_populations_are_named_by_a_legend_where_the_axis_is_a_property(ax: Axes, busy: Summary) -> None:
    axis = RasterAxis("y [µm]", np.linspace(0.0, 1.0, 50), (0.0, 1.0), (), ())
    draw_raster(replace(busy, axis=axis), ax)
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["exc", "inh"]


def test_spikes_of_nodes_without_the_property_are_told(ax: Axes) -> None:
    axis = RasterAxis("y [µm]", np.array([1.0, np.nan]), (0.0, 2.0), (), ())
    draw_raster(build_summary({"a": (2, [1.0, 2.0, 3.0], [0, 1, 1])}, axis=axis), ax)
    assert [len(marks) for marks in _marks(ax)] == [1]
    assert ax.get_title() == "every spike: 1 spike; 2 spikes of nodes without y left out"


def test_beyond_the_cap_a_density_is_drawn_with_its_unit(ax: Axes, busy: Summary) -> None:
    summary = replace(busy, times=None, rows=None)
    draw_raster(summary, ax)
    assert _marks(ax) == []
    (image,) = ax.images
    density = raster_density(summary)
    np.testing.assert_array_equal(np.ma.filled(image.get_array(), np.nan), density.rates_hz)
    assert list(image.get_extent()) == [0.0, 100.0, -0.5, 49.5]
    assert ax.get_title() == f"density of 1,000 spikes, cells of {density.cell_ms:.3g} ms"
    assert [other.get_ylabel() for other in ax.figure.axes if other is not ax] == ["Rate per node [Hz]"]


def test_density_pixels_lie_where_the_spikes_are(ax: Axes) -> None:
    # Node 0 (below) fires in the first half, node 1 (above) in the second.
    times = np.concatenate([np.full(50, 20.0), np.full(50, 80.0)])
    summary = build_summary({"a": (2, times, [0] * 50 + [1] * 50)}, raster_cap=10, raster_shape=(2, 2))
    ax.set_position((0.1, 0.1, 0.8, 0.8))
    draw_raster(summary, ax)
    ax.figure.canvas.draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].astype(int)
    points = ax.transData.transform([(25.0, 0.0), (75.0, 0.0), (25.0, 1.0), (75.0, 1.0)]).astype(int)
    brightness = [pixels[len(pixels) - y, x].sum() for x, y in points]
    assert brightness[0] < 100
    assert brightness[3] < 100
    assert brightness[1] == brightness[2] == 765


def test_many_names_are_thinned_rather_than_overprinted(ax: Axes) -> None:
    ticks = tuple((float(i), f"type {i}") for i in range(400))
    axis = RasterAxis("mtype", np.arange(400.0), (-0.5, 399.5), ticks, ())
    draw_raster(build_summary({"a": (400, [1.0], [7])}, axis=axis), ax)
    assert 20 < len(_tick_names(ax)) < 60
    assert ax.get_ylabel() == "mtype (not every name fits)"


def _beside(ax: Axes, limits: list[float], names: str) -> dict[str, bool]:
    """Return whether each name of the vertical axis stands beside its own band only, as it is drawn."""
    ax.figure.canvas.draw()
    found = {}
    for label in ax.get_yticklabels():
        box = label.get_window_extent().transformed(ax.transData.inverted())
        # The box has room for letters that reach below the line; letters as such take about seven tenths.
        spare = 0.15 * (box.y1 - box.y0)
        place = names.index(label.get_text())
        found[label.get_text()] = limits[place] <= box.y0 + spare and box.y1 - spare <= limits[place + 1]
    return found


def test_name_of_a_thin_band_is_not_written_beside_the_next_one(ax: Axes) -> None:
    limits = [-0.5, 899.5, 905.5, 1000.5]
    axis = RasterAxis(
        "nodes, by id", np.arange(1001.0), (-0.5, 1000.5), ((449.5, "a"), (902.5, "b"), (953.0, "c")), (899.5, 905.5)
    )
    trains = {"a": (900, [1.0], [7]), "b": (6, [2.0], [1]), "c": (95, [3.0], [1])}
    draw_raster(build_summary(trains, axis=axis), ax)
    assert _beside(ax, limits, "abc") == {"a": True, "c": True}
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b", "c"]
    assert ax.get_ylabel() == "nodes, by id (not every name fits)"


def test_names_shrink_to_their_bands(ax: Axes) -> None:
    axis = RasterAxis("nodes, by id", np.arange(40.0), (-0.5, 39.5), ((18.0, "a"), (38.0, "b")), (36.5,))
    ax.figure.set_size_inches(4, 2)  # type: ignore[union-attr]
    ax.figure.set_layout_engine("none")  # type: ignore[union-attr]
    draw_raster(build_summary({"a": (37, [1.0], [7]), "b": (3, [2.0], [1])}, axis=axis), ax)
    assert _beside(ax, [-0.5, 36.5, 39.5], "ab") == {"a": True, "b": True}


def test_names_of_which_none_fits_are_led_to_their_bands_by_marks(ax: Axes) -> None:
    ticks = tuple((float(i), f"type {i}") for i in range(400))
    axis = RasterAxis("mtype", np.arange(400.0), (-0.5, 399.5), ticks, tuple(i + 0.5 for i in range(399)))
    draw_raster(build_summary({"a": (400, [1.0], [7])}, axis=axis), ax)
    places = [int(name.split()[1]) for name in _tick_names(ax)]
    assert list(ax.get_yticks()) == places
    assert all(tick.tick1line.get_markersize() > 0 for tick in ax.yaxis.get_major_ticks())


def test_node_ids_have_whole_ticks(ax: Axes) -> None:
    draw_raster(build_summary({"a": (3, [1.0], [1])}), ax)
    assert all(float(tick).is_integer() for tick in ax.get_yticks())


def test_ticks_grow_with_the_room_of_a_node(ax: Axes) -> None:
    draw_raster(build_summary({"a": (3, [1.0], [1])}), ax)
    few = ax.lines[0].get_markersize()
    ax.clear()
    draw_raster(build_summary({"a": (900, [1.0], [1])}), ax)
    assert (few, ax.lines[0].get_markersize()) == (10.0, 2.0)


def test_no_spikes_says_so(ax: Axes, silent: Summary) -> None:
    draw_raster(silent, ax)
    assert _texts(ax) == ["no spikes in 0 to 100 ms"]
    assert _tick_names(ax) == ["a", "b"]
    assert ax.get_xlim() == (0.0, 100.0)


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "density"])
def test_labels_are_left_alone_unless_asked(ax: Axes, busy: Summary, exact: bool) -> None:
    draw_raster(busy if exact else replace(busy, times=None, rows=None), ax, label_axes=False)
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("", "", "")


def test_populations_without_nodes_are_not_named(ax: Axes) -> None:
    summary = build_summary({"a": (2, [1.0], [1]), "gone": (0, [], []), "b": (2, [2.0], [0])})
    axis = RasterAxis("y [µm]", np.linspace(0.0, 1.0, 4), (0.0, 1.0), (), ())
    draw_raster(replace(summary, axis=axis), ax)
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"]


def test_no_nodes_no_ticks(ax: Axes) -> None:
    axis = RasterAxis("selected nodes, by id", np.empty(0), (-0.5, 0.5), (), ())
    draw_raster(build_summary({"a": (0, [], [])}, axis=axis), ax)
    assert ax.get_yticks().size == 0
    assert _texts(ax) == ["no spikes in 0 to 100 ms"]


def test_long_names_are_shortened_in_a_small_figure(ax: Axes) -> None:
    ticks = ((0.0, "fast_spiking_interneurons_of_layer_4"), (1.0, "L4"))
    axis = RasterAxis("mtype", np.arange(2.0), (-0.5, 1.5), ticks, ())
    ax.figure.set_size_inches(3.3, 2.4)  # type: ignore[union-attr]
    draw_raster(build_summary({"a": (2, [1.0], [0])}, axis=axis), ax)
    assert _tick_names(ax) == ["fast_sp…ayer_4", "L4"]
