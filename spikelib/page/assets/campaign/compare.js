"use strict";
(() => {
  /** Two or more simulations side by side: curves laid over each other, numbers with differences, distances. */
  const { button, campaign, format, make } = spikelib;
  const SHORTEST_WIDTH = 260;
  const WIDEST = 1600;
  const KEY_STEPS = 60;
  const HINT = "Point at the chart to read values, or focus it and press the left and right arrow keys.";
  const NEAR = 1e-9;
  const byId = (id) => document.getElementById(id);
  /** What the reader chose to see: axes and forms of the charts. */
  const choice = { rates: "linear", isi: "density" };
  let open = false;
  let turn = 0;

  /** Largest difference of two step functions that rise at `rates` to `shares`; equal rates may differ by rounding. */
  const stepDistance = (a, b) => {
    let [i, j, low, high, largest] = [0, 0, 0, 0, 0];
    while (i < a.rates.length || j < b.rates.length) {
      const next = Math.min(a.rates[i] ?? Infinity, b.rates[j] ?? Infinity);
      while (a.rates[i] <= next * (1 + NEAR)) low = a.shares[i++];
      while (b.rates[j] <= next * (1 + NEAR)) high = b.shares[j++];
      largest = Math.max(largest, Math.abs(low - high));
    }
    return largest;
  };

  /** Kolmogorov-Smirnov distance of the rates; null where there are no nodes. */
  spikelib.rateDistance = (a, b) => (a.rates.length && b.rates.length ? stepDistance(a, b) : null);

  /** Kolmogorov-Smirnov distance of the intervals at the edges that all share; null where there are none. */
  spikelib.isiDistance = (a, b) =>
    a.isi.length && b.isi.length ? a.isi.reduce((largest, share, i) => Math.max(largest, Math.abs(share - b.isi[i])), 0) : null;

  const lineName = (number) => format.short(campaign.data.names[number], 60);
  const highest = (lines, value) => lines.reduce((most, line) => line[value].reduce((a, b) => Math.max(a, b), most), 0) || 1;

  /** The width of the bins, or from the narrowest to the widest. */
  function binsTold(found) {
    const widths = found.map(({ curve }) => curve.bin);
    const [least, most] = [Math.min(...widths), Math.max(...widths)].map((width) => format.number(width));
    return least === most ? `bins of ${least} ms` : `bins of ${least} to ${most} ms`;
  }

  const UNLIKE = "In wider bins a curve is smoother and its peaks are lower:";

  function binsNoted(found) {
    if (new Set(found.map(({ curve }) => curve.bin)).size === 1) return "";
    return `${UNLIKE} ${found.map(({ name, curve }) => `${name} ${format.number(curve.bin)} ms`).join(", ")}.`;
  }

  function rateCurves(found) {
    const lines = found.map(({ place, name, curve }) => ({
      place, name, step: true, x: curve.hz.map((_, i) => curve.start + i * curve.bin), y: curve.hz, end: curve.stop,
    }));
    const low = Math.min(...found.map(({ curve }) => curve.start));
    const high = Math.max(...found.map(({ curve }) => curve.stop));
    return {
      key: "rate", title: `Firing rate over time, ${binsTold(found)}`, lines, digits: 4, note: binsNoted(found),
      x: { label: "Time [ms]", unit: "ms", low, high: high > low ? high : low + 1 },
      y: { label: "Firing rate per node [Hz]", unit: "Hz", high: highest(lines, "y") },
    };
  }

  function rateShares(found) {
    const log = choice.rates === "log";
    const firing = found.flatMap(({ curve }) => curve.rates.filter((rate) => rate > 0));
    const high = (Math.max(...firing, 0) || 1) * (log ? 1.1 : 1.02);
    const low = log ? Math.min(...firing, high / 10) * 0.9 : 0;
    const lines = found.map(({ place, name, curve }) => {
      const silent = curve.rates[0] === 0 ? curve.shares[0] : 0;
      const rest = curve.rates.map((rate, i) => [rate, curve.shares[i]]).filter(([rate]) => rate > 0);
      const start = curve.rates.length ? [[low, silent]] : [];
      const points = [...start, ...rest];
      return { place, name, step: true, x: points.map(([x]) => x), y: points.map(([, y]) => y), end: high };
    });
    return {
      key: "rates", title: "Distribution of the nodes’ rates", lines, digits: 4,
      x: { label: `Firing rate of a node [Hz]${log ? "; silent nodes at the left edge" : ""}`, unit: "Hz", low, high, log },
      y: { label: "Cumulative share of nodes", unit: "of the nodes at or below", high: 1 },
      options: { name: "Rate axis", key: "rates", values: { linear: "linear axis", log: "logarithmic axis" } },
    };
  }

  function intervals(found) {
    const cumulative = choice.isi === "cumulative";
    const with_ = found.filter(({ curve }) => curve.isi.length);
    const edges = [...(found[0]?.curve.edges ?? [])];
    const used = edges.map((_, i) => i).filter((i) => with_.some(({ curve }) => curve.isi[i] > 0 && (curve.isi[i - 1] ?? 0) < 1));
    const [first, last] = [Math.max((used[0] ?? 1) - 1, 0), used.at(-1) ?? edges.length - 1];
    const lines = found.map(({ place, name, curve }) => {
      if (!curve.isi.length) return { place, name, x: [], y: [] };
      if (cumulative) return { place, name, x: edges, y: curve.isi };
      const density = edges.slice(1).map((edge, i) => (curve.isi[i + 1] - curve.isi[i]) / Math.log10(edge / edges[i]));
      return { place, name, step: true, x: edges.slice(0, -1), y: density, end: edges.at(-1) };
    });
    const short = with_.filter(({ curve }) => curve.isi[0] > 0);
    return {
      note: short.map(({ name, curve }) => `${name}: ${(100 * curve.isi[0]).toFixed(2)} % of the intervals are shorter than ${edges[0]} ms.`).join(" "),
      key: "isi", title: "Distribution of the interspike intervals", lines, digits: 3,
      x: { label: "Interspike interval [ms]", unit: "ms", low: edges[first] ?? 1, high: edges[last] ?? 10, log: true },
      y: cumulative
        ? { label: "Cumulative share of intervals", unit: "of the intervals below", high: 1 }
        : { label: "Share of intervals per decade", unit: "per decade", high: highest(lines, "y") },
      options: { name: "Shown", key: "isi", values: { density: "density", cumulative: "cumulative" } },
    };
  }

  const value = (line, x, digits) => {
    const at = spikelib.lineAt(line, x);
    return at === null ? null : Number(at.toPrecision(digits));
  };

  /** A chart with its buttons; drawn anew when its width changes. */
  function chart(build, found) {
    let spec = build(found);
    const stage = make("div", { class: "overlay", tabindex: "0", role: "group" });
    const readout = make("output", { class: "small quiet" });
    const caption = make("figcaption");
    const notes = spec.note ? [make("p", { class: "small quiet" }, spec.note)] : [];
    const figure = make("figure", { class: `overlaid ${spec.key}` }, caption, stage, readout, ...notes);
    let [svg, cursor] = [null, null];
    const read = (x) => {
      cursor = x;
      svg.querySelector(".cursor")?.remove();
      const at = svg.scale.left(x).toFixed(1);
      const line = document.createElementNS(svg.namespaceURI, "line");
      for (const [key, y] of [["y1", svg.scale.top], ["y2", svg.scale.bottom]]) line.setAttribute(key, y);
      for (const key of ["x1", "x2"]) line.setAttribute(key, at);
      line.setAttribute("class", "cursor");
      svg.append(line);
      const told = spec.lines.map((one) => [one.name, value(one, x, spec.digits)]).filter(([, y]) => y !== null);
      readout.textContent = `At ${Number(x.toPrecision(4))} ${spec.x.unit}: ${told.map(([name, y]) => `${name} ${y}`).join("; ") || "nothing"} (${spec.y.unit})`;
    };
    const draw = () => {
      spec = build(found);
      const width = Math.min(Math.max(stage.clientWidth, SHORTEST_WIDTH), WIDEST);
      svg = spikelib.overlay(spec, width);
      stage.replaceChildren(svg);
      stage.setAttribute("aria-label", `${spec.title}. Left and right arrow keys show values.`);
      readout.textContent = HINT;
      cursor = null;
    };
    stage.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      read(svg.scale.value(((event.clientX - box.left) * svg.viewBox.baseVal.width) / box.width));
    });
    stage.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const [left, right] = [svg.scale.left(spec.x.low), svg.scale.left(spec.x.high)];
      const at = cursor === null ? (left + right) / 2 : svg.scale.left(cursor) + (step * (right - left)) / KEY_STEPS;
      read(svg.scale.value(at));
    });
    new ResizeObserver(draw).observe(stage);
    caption.append(make("b", {}, spec.title), make("span", { class: "tools" }, ...options(spec, draw), ...savers(() => spec, () => svg)));
    return figure;
  }

  function options(spec, draw) {
    if (!spec.options) return [];
    const { name, key, values } = spec.options;
    const select = make("select", { "aria-label": `${spec.title}: ${name}` }, ...Object.entries(values).map(([code, text]) => make("option", { value: code }, text)));
    select.value = choice[key];
    select.addEventListener("change", () => {
      choice[key] = select.value;
      draw();
    });
    return [select];
  }

  const fileName = (key, suffix) => format.fileName(["comparison", campaign.data.filters[campaign.filter], key], suffix);

  function savers(spec, svg) {
    const csv = () => spikelib.download(new Blob([format.csv(points(spec()))], { type: "text/csv" }), fileName(spec().key, "csv"));
    const png = () => spikelib.savePng(svg(), spec(), fileName(spec().key, "png"));
    return [
      button("Save PNG", "Save this chart, with its legend, as a PNG", png),
      button("Save CSV", "Save the points of this chart as a CSV file", csv),
    ];
  }

  /** The points of all lines as a table: one row each, as lines need not share their places. */
  const points = (spec) => [
    ["simulation", spec.x.label, spec.y.label],
    ...spec.lines.flatMap((line) => line.x.map((x, i) => [line.full ?? line.name, Number(x.toPrecision(10)), Number(line.y[i].toPrecision(8))])),
  ];

  /** What is compared, in the order of ticking, with curves where there are any. */
  async function gather() {
    const curves = await campaign.curves(campaign.filter);
    return campaign.chosen.map((number, place) => ({ number, place, name: lineName(number), curve: curves?.get(number) ?? null }));
  }

  async function show() {
    const mine = ++turn;
    const members = await gather();
    if (mine !== turn) return;
    const place = byId("comparison");
    place.hidden = !open || members.length < 2;
    if (place.hidden) return place.replaceChildren();
    const drawn = members.filter(({ curve, place: at }) => curve && at < spikelib.MOST_LINES);
    const parts = [note(members, drawn), legend(drawn)];
    const grid = make("div", { class: "comparison-charts" });
    parts.push(grid, ...spikelib.comparisonTable(members));
    place.replaceChildren(...parts.filter(Boolean));
    if (drawn.length) grid.append(...[rateCurves, rateShares, intervals].map((build) => chart(build, drawn)));
  }

  function note(members, drawn) {
    const filter = campaign.data.filters[campaign.filter];
    const missing = members.length - drawn.length;
    const rest = missing ? ` No curves of ${format.count(missing, "simulation")}: the filter or its digest is missing there, or there are more than ${spikelib.MOST_LINES}.` : "";
    return make("p", {}, `Filter “${filter}”. All nodes of the filter together; silent nodes count.${rest}`);
  }

  const legend = (drawn) =>
    make("ul", { class: "legend" }, ...drawn.map(({ place, name }) => make("li", {}, spikelib.lineSample(place), name)));

  function toldChoice() {
    const n = campaign.chosen.length;
    byId("chosen").hidden = n === 0;
    byId("chosen-count").textContent = `${n} ticked${n === 1 ? "; tick another one" : ""}`;
    byId("compare-now").disabled = n < 2;
    if (open) show();
  }

  function begin() {
    if (!spikelib.canUnpack()) {
      byId("compare-hint").textContent = "This browser is too old to unpack the curves, so simulations cannot be compared here.";
      return;
    }
    byId("compare-now").addEventListener("click", async () => {
      open = true;
      await show();
      const head = document.querySelector("#compare h2");
      head.focus({ preventScroll: true });
      head.scrollIntoView();
    });
    byId("choose-none").addEventListener("click", () => {
      open = false;
      campaign.chooseNone();
      show();
    });
    campaign.onChange(toldChoice);
    toldChoice();
  }

  if (byId("compare")) begin();
})();
