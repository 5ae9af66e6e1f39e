"use strict";
(() => {
  const { make } = spikelib;
  const AHEAD = "600px";

  /** Beside which picture a sentence about its live form is put. */
  const say = (figure, sentence) => figure.append(make("p", { class: "chart-missing quiet small" }, sentence));

  /** Axis of time and place of the cursor that the raster and the rate of a filter share. */
  function linkOf(page, index) {
    const [start, stop] = page.window;
    const end = stop > start ? stop : start + (page.rate?.fine_ms ?? 1);
    const tick = page.raster?.tick_ms ?? page.raster?.cell_ms ?? page.rate?.fine_ms ?? 1;
    const least = Math.min(Math.max(tick * 10, (end - start) / 1e6), end - start);
    return { key: `filter-${index}`, axis: spikelib.axis({ limits: [start, end], least }), gutter: spikelib.gutterFor(page) };
  }

  function draw(figure, page, link) {
    const kind = figure.dataset.plot;
    if (!page[kind] || !spikelib[kind]) return;
    const host = make("div", { class: "chart" });
    const image = figure.querySelector("img");
    figure.insertBefore(host, image ?? figure.firstChild);
    // First the class: the chart measures the place that it has.
    figure.classList.replace("coming", "live");
    spikelib.chart(host, spikelib[kind](page, link));
  }

  /** Unpack a filter's data and put a chart in the place of each of its pictures. */
  async function enliven(plots, script, index) {
    const figures = [...plots.querySelectorAll("figure[data-plot]")];
    try {
      const page = JSON.parse(script.textContent);
      page.arrays = await spikelib.unpack(page);
      page.simulation = document.querySelector("[data-simulation]")?.dataset.simulation ?? document.title;
      const link = linkOf(page, index);
      for (const figure of figures) draw(figure, page, link);
      for (const figure of figures) figure.classList.remove("coming"); // that of one without data stays a picture
    } catch (error) {
      for (const figure of figures) {
        figure.classList.remove("live", "coming");
        figure.querySelector(".chart")?.remove();
      }
      if (figures.length) say(figures[0], `The interactive charts of this filter cannot be shown (${error.message}); these are its pictures.`);
    }
  }

  /** Charts are made when they come near: a page of many filters opens at once. */
  function start() {
    const scripts = [...document.querySelectorAll("script.plot-data")];
    const places = new Map(scripts.map((script) => [document.querySelector(`.plots[data-filter="${CSS.escape(script.dataset.filter)}"]`), script]));
    places.delete(null);
    if (!spikelib.canUnpack()) {
      for (const plots of places.keys()) say(plots, "This browser is too old for the interactive charts; these are their pictures.");
      return;
    }
    const watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        enliven(target, places.get(target), scripts.indexOf(places.get(target)));
      }
    }, { rootMargin: AHEAD });
    for (const plots of places.keys()) {
      for (const figure of plots.querySelectorAll("figure[data-plot]")) figure.classList.add("coming");
      watcher.observe(plots);
    }
  }

  start();
})();
