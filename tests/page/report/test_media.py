"""Pictures and animations of a page: embedded, linked, or both."""

from __future__ import annotations

import pytest

from spikelib.page.report import media
from spikelib.page.report.media import Linker, animation_context, embedded_animations, figure_contexts
from spikelib.results import find_filters
from tests.page.builders import add_filter, png, statistics


def test_links_are_relative_and_have_a_size(tmp_path):
    file = tmp_path / "tables" / "a b.parquet"
    file.parent.mkdir()
    file.write_bytes(bytes(2000))
    (link,) = Linker(tmp_path / "pages" / "r.html").links([file])
    assert (link["url"], link["text"], link["size"]) == ("../tables/a%20b.parquet", "a b.parquet", "2.0 kB")
    assert Linker(tmp_path / "r.html", enabled=False).links([file]) == []


@pytest.mark.parametrize(("limit", "embedded"), [(99, []), (100, ["one"]), (199, ["one"]), (200, ["one", "two"])])
@pytest.mark.parametrize("linked", [True, False])
def test_first_animations_are_embedded_while_there_is_room(tmp_path, monkeypatch, limit, embedded, linked):
    monkeypatch.setattr(media, "EMBED_ANIMATION_BYTES" if linked else "EMBED_UNLINKED_BYTES", limit)
    for name in ("one", "two"):
        add_filter(tmp_path, statistics(name), animation=bytes(100))
    found = find_filters(tmp_path, ["one", "two"])
    linker = Linker(tmp_path / "r.html", enabled=linked)
    chosen = embedded_animations(found, linker)
    assert [files.name for files in found if files.animation in chosen] == embedded
    for files in found:
        context = animation_context(files, linker, chosen)
        if files.name in embedded:
            assert context["source"].startswith("data:")
        else:
            assert context["source"] == (f"filters/{files.name}/figures/animation.mp4" if linked else None)


def test_figures_come_in_the_order_of_the_page_with_their_size(tmp_path):
    add_filter(tmp_path, statistics("x"), figures=("rate", "raster"))
    (tmp_path / "filters/x/figures/rate.png").write_bytes(png(6, 3))
    (files,) = find_filters(tmp_path)
    found = figure_contexts(files, Linker(tmp_path / "r.html"), {})
    assert [(each["kind"], each["size"]) for each in found] == [("raster", (4, 3)), ("rate", (6, 3))]
    assert animation_context(files, Linker(tmp_path / "r.html"), set()) is None
