"""The campaign page in a browser, used as a reader would: sorted, searched, compared, copied, saved."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp

from benchmarks.generate import Recipe, generate
from spikelib.page.campaign.digest import ISI_EDGES_MS
from spikelib.page.campaign.write import write_index
from spikelib.page.format import number, percent
from spikelib.steps.report import report_simulation
from tests.page.chromium import PHONE, download, scrolls_sideways, violations, wait_until

RECIPES = {
    "alpha": Recipe(spikes=2_000, nodes=100),
    "beta": Recipe(spikes=3_000, nodes=100, seed=1),
    "gamma": Recipe(spikes=1_500, nodes=150, seed=2),
}
FILTERS = {"all": {}, "inhibitory": {"group": {"synapse_class": "INH"}, "t_start": 100}}
NO_FIGURES = {"others": False}
HOSTILE = {
    "<img src=x onerror=alert(1)>": {"seed": "<script>alert(2)</script>"},
    "'\"&quot; \u202eלאומי 😀": {"seed": '"'},
    "x" * 200: {"seed": "../../etc/passwd"},
}
ERROR = "runs/delta/spikes.h5: the HDF5 file is truncated; simulate it again"


@dataclass(frozen=True)
class Campaign:
    """Results of a campaign, and its page."""

    folder: Path

    @property
    def page(self) -> Path:
        return self.folder / "results/index.html"

    def table(self, simulation: str, name: str, chosen: str = "all") -> pd.DataFrame:
        return pd.read_parquet(self.folder / "results" / simulation / "filters" / chosen / name)

    def statistics(self, simulation: str, chosen: str = "all") -> dict:
        path = self.folder / "results" / simulation / "filters" / chosen / "statistics.json"
        return json.loads(path.read_text())["overall"]

    def write(self, simulations: dict) -> None:
        path = self.folder / "campaign.json"
        entries = {name: {"state": "ready", **entry} for name, entry in simulations.items()}
        path.write_text(json.dumps({"simulations": entries}))
        write_index(self.folder / "results", self.page, path, self.folder / "logs")


@pytest.fixture(scope="session")
def campaign(tmp_path_factory):
    """Three simulations of different size and length, one that failed, one that waits."""
    folder = tmp_path_factory.mktemp("campaign")
    for name, recipe in RECIPES.items():
        generate(recipe, folder / "runs" / name)
        source, results = folder / "runs" / name / "simulation_config.json", folder / "results" / name
        report_simulation(source, results / "report.html", {"filters": FILTERS, "figures": NO_FIGURES}, keep=results)
    log = folder / "logs/extract_population/delta/cortex.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"spikelib: error: {ERROR}\n")
    made = Campaign(folder)
    sheet = {name: {"metadata": {"seed": recipe.seed, "model": "same"}} for name, recipe in RECIPES.items()}
    made.write({**sheet, "delta": {}, "epsilon": {"state": "waiting", "problem": "it is still being written"}})
    return made


@pytest.fixture(scope="session")
def hostile(campaign, tmp_path_factory):
    """The same results under names that no one should give."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, source in zip(HOSTILE, RECIPES, strict=True):
        shutil.copytree(campaign.folder / "results" / source, folder / "results" / name)
    made = Campaign(folder)
    made.write({name: {"metadata": metadata} for name, metadata in HOSTILE.items()})
    return made


def choose(page, *names):
    for name in names:
        page.get_by_role("checkbox", name=f"Compare {name}", exact=True).check()


def compare(page, *names):
    choose(page, *names)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator("#comparison table").wait_for()


def shown(page):
    """Return the names in the table as they stand, without hidden ones."""
    return [row.locator("th").inner_text() for row in page.locator("#table tbody tr:visible").all()]


def column(page, title, table="#table"):
    """Return the texts of a column."""
    heads = page.locator(f"{table} thead th").all()
    place = next(i for i, head in enumerate(heads) if head.get_attribute("data-title") == title)
    return [row.locator("th, td").nth(place).inner_text() for row in page.locator(f"{table} tbody tr:visible").all()]


def compared(page, measure):
    """Return the cells of a row of the comparison: (text, value in full) of each."""
    rows = page.locator("#comparison tbody tr").all()
    row = next(row for row in rows if row.locator("th").inner_text().removesuffix("?").strip() == measure)
    return [(cell.inner_text(), cell.get_attribute("data-value")) for cell in row.locator("td").all()]


def intervals(spikes):
    """Return all intervals between successive spikes of one node."""
    ordered = spikes.sort_values(["population", "ids", "times"])
    same = (
        ordered["population"].eq(ordered["population"].shift()) & ordered["ids"].eq(ordered["ids"].shift())
    ).to_numpy()
    return ordered["times"].diff().to_numpy()[same]


def shares(spikes):
    gaps = intervals(spikes)
    return np.array([(gaps < edge - 1e-6).mean() for edge in ISI_EDGES_MS])


@pytest.mark.parametrize("chosen", list(FILTERS))
def test_distances_are_those_of_scipy_and_numpy(campaign, open_page, chosen):
    page = open_page(campaign.page)
    page.get_by_label("Filter").select_option(label=chosen)
    compare(page, *RECIPES)
    rates = [campaign.table(name, "nodes.parquet", chosen)["rate_hz"] for name in RECIPES]
    told = [float(value) for _, value in compared(page, "KS distance of rates")[1::2]]
    assert told == pytest.approx([ks_2samp(rates[0], other).statistic for other in rates[1:]], abs=1e-12)
    isi = [shares(campaign.table(name, "spikes.parquet", chosen)) for name in RECIPES]
    told = [float(value) for _, value in compared(page, "KS distance of ISIs")[1::2]]
    assert told == pytest.approx([abs(isi[0] - other).max() for other in isi[1:]], abs=1.01e-4)
    assert min(told) > 0


def test_distance_of_many_different_rates_is_marked_as_approximate(campaign, open_page, tmp_path):
    made = Campaign(Path(shutil.copytree(campaign.folder, tmp_path / "campaign")))
    path = made.folder / "results/beta/overview.json"
    digest = json.loads(path.read_text())
    digest["filters"][0]["rates"]["exact"] = False
    path.write_text(json.dumps(digest))
    made.write({name: {} for name in RECIPES})
    page = open_page(made.page)
    compare(page, *RECIPES)
    cells = [text for text, _ in compared(page, "KS distance of rates")]
    assert [text.startswith("≈") for text in cells[1::2]] == [True, False]


def test_differences_are_to_the_first_one_ticked(campaign, open_page):
    page = open_page(campaign.page)
    compare(page, "beta", "alpha")
    first, other = (campaign.statistics(name)["peak_rate_hz"] for name in ("beta", "alpha"))
    cells = compared(page, "Peak rate [Hz]")
    assert [float(value) for _, value in cells] == pytest.approx([first, other, other - first], rel=1e-5)
    change = f"+{number(other - first)} (+{percent((other - first) / first)})"
    assert [text for text, _ in cells] == [number(first), number(other), change]
    assert compared(page, "Mean rate [Hz]")[2][0] == "0"
    assert compared(page, "Spikes")[2] == ("−1,000 (−33.3 %)", "-1000")
    assert compared(page, "seed") == [("1", "1"), ("0", "0"), ("", "")]
    assert page.locator("#comparison").get_by_text("model").count() == 0  # they do not differ in it
    assert compared(page, "cortex: Spikes")[0] == ("2,700", "2700")


def test_curve_saved_is_that_of_the_spikes(campaign, open_page, tmp_path):
    page = open_page(campaign.page)
    compare(page, "alpha", "gamma")
    chart = page.locator("figure.overlaid").nth(0)
    saved = download(page, chart.get_by_role("button", name="Save CSV"), tmp_path)
    assert saved.name == "comparison-all-rate.csv"
    table = pd.read_csv(saved)
    assert list(table) == ["simulation", "Time [ms]", "Firing rate per node [Hz]"]
    for name in ("alpha", "gamma"):
        mine = table[table["simulation"] == name]
        stop = RECIPES[name].tstop
        counts, _ = np.histogram(campaign.table(name, "spikes.parquet")["times"], [*mine["Time [ms]"], stop])
        seconds = np.diff([*mine["Time [ms]"], stop]) / 1000
        expected = counts / RECIPES[name].nodes / seconds
        assert mine["Firing rate per node [Hz]"].to_numpy() == pytest.approx(expected, abs=expected.max() * 6e-4)


def test_distributions_saved_are_those_of_the_nodes_and_intervals(campaign, open_page, tmp_path):
    page = open_page(campaign.page)
    compare(page, "alpha", "beta")
    rates, isi = page.locator("figure.overlaid").nth(1), page.locator("figure.overlaid").nth(2)
    table = pd.read_csv(download(page, rates.get_by_role("button", name="Save CSV"), tmp_path))
    mine = table[table["simulation"] == "beta"]
    nodes = campaign.table("beta", "nodes.parquet")["rate_hz"].to_numpy()
    told = mine["Cumulative share of nodes"].to_numpy()
    assert told == pytest.approx([(nodes <= rate + 1e-6).mean() for rate in mine["Firing rate of a node [Hz]"]])
    isi.get_by_role("combobox").select_option("cumulative")
    table = pd.read_csv(download(page, isi.get_by_role("button", name="Save CSV"), tmp_path))
    mine = table[table["simulation"] == "beta"]
    assert mine["Interspike interval [ms]"].to_numpy() == pytest.approx(ISI_EDGES_MS)
    expected = shares(campaign.table("beta", "spikes.parquet"))
    assert mine["Cumulative share of intervals"].to_numpy() == pytest.approx(expected, abs=5.1e-5)


def test_density_of_intervals_has_the_area_of_those_that_fit(campaign, open_page, tmp_path):
    page = open_page(campaign.page)
    compare(page, "alpha", "beta")
    isi = page.locator("figure.overlaid").nth(2)
    table = pd.read_csv(download(page, isi.get_by_role("button", name="Save CSV"), tmp_path))
    density = table[table["simulation"] == "alpha"]["Share of intervals per decade"].to_numpy()
    shorter = shares(campaign.table("alpha", "spikes.parquet"))[0]
    assert shorter > 0  # this network has nodes that fire twice at once
    assert (density * np.diff(np.log10(ISI_EDGES_MS))).sum() == pytest.approx(1 - shorter, abs=1e-4)
    assert f"alpha: {100 * shorter:.2f} % of the intervals are shorter than 0.1 ms" in isi.inner_text()


def test_pointing_and_arrow_keys_tell_values(campaign, open_page):
    page = open_page(campaign.page)
    compare(page, "alpha", "beta")
    chart = page.locator("figure.overlaid").nth(0)
    chart.locator(".overlay").focus()
    page.keyboard.press("ArrowRight")
    told = chart.locator("output").inner_text()
    assert "alpha" in told
    assert "(Hz)" in told
    page.keyboard.press("ArrowRight")
    assert chart.locator("output").inner_text() != told
    chart.locator(".overlay").hover(position={"x": 100, "y": 100})
    assert chart.locator("output").inner_text().startswith("At ")


def test_axis_of_rates_can_be_logarithmic(campaign, open_page):
    page = open_page(campaign.page)
    compare(page, "alpha", "beta")
    chart = page.locator("figure.overlaid").nth(1)
    before = chart.locator("svg path").first.get_attribute("d")
    chart.get_by_role("combobox").select_option("log")
    assert chart.locator("svg path").first.get_attribute("d") != before
    assert "silent nodes at the left edge" in chart.inner_text()


def test_chart_saved_as_png_has_its_lines(campaign, open_page, tmp_path):
    page = open_page(campaign.page)
    compare(page, "alpha", "beta")
    saved = download(page, page.locator("figure.overlaid").nth(1).get_by_role("button", name="Save PNG"), tmp_path)
    picture = (matplotlib.image.imread(saved)[..., :3] * 255).round().astype(int)
    for colour in ((0, 114, 178), (213, 94, 0)):
        assert np.count_nonzero((abs(picture - colour) < 10).all(axis=2)) > 500
    assert (picture[0, 0] == 255).all()


def test_comparison_follows_filter_and_choice(campaign, open_page):
    page = open_page(campaign.page)
    choose(page, "alpha")
    assert page.get_by_role("button", name="Compare", exact=True).is_disabled()
    compare(page, "beta")
    page.get_by_label("Filter").select_option(label="inhibitory")
    page.get_by_text("Filter “inhibitory”").wait_for()
    spikes = [f"{campaign.statistics(name, 'inhibitory')['n_spikes']:,}" for name in ("alpha", "beta")]
    assert [text for text, _ in compared(page, "Spikes")[:2]] == spikes
    choose(page, "gamma")
    page.locator(".legend").get_by_text("gamma").wait_for()
    page.get_by_role("button", name="Untick all").click()
    assert page.locator("#comparison").is_hidden()
    assert page.locator("input.choose:checked").count() == 0


def test_comparison_is_saved_with_all_digits(campaign, open_page, tmp_path):
    page = open_page(campaign.page)
    compare(page, "alpha", "beta")
    saved = download(
        page, page.locator("#comparison div:has(> .scroll)").get_by_role("button", name="Save CSV"), tmp_path
    )
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(saved.read_text()))}
    assert rows["Measure"] == ["alpha", "beta", "beta minus alpha"]
    values = [campaign.statistics(name)["sync_fano"] for name in ("alpha", "beta")]
    assert [float(text) for text in rows["Synchrony"]] == pytest.approx([*values, values[1] - values[0]], rel=1e-5)
    assert rows["KS distance of rates"][0] == ""
    assert float(rows["KS distance of rates"][1]) > 0


def test_clicking_a_head_sorts(campaign, open_page):
    page = open_page(campaign.page)
    by_peak = sorted(RECIPES, key=lambda name: -campaign.statistics(name)["peak_rate_hz"])
    assert shown(page) == [*RECIPES, "delta", "epsilon"]
    page.get_by_role("button", name="Peak rate", exact=True).click()
    assert shown(page)[:3] == by_peak
    page.get_by_role("button", name="Peak rate", exact=True).click()
    assert shown(page) == [*reversed(by_peak), "delta", "epsilon"]  # those without a value stay last
    page.get_by_role("button", name="State", exact=True).click()
    assert shown(page)[0] == "delta"


def test_finding_by_name_and_state(campaign, open_page):
    page = open_page(campaign.page)
    page.get_by_label("Find").fill("ALPH")
    assert shown(page) == ["alpha"]
    assert page.get_by_text("1 of 5 shown").is_visible()
    page.get_by_label("Find").fill("")
    page.get_by_label("State").select_option(label="Failed (1)")
    assert shown(page) == ["delta"]


def test_other_filter_changes_numbers_and_pictures_and_back(campaign, open_page):
    page = open_page(campaign.page)
    row = page.locator("#table tbody tr").first

    def pictures():
        return [row.locator("path").get_attribute("d"), row.locator("img").get_attribute("src")]

    before, numbers = pictures(), row.inner_text()
    page.get_by_role("button", name="Spikes", exact=True).click()
    page.get_by_label("Filter").select_option(label="inhibitory")
    page.locator("#chosen-filter", has_text="inhibitory").wait_for()
    spikes = {name: campaign.statistics(name, "inhibitory")["n_spikes"] for name in RECIPES}
    ordered = sorted(RECIPES, key=lambda name: -spikes[name])
    assert shown(page)[:3] == ordered
    assert column(page, "Spikes")[:3] == [f"{spikes[name]:,}" for name in ordered]
    row = page.locator("#table tbody tr", has_text="alpha")
    assert all(now != then for now, then in zip(pictures(), before, strict=True))
    page.get_by_label("Filter").select_option(label="all")
    page.locator("#chosen-filter", has_text="all").wait_for()
    assert pictures() == before
    assert row.inner_text() == numbers


def test_curves_to_one_scale(campaign, open_page):
    page = open_page(campaign.page)
    page.get_by_label("Curves").select_option(label="all to one scale")
    heights = [path.bounding_box()["height"] for path in page.locator("#table .spark path").all()]
    peaks = [float(text) for text in column(page, "Peak of the curve [Hz]")[:3]]
    assert np.array(heights) / max(heights) == pytest.approx(np.array(peaks) / max(peaks), abs=0.02)


def test_table_is_copied_and_saved(campaign, open_page, tmp_path):
    page = open_page(campaign.page)
    tools = page.locator("#simulations .tools")
    page.get_by_label("Find").fill("beta")
    saved = download(page, tools.get_by_role("button", name="Save CSV"), tmp_path)
    head, row = csv.reader(io.StringIO(saved.read_text()))
    told = dict(zip(head, row, strict=True))
    assert (told["Simulation"], told["State"], told["seed"], told["Spikes"]) == ("beta", "OK", "1", "3000")
    assert float(told["Mean CV"]) == pytest.approx(campaign.statistics("beta")["cv_mean"], rel=1e-6)
    tools.get_by_role("button", name="Copy").click()
    tools.get_by_text("Copied").wait_for()
    page.get_by_label("Find").fill("")
    page.get_by_label("Find").focus()
    page.keyboard.press("Control+V")
    assert page.get_by_label("Find").input_value().startswith("Simulation\tState\tseed\tmodel")


def test_failed_and_waiting_simulations_say_why(campaign, open_page):
    page = open_page(campaign.page)
    trouble = page.locator("#trouble")
    assert ERROR in trouble.inner_text()
    assert "it is still being written" in trouble.inner_text()
    link = trouble.get_by_role("link", name="log of extract_population cortex")
    assert link.get_attribute("href") == "../logs/extract_population/delta/cortex.log"
    assert page.get_by_role("checkbox", name="Compare delta").count() == 0


def test_report_is_one_click_away(campaign, open_page):
    page = open_page(campaign.page)
    page.locator("#table").get_by_role("link", name="gamma").click()
    assert page.locator("h1").inner_text() == "gamma"


def test_hostile_names_stay_text(hostile, open_page):
    page = open_page(hostile.page)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    assert shown(page) == list(HOSTILE)
    compare(page, *HOSTILE)
    assert [item.inner_text() for item in page.locator(".legend li").all()][:2] == list(HOSTILE)[:2]
    assert compared(page, "seed")[0][0] == "<script>alert(2)</script>"
    assert not scrolls_sideways(page)


def test_without_javascript_all_is_there_but_comparing(campaign, open_page):
    page = open_page(campaign.page, javascript=False)
    assert shown(page) == [*RECIPES, "delta", "epsilon"]
    assert page.locator("#table img:visible, #table svg:visible").count() == 6
    assert page.get_by_text("needs JavaScript").is_visible()
    assert page.get_by_role("combobox").count() == 0
    assert page.get_by_role("checkbox").count() == 0


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["light", "dark"])
def test_no_serious_violation_of_accessibility(campaign, open_page, dark):
    page = open_page(campaign.page, dark=dark)
    compare(page, "alpha", "beta")
    assert violations(page) == []


def test_charts_follow_the_theme_and_are_light_on_paper(campaign, open_page):
    page = open_page(campaign.page, dark=True)
    compare(page, "alpha", "beta")

    def paper():
        return page.evaluate("getComputedStyle(document.querySelector('.overlaid svg[role=img] rect')).fill")

    assert paper() == "rgb(20, 24, 29)"
    page.emulate_media(media="print")
    assert paper() == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Theme: auto").click()
    assert paper() == "rgb(255, 255, 255)"


def test_phone_never_scrolls_sideways(campaign, hostile, open_page):
    for made, names in ((campaign, ["alpha", "beta"]), (hostile, list(HOSTILE))):
        page = open_page(made.page, size=PHONE)
        assert not scrolls_sideways(page)
        compare(page, *names)
        assert not scrolls_sideways(page)
        assert page.locator("figure.overlaid svg[role=img]").first.bounding_box()["width"] <= PHONE[0]


def test_paper_has_no_controls(campaign, open_page):
    page = open_page(campaign.page, printed=True)
    assert page.get_by_label("Find").is_hidden()
    assert page.locator("#table .thumb img").first.is_visible()
    assert page.get_by_text("Tick the boxes").is_hidden()
    assert page.locator("#compare h2").is_hidden()  # nothing is compared
    page.emulate_media(media="screen")
    compare(page, "alpha", "beta")
    page.emulate_media(media="print")
    assert page.locator("#compare h2").is_visible()
    assert page.locator("figure.overlaid").first.is_visible()


@pytest.fixture(scope="session")
def thousand(campaign, tmp_path_factory):
    """A thousand simulations: the digests of three, many times, each with a curve of its own."""
    folder = tmp_path_factory.mktemp("thousand")
    random = np.random.default_rng(0)
    for place in range(1000):
        source = campaign.folder / "results" / list(RECIPES)[place % 3]
        target = folder / "results" / f"run_{place:04d}"
        target.mkdir(parents=True)
        shutil.copy(source / "description.json", target)
        (target / "report.html").write_text("<!DOCTYPE html>")
        digest = json.loads((source / "overview.json").read_text())
        for found in digest["filters"]:
            found["curve"]["hz"] = random.gamma(4, 5, 120).round(2).tolist()
        (target / "overview.json").write_text(json.dumps(digest))
    made = Campaign(folder)
    write_index(folder / "results", made.page)
    return made


@pytest.mark.slow
def test_page_of_a_thousand_is_small_and_works(thousand, open_page):
    assert thousand.page.stat().st_size < 5_000_000
    page = open_page(thousand.page)
    assert page.locator("#table tbody tr").count() == 1000
    page.get_by_role("button", name="Rate over time", exact=True).click()
    peaks = page.evaluate("[...document.querySelectorAll('#table td.spark')].map((cell) => Number(cell.dataset.value))")
    assert all(first >= second for first, second in pairwise(peaks))
    page.get_by_label("Find").fill("run_099")
    assert len(shown(page)) == 10
    compare(page, "run_0990", "run_0991")
    assert compared(page, "Spikes")[0] == ("2,000", "2000")


def test_page_of_a_thousand_has_all_it_can_hold(thousand):
    page = thousand.page.read_text()
    assert page.count("<img ") == 1000
    assert "has no room" not in page


def test_widths_of_bins_are_told_and_unlike_ones_are_named(campaign, open_page, tmp_path):
    made = Campaign(Path(shutil.copytree(campaign.folder, tmp_path / "campaign")))
    for name, width in {"alpha": 8.5, "beta": 17.0, "gamma": 8.5}.items():
        path = made.folder / "results" / name / "overview.json"
        digest = json.loads(path.read_text())
        digest["filters"][0]["curve"]["bin"] = width
        path.write_text(json.dumps(digest))
    made.write({name: {} for name in RECIPES})
    page = open_page(made.page)
    compare(page, "alpha", "gamma")
    chart = page.locator("figure.overlaid.rate")
    assert chart.locator("b").inner_text() == "Firing rate over time, bins of 8.5 ms"
    assert "wider bins" not in chart.inner_text()
    choose(page, "beta")
    chart.get_by_text("In wider bins a curve is smoother").wait_for()
    assert chart.locator("b").inner_text() == "Firing rate over time, bins of 8.5 to 17 ms"
    assert "alpha 8.5 ms, gamma 8.5 ms, beta 17 ms" in chart.inner_text()


def test_the_filter_chosen_last_is_the_one_shown(campaign, open_page):
    page = open_page(campaign.page)
    before = column(page, "Spikes")
    page.evaluate(
        """() => {
          const { campaign } = spikelib;
          const real = campaign.curves;
          campaign.curves = async (filter) => {
            if (filter === 1) await new Promise((done) => setTimeout(done, 300));
            window.unpacked = (window.unpacked ?? 0) + 1;
            return real(filter);
          };
        }"""
    )
    page.get_by_label("Filter").select_option(label="inhibitory")
    page.get_by_label("Filter").select_option(label="all")
    wait_until(page, "window.unpacked === 2")
    page.wait_for_timeout(100)
    assert page.locator("#chosen-filter").inner_text() == "all"
    assert column(page, "Spikes") == before


@pytest.mark.slow
@pytest.mark.parametrize("form_kept", [False, True], ids=["new", "as_left"])
def test_after_back_the_numbers_are_of_the_filter_named(campaign, open_page, form_kept):
    # Browsers differ in what they keep of a form: some fill it in after the page has begun, before `pageshow`.
    left = "filter.value = '1'; document.querySelector('.choose').checked = true;"
    filled = f"const filter = document.getElementById('filter'); if (filter) {{ {left} }}"
    kept = f"addEventListener('DOMContentLoaded', () => {{ {filled} }});"
    page = open_page(campaign.page, before=kept if form_kept else "")
    page.locator("#filter").select_option("inhibitory")
    page.get_by_label("Find").fill("alp")
    page.locator("#table a", has_text="alpha").click()
    page.locator("h1").wait_for()
    page.go_back()
    wait_until(page, "document.getElementById('shown').textContent !== ''")
    chosen = "inhibitory" if form_kept else page.locator("#filter option:checked").inner_text()
    wait_until(page, f"document.getElementById('chosen-filter').textContent === '{chosen}'")
    rate = campaign.statistics("alpha", chosen)["rate_mean_hz"]
    assert column(page, "Mean rate [Hz]")[0] == number(rate, 4)
    n_ticked = page.locator(".choose:checked").count()
    assert page.locator("#chosen-count").text_content().startswith(f"{n_ticked} ticked")
    assert n_ticked == form_kept


def test_head_of_the_curve_reads_as_its_definition(campaign, open_page):
    page = open_page(campaign.page)
    head = page.locator("#table thead th", has_text="Rate over time")
    assert " ".join(head.inner_text().removesuffix("?").split()) == "Rate over time, peak [Hz]"
    assert page.locator(".glossary dt").get_by_text("Rate over time, peak [Hz]", exact=True).count() == 1
