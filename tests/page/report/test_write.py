"""The report of one simulation."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from spikelib.errors import MissingFileError, OutputError, SpikelibWarning
from spikelib.page.measures import MEASURES
from spikelib.page.report import media
from spikelib.page.report import write as report
from spikelib.page.report.write import write_report
from spikelib.summary.store import save_summary
from tests.figures.builders import build_summary
from tests.page.builders import (
    PROVENANCE,
    STATS,
    Page,
    add_filter,
    add_spike_table,
    audit,
    bare_description,
    by_property,
    description,
    empty_audit,
    finding,
    no_stats,
    statistics,
    stats,
)
from tests.page.policies import assert_closed, rules

BREAKOUTS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><style>*{background:url(http://x)}</style>",
    "<img src=x onerror=alert(1)>",
    '" onclick="alert(1)" style="color:red" x="',
    "javascript:alert(1)",
    "policy of this page",
    "{{ 7 * 7 }}{% include 'base.html.j2' %}",
)
HOSTILE = '<script>alert("x")</script>'
EVERY_FIGURE = ("raster", "rate", "isi", "rates")


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results" / "run"
    folder.mkdir(parents=True)
    return folder


def written(source, results, out=None, **options):
    out = results / "report.html" if out is None else out
    write_report(source, results, out, provenance=PROVENANCE, **options)
    return Page(out.read_text(encoding="utf-8"))


def statistic(page, key, place=0):
    """Return a cell of the table of statistics: that of a measure, in the row of that place."""
    head = page.rows.index(
        next(row for row in page.rows if [cell.strip() for cell in row[:2]] == ["Filter", "Population"])
    )
    return page.rows[head + 1 + place][list(MEASURES).index(key) + 2].strip()


def assert_links_lead_somewhere(page, out):
    assert page.relative_links
    for link in page.relative_links:
        assert (out.parent / unquote(link)).exists(), link


def test_statistics_on_the_page_equal_the_file(results):
    add_filter(results, statistics())
    page = written(description(audit()), results)
    assert statistic(page, "n_spikes") == "18,794"
    assert statistic(page, "rate_mean_hz") == "31.32"
    assert statistic(page, "cv_mean") == "0.6092"
    assert statistic(page, "peak_rate_hz") == "141.2"
    values = {float(value) for value in page.attributes("data-value", "td")}
    rounded = {key for key, measure in MEASURES.items() if measure.write(STATS[key]) != str(STATS[key])}
    assert {float(STATS[key]) for key in rounded} <= values


def test_every_column_has_its_definition_one_click_away(results):
    add_filter(results, statistics())
    page = written(description(audit()), results)
    targets = page.attributes("popovertarget", "button")
    assert targets == [f"about-{key}" for key in MEASURES]
    assert set(targets) <= set(page.attributes("id", "div"))
    for measure in MEASURES.values():
        assert f"{measure.title}{measure.meaning}" in page.text  # in its popover
        assert f"{measure.title} {measure.meaning}" in page.text  # among the definitions


def test_columns_shown_at_first_are_ticked(results):
    add_filter(results, statistics())
    page = written(description(audit()), results)
    boxes = {attributes["id"]: "checked" in attributes for tag, attributes in page.elements if tag == "input"}
    assert boxes == {f"show-{key}": measure.important for key, measure in MEASURES.items()}


def test_essentials_stand_in_the_header(results):
    add_filter(results, statistics())
    page = written(description(audit(), audit("VPM", n_duplicates=3), node_set="Mosaic"), results)
    for text in (
        "Target simulator NEURON time step 0.025 ms",
        "Simulated 1.5 s 0 ms to 1,500 ms",
        "Populations 2 cortex, VPM",
        "Nodes 800 node set Mosaic simulated",
        "Spikes 37,588 none rejected",
        "Mean rate 31.3 Hz per node, filter all",
        "Checks passed 18 of 19 i1 note",
    ):
        assert text in page.text


def test_counts_before_and_after_a_filter(results):
    add_filter(results, statistics(populations={"cortex": stats(n_nodes=100, n_spikes=4699), "VPM": no_stats(0)}))
    page = written(description(audit(), audit("VPM")), results)
    rows = [[cell.strip() for cell in row] for row in page.rows]
    assert ["cortex", "400", "100", "18,794", "4,699", "25.0 %"] in rows
    assert ["VPM", "400", "0", "18,794", "0", "0 %"] in rows


def test_statistics_by_property(results):
    tables = [by_property(n_missing=3, note="10 ranges."), by_property("VPM", "mtype")]
    add_filter(results, statistics(by_property=tables))
    page = written(description(audit()), results)
    assert page.row("L4")[:4] == ["L4", "400", "94.2 %", "18,794"]
    assert "cortex by layer 2 values" in page.text
    assert "VPM by mtype" in page.text
    assert "3 nodes without a value of layer: in no row. 10 ranges." in page.text


def test_findings_have_meaning_and_advice(results):
    page = written(description(audit(units=None), audit("VPM", units=None)), results)
    assert "cortex: the file names none; read as ms VPM: the file names none; read as ms" in page.text
    assert page.text.count("SONATA asks for a unit") == 1
    assert "What to do Compare the first and the last spike" in page.text
    assert "17 checks passed. These need a look:" in page.text


def test_sections_and_what_was_simulated(results):
    page = written(description(audit(), audit("VPM", type="virtual", n_nodes=100)), results, name="seed 7")
    heads = ["statistics", "checks", "simulation", "tables", "definitions", "provenance"]
    links = [link for link in page.attributes("href") if link[1:] in heads]
    assert [f"#{head}" for head in heads] == links[: len(heads)]
    assert heads == [place for place in page.attributes("id", "section") if place in heads]
    assert "Target simulator NEURON" in page.text
    assert ["VPM", "virtual", "100", "yes", "18,794"] in [[cell.strip() for cell in row] for row in page.rows]
    assert page.row("thalamus") == ["thalamus", "synapse_replay", "inputs/vpm.h5 (missing)"]
    assert "seed 7 · spike report" in page.text


def test_provenance(results):
    page = written(description(audit()), results)
    for text in (
        "301,536 bytes",
        "ab" * 32,
        "numpy 2.1.0",
        *PROVENANCE["commands"],
        PROVENANCE["git_commit"],
    ):
        assert text in page.text
    assert '"target_simulator": "NEURON"' in page.text


def test_rejected_spikes_are_told_on_top_and_by_reason(results):
    rejected = {"not_a_number": 10, "infinite": 0, "negative_time": 2, "id_out_of_range": 0}
    page = written(description(audit(n_kept=18782, rejected=rejected)), results)
    assert "Warning 12 of 18,794 spikes rejected; the reasons are below." in page.text
    assert "10 (time is not a number), 2 (negative time)" in page.text


def test_every_fragment_has_its_place(results):
    for name in ("all", "a b", "a-b", "µ"):
        add_filter(results, statistics(name))
    page = written(description(audit()), results)
    anchors = [link[1:] for link in page.attributes("href") if link.startswith("#")]
    assert set(anchors) <= set(page.attributes("id"))
    assert len(page.attributes("id")) == len(set(page.attributes("id")))


def test_figures_are_embedded_and_linked(results):
    add_filter(results, statistics(), figures=EVERY_FIGURE)
    page = written(description(audit()), results)
    sources = page.attributes("src", "img")
    assert len(sources) == 4
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert all("of 18,794 spikes of 400 nodes, 0 ms to 1,500 ms." in alt for alt in page.attributes("alt", "img"))
    assert page.attributes("data-plot", "figure") == list(EVERY_FIGURE)
    assert page.attributes("width", "img") == ["4"] * 4
    assert "filters/all/figures/raster.svg" in page.relative_links
    assert_links_lead_somewhere(page, results / "report.html")


@pytest.mark.parametrize("place", ["results/run/report.html", "results/report.html", "pages/deep/run.html"])
def test_links_are_right_wherever_the_page_lies(tmp_path, results, place):
    population = "<sonata:none>"
    add_spike_table(results, population)
    add_spike_table(results, "mc0;Rt")
    add_filter(results, statistics("100% of #1"), figures=EVERY_FIGURE, animation=b"mp4")
    page = written(bare_description(audit(population)), results, tmp_path / place)
    assert_links_lead_somewhere(page, tmp_path / place)
    assert any("mc0%253BRt.parquet" in link for link in page.relative_links)


def test_page_refers_to_nothing_outside(results):
    add_filter(results, statistics(), figures=EVERY_FIGURE, animation=b"mp4")
    page = written(description(audit()), results)
    for link in page.attributes("href") + page.attributes("src"):
        assert not link.lower().startswith(("http:", "https:", "//", "javascript:"))
    assert not [tag for tag, _ in page.elements if tag in ("iframe", "object")]


def test_page_without_links_holds_no_reference_to_a_file(results):
    add_spike_table(results, "cortex")
    add_filter(results, statistics(), figures=EVERY_FIGURE, animation=b"mp4")
    page = written(description(audit()), results, links=False)
    assert page.relative_links == []
    assert len(page.attributes("src", "img")) == 4
    assert "the tables that it was made from were not kept" in page.text


@pytest.mark.parametrize(("suffix", "tag"), [(".mp4", "video"), (".gif", "img")])
def test_small_animation_is_embedded(results, suffix, tag):
    add_filter(results, statistics(), animation=b"0" * 100, suffix=suffix)
    page = written(description(audit()), results)
    assert page.attributes("src", tag)[0].startswith("data:")
    assert f"filters/all/figures/animation{suffix}" in page.attributes("href")


@pytest.mark.parametrize(("suffix", "tag"), [(".mp4", "video"), (".gif", "img")])
def test_large_animation_is_linked(results, monkeypatch, suffix, tag):
    monkeypatch.setattr(media, "EMBED_ANIMATION_BYTES", 99)
    add_filter(results, statistics(), animation=b"0" * 100, suffix=suffix)
    page = written(description(audit()), results)
    assert page.attributes("src", tag) == [f"filters/all/figures/animation{suffix}"]


def test_animations_are_embedded_while_they_are_small_together(results, monkeypatch):
    monkeypatch.setattr(media, "EMBED_ANIMATION_BYTES", 150)
    for name in ("all", "early"):
        add_filter(results, statistics(name=name), animation=b"0" * 100)
    sources = written(description(audit()), results).attributes("src", "video")
    assert [source.partition(":")[0] for source in sources] == ["data", "filters/early/figures/animation.mp4"]


def test_large_animation_of_a_page_without_links_is_told(results, monkeypatch):
    monkeypatch.setattr(media, "EMBED_UNLINKED_BYTES", 99)
    add_filter(results, statistics(), animation=b"0" * 100)
    page = written(description(audit()), results, links=False)
    assert "The animation (100 B) is too large to be part of the page." in page.text
    assert page.attributes("src") == []


@pytest.mark.parametrize(
    "source",
    [
        description(audit(HOSTILE, type=HOSTILE, notes=[finding("other", HOSTILE)], units=HOSTILE)),
        description(
            audit(), node_set=HOSTILE, simulator=HOSTILE, notes=[finding("no_config", HOSTILE)], content={"a": HOSTILE}
        ),
        description(audit(), inputs=[{"name": HOSTILE, "module": HOSTILE, "file": HOSTILE, "exists": True}]),
    ],
    ids=["population", "simulation", "input"],
)
def test_hostile_names_are_text(results, source):
    page = written(source, results, name=HOSTILE)
    assert [attributes for tag, attributes in page.elements if tag == "script"] == [{}, {}]
    assert page.text.count(HOSTILE) >= 3


@pytest.mark.parametrize("name", BREAKOUTS)
def test_policy_of_the_page_has_no_place_for_what_a_name_brings(results, name):
    chosen = {"name": "all", "group": {name: name}, "t_start": None, "t_stop": None}
    tables = [by_property(name, name, note=name, values=[{"value": name, **STATS}])]
    content = statistics("all", populations={name: stats()}, filter=chosen, notes=[name], by_property=tables)
    folder = add_filter(results, content, figures=EVERY_FIGURE)
    save_summary(build_summary({name: (3, [1.0, 2.0, 3.0], [0, 1, 0])}), folder / "summary.npz")
    inputs = [{"name": name, "module": name, "file": name, "exists": False}]
    source = description(audit(name, type=name, notes=[finding("other", name)]), node_set=name, inputs=inputs)
    page = written(source, results, name=name)
    html = (results / "report.html").read_text()
    assert_closed(html)
    assert rules(html)["img-src"] == ["data:"]
    assert page.text.count(" ".join(name.split())) >= 6


def test_film_beside_the_page_is_let_in(results, monkeypatch):
    monkeypatch.setattr(media, "EMBED_ANIMATION_BYTES", 99)
    add_filter(results, statistics(), animation=b"0" * 100)
    written(description(audit()), results)
    html = (results / "report.html").read_text()
    assert_closed(html)
    assert rules(html)["media-src"] == ["data:", "'self'", "file:"]


def test_hostile_filter_is_text(results):
    name = "<b onclick=x> & 'quoted' \"twice\""
    chosen = {"name": name, "group": {"$or": ["</pre>", HOSTILE]}, "t_start": None, "t_stop": None}
    tables = [by_property(HOSTILE, name, note=HOSTILE)]
    content = statistics(name, populations={HOSTILE: stats()}, filter=chosen, notes=[HOSTILE], by_property=tables)
    folder = add_filter(results, content, figures=EVERY_FIGURE)
    save_summary(build_summary({HOSTILE: (3, [1.0, 2.0, 3.0], [0, 1, 0])}), folder / "summary.npz")
    add_spike_table(results, HOSTILE)
    page = written(description(audit()), results)
    kinds = [attributes.get("type") for tag, attributes in page.elements if tag == "script"]
    assert kinds == [None, "application/json", None]
    assert "onclick" not in {key for _, attributes in page.elements for key in attributes}
    assert f"Filter {name}" in page.text
    assert_links_lead_somewhere(page, results / "report.html")


def test_missing_values_are_dashes_with_reasons(results):
    add_filter(results, statistics(populations={"a": stats(), "b": no_stats()}))
    page = written(description(audit("a"), audit("b")), results)
    dash = statistic(page, "cv_mean", place=2)
    assert dash[0] == "–"
    assert f"{dash[1:]} no value: no node has ten intervals." in page.text


@pytest.mark.parametrize(
    ("source", "content", "sentences"),
    [
        (description(), None, ["The spike file holds no population.", "No filter has been computed"]),
        (
            description(empty_audit("a")),
            None,
            ["No node fired: the spike file holds no spikes", "this population has no spikes"],
        ),
        (description(audit("a"), empty_audit("b")), None, ["this population has no spikes"]),
        (
            description(audit()),
            statistics(overall=no_stats(0)),
            ["This filter selects no nodes, hence no spikes: there is nothing to draw."],
        ),
        (
            description(audit()),
            statistics(overall=no_stats()),
            ["nodes of this filter fired in its window: there is nothing to draw"],
        ),
        (description(audit()), statistics(), ["No figures were drawn for this filter."]),
        (description(audit(), inputs=[]), None, ["The config names no inputs."]),
        (
            bare_description(audit(n_nodes=None, in_circuit=False)),
            statistics(),
            ["This is a bare spike file", "0 ms; the end is unknown", "only nodes that fired are known"],
        ),
    ],
    ids=["no_population", "no_spikes", "one_empty", "no_nodes", "silent", "no_figures", "no_inputs", "bare"],
)
def test_emptiness_is_told_in_a_sentence(results, source, content, sentences):
    if content is not None:
        add_filter(results, content)
    page = written(source, results)
    for sentence in sentences:
        assert sentence in page.text


def test_without_results(tmp_path):
    out = tmp_path / "a.html"
    write_report(description(audit()), None, out, provenance={})
    assert "No tables have been written" in Page(out.read_text()).text


def test_statistics_by_another_version_are_told(results):
    add_filter(results, statistics(spikelib="0.0.1"))
    assert "Computed by spikelib 0.0.1" in written(description(audit()), results).text


def test_only_the_filters_asked_for(results):
    for name in ("stale", "wanted"):
        add_filter(results, statistics(name))
    page = written(description(audit()), results, filters=["wanted"])
    assert "Filter wanted" in page.text
    assert "stale" not in page.text


def test_name_defaults_to_the_folder_of_the_config(results):
    assert "seed_7 · spike report" in written(description(audit()), results).text


def test_accessible(results):
    add_filter(results, statistics(), figures=EVERY_FIGURE, animation=b"mp4")
    page = written(description(audit()), results)
    tags = [tag for tag, _ in page.elements]
    assert page.attributes("lang", "html") == ["en"]
    assert len(page.attributes("scope", "th")) == tags.count("th")
    assert len(page.attributes("alt", "img")) == tags.count("img")
    assert page.attributes("aria-label", "video") != []
    assert [tags.count(tag) for tag in ("h1", "main", "nav", "footer")] == [1, 1, 1, 1]


def test_bytes_are_the_same_twice(results, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    add_filter(results, statistics(), figures=EVERY_FIGURE)
    written(description(audit()), results)
    first = (results / "report.html").read_bytes()
    written(description(audit()), results)
    assert (results / "report.html").read_bytes() == first


def test_date_of_the_environment(results, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert "1970-01-01 00:00 UTC" in written(description(audit()), results).text


def test_page_without_figures_is_small(results):
    names = [f"population_{number}" for number in range(16)]
    for name in ("all", "stimulus", "baseline"):
        add_filter(results, statistics(name, populations={each: dict(STATS) for each in names}))
    written(description(*map(audit, names)), results)
    assert (results / "report.html").stat().st_size < 350_000


def test_huge_page_warns(results, monkeypatch):
    monkeypatch.setattr(report, "LARGE_PAGE_BYTES", 1000)
    with pytest.warns(SpikelibWarning, match=r"report\.html: the page has .* and will open slowly"):
        written(description(audit()), results)


def test_place_that_cannot_be_written_leaves_nothing(tmp_path, results):
    obstacle = tmp_path / "file"
    obstacle.write_text("in the way")
    with pytest.raises(OutputError, match=r"file/report\.html: cannot be written"):
        written(description(audit()), results, obstacle / "report.html")
    assert obstacle.read_text() == "in the way"


def test_failure_keeps_the_old_page(results):
    written(description(audit()), results)
    before = (results / "report.html").read_bytes()
    with pytest.raises(MissingFileError, match="no such file"):
        written(description(audit()), results, filters=["x"])
    assert (results / "report.html").read_bytes() == before
    assert [path.name for path in results.iterdir()] == ["report.html"]
