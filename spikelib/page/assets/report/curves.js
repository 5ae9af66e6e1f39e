"use strict";
(() => {
  const { format, make } = spikelib;

  /** A row of a matrix that is stored flat. */
  const row = (matrix, index) => matrix.subarray(index * matrix.shape[1], (index + 1) * matrix.shape[1]);

  /** Bins [edge, next edge) that a range touches: first and one beyond the last. */
  function binsIn(edges, low, high) {
    const n = edges.length - 1;
    const first = Math.min(Math.max(spikelib.firstAtLeast(edges, low) - (edges[spikelib.firstAtLeast(edges, low)] === low ? 0 : 1), 0), n);
    return [first, Math.min(Math.max(spikelib.firstAtLeast(edges, high), first), n)];
  }

  const binAt = (edges, value) => {
    const after = spikelib.firstAtLeast(edges, value);
    const bin = edges[after] === value ? after : after - 1;
    return bin >= 0 && bin < edges.length - 1 ? bin : null;
  };

  /** Points of a line in steps. Bins narrower than half a pixel become a stroke from their least to their greatest. */
  function stepPoints(frame, edges, values) {
    const [first, end] = binsIn(edges, frame.xLow, frame.xHigh);
    const floor = frame.top + frame.height + 20;
    const level = (value) => Math.min(Math.max(frame.y(value), frame.top - 20), floor);
    const points = [];
    let crowd = null;
    const flush = () => {
      if (crowd) points.push(crowd.x, crowd.first, crowd.x, crowd.low, crowd.x, crowd.high, crowd.x, crowd.last);
      crowd = null;
    };
    for (let bin = first; bin < end; bin++) {
      const [left, right] = [frame.x(edges[bin]), frame.x(edges[bin + 1])];
      const y = values[bin] > 0 || !frame.logY ? level(values[bin]) : floor;
      if (right - left >= 0.5) {
        flush();
        points.push(left, y, right, y);
        continue;
      }
      const pixel = Math.round(left * 2) / 2;
      if (crowd && crowd.x !== pixel) flush();
      crowd ??= { x: pixel, first: y, low: y, high: y };
      crowd.low = Math.min(crowd.low, y);
      crowd.high = Math.max(crowd.high, y);
      crowd.last = y;
    }
    flush();
    return points;
  }

  /** Draw lines in steps; the first may be an area. `lines`: {values, colour, width, dash, area, alpha}. */
  spikelib.paintSteps = (painter, frame, edges, lines) => {
    for (const { values, area, ...style } of lines) {
      const points = stepPoints(frame, edges, values);
      if (!points.length) continue;
      const foot = frame.top + frame.height;
      if (area) painter.area([points[0], foot, ...points, points.at(-2), foot], style);
      else painter.line(points, { width: 1.5, ...style });
    }
  };

  /** The range of values in view, from 0, or on a logarithmic axis from the least that is not 0. */
  spikelib.rangeOf = (edges, lines, axis, log) => {
    const [first, end] = binsIn(edges, axis.low, axis.high);
    let [least, most] = [Infinity, 0];
    for (const values of lines) {
      for (let bin = first; bin < end; bin++) {
        if (values[bin] > most) most = values[bin];
        if (values[bin] > 0 && values[bin] < least) least = values[bin];
      }
    }
    if (!most) return log ? [0.1, 1] : [0, 1];
    return log ? [least / 1.6, most * 1.6] : [0, most * 1.06];
  };

  const check = (text, checked, onchange) =>
    make("label", { class: "chart-check" }, make("input", { type: "checkbox", checked, onchange: (event) => onchange(event.target.checked) }), text);

  /** Items of the legend; where groups are more than colours, so many are shown that no colour means two things. */
  const groupItems = (page) =>
    page.groups.map((group, k) => ({ text: group.name, colour: k % spikelib.MOST_COLOURS, shape: "line", shown: k < spikelib.MOST_COLOURS }));

  const base = (page, kind, name) => ({ kind, name, height: 260, file: [page.simulation, page.filter, kind], legend: groupItems(page) });

  const styled = (spec, colours, values) =>
    values.map((of, p) => ({ values: of, colour: colours.population(spec.legend[p].colour), item: spec.legend[p] })).filter((line) => line.item.shown);

  /** A choice among texts: [[value, text]]. */
  spikelib.selection = (label, choices, choose) => {
    const options = choices.map(([value, text]) => make("option", { value }, text));
    return make("label", { class: "chart-choice" }, `${label} `, make("select", { onchange: (event) => choose(event.target.value) }, ...options));
  };

  Object.assign(spikelib, { chartBase: base, chartLines: styled, chartCheck: check, histogramChart: histogram, matrixRow: row, binAt, binsIn });

  /** The firing rate over time in bins of a width that can be chosen. */
  spikelib.rate = (page, link) => {
    const { rate, arrays, groups: populations, window: [start, stop] } = page;
    const counts = arrays["rate.counts"];
    const fine = counts.shape[1];
    const spec = { ...base(page, "rate", "Firing rate"), link: link.key, gutter: link.gutter };
    const several = populations.length > 1;
    if (several) spec.legend.push({ text: "all", colour: "quiet", shape: "line", faint: true, shown: true });
    const per = populations.map((population) => (rate.nodes === "active" ? population.n_fired : population.n_nodes));
    const nodes = [...per, ...(several ? [per.reduce((sum, n) => sum + n, 0)] : [])];
    let width = rate.default_ms;
    let [edges, spikes, rates] = [[], [], []];

    /** Unite fine bins: whole numbers are added up, so nothing is lost by it. */
    function unite() {
      const merge = Math.max(1, Math.round(width / rate.fine_ms));
      const bins = Math.ceil(fine / merge);
      const last = stop > start ? stop : start + rate.fine_ms;
      edges = Float64Array.from({ length: bins + 1 }, (_, bin) => (bin < bins ? start + bin * merge * rate.fine_ms : last));
      const all = new Float64Array(bins);
      spikes = populations.map((_, p) => {
        const sums = new Float64Array(bins);
        row(counts, p).forEach((count, k) => {
          const bin = Math.floor(k / merge);
          sums[bin] += count;
          all[bin] += count;
        });
        return sums;
      });
      if (several) spikes.push(all);
      rates = spikes.map((sums, p) => sums.map((sum, bin) => (nodes[p] ? (sum * 1000) / (nodes[p] * (edges[bin + 1] - edges[bin])) : 0)));
    }
    unite();

    const inView = () => rates.filter((_, p) => spec.legend[p].shown);
    spec.x = { axis: link.axis, label: "Time [ms]", unit: "ms", word: "Time" };
    spec.y = { label: "Firing rate [Hz]", unit: "Hz", range: () => spikelib.rangeOf(edges, inView(), link.axis, false) };
    spec.view = () => `${format.range(link.axis.low, link.axis.high, "ms")}, bins of ${format.plain(width)} ms`;
    spec.about = () => {
      const known = populations.some((population) => population.simulated) && rate.nodes !== "active";
      return `mean rate per ${known ? "simulated node" : "node that fired"}, bins of ${format.plain(width)} ms`;
    };
    spec.controls = (chart) => {
      const choices = rate.widths_ms.map((ms) => make("option", { value: ms, selected: ms === width }, `${format.plain(ms)} ms`));
      const onchange = (event) => {
        width = Number(event.target.value);
        unite();
        chart.dress();
        chart.redraw();
      };
      return [make("label", { class: "chart-choice" }, "Bin width ", make("select", { onchange }, ...choices))];
    };
    spec.paint = (painter, frame, colours) => {
      const lines = styled(spec, colours, rates.slice(0, populations.length));
      if (several && spec.legend.at(-1).shown) lines.unshift({ values: rates.at(-1), colour: colours.quiet, width: 3, alpha: 0.55 });
      spikelib.paintSteps(painter, frame, edges, lines);
    };
    spec.hover = (frame, left) => {
      const bin = binAt(edges, Math.min(frame.xAt(left), edges.at(-1) - 1e-9));
      if (bin === null) return { text: "" };
      const told = spec.legend.map((item, p) => (item.shown ? `${item.text} ${format.number(rates[p][bin], 3)} Hz` : null));
      return { text: `${format.number(edges[bin], 12)} to ${format.number(edges[bin + 1], 12)} ms: ${told.filter(Boolean).join(", ")}` };
    };
    spec.table = (frame) => {
      const shown = spec.legend.flatMap((item, p) => (item.shown ? [p] : []));
      const heads = (unit) => shown.map((p) => `${spec.legend[p].text} [${unit}]`);
      const table = [["start [ms]", "stop [ms]", ...heads("Hz"), ...heads("spikes")]];
      const [first, end] = binsIn(edges, frame.xLow, frame.xHigh);
      for (let bin = first; bin < end; bin++) {
        const ends = [format.plain(edges[bin]), format.plain(edges[bin + 1])];
        table.push([...ends, ...shown.map((p) => rates[p][bin]), ...shown.map((p) => spikes[p][bin])]);
      }
      return table;
    };
    return spec;
  };

  /**
   * A histogram with several forms. `forms`: {linear, log} or any names, of {edges, heights (one array a group), counts,
   * limits, home, label, xLabel, about()}; `noun` is what is counted, `unit` that of the horizontal axis. `select` names
   * the choice among forms that are not a linear and a logarithmic one.
   */
  function histogram(spec, { forms, noun, unit, xLabel, total, logarithmicY, select }) {
    const axes = {};
    for (const [name, form] of Object.entries(forms)) {
      if (form) axes[name] = spikelib.axis({ limits: form.limits, home: form.home, log: name === "log" });
    }
    const several = spec.legend.length > 1;
    let chosen = Object.keys(axes)[0];
    const inUnit = unit ? ` [${unit}]` : "";
    const form = () => forms[chosen];
    if (several && total) spec.legend.push({ text: "all", colour: "quiet", shape: "box", faint: true, shown: true });
    const sum = (arrays) => arrays[0].map((_, bin) => arrays.reduce((added, of) => added + of[bin], 0));
    for (const each of Object.values(forms)) if (each && several && total) each.all = { heights: sum(each.heights), counts: sum(each.counts) };
    const inView = () => {
      const shown = form().heights.filter((_, p) => spec.legend[p].shown);
      return form().all && spec.legend.at(-1).shown ? [...shown, form().all.heights] : shown;
    };
    spec.x = { axis: axes[chosen], get label() { return form().xLabel ?? xLabel; }, unit, word: "Zoom", ticks: () => form().ticks };
    spec.y = { get label() { return form().label; }, log: false, range: () => spikelib.rangeOf(form().edges, [...inView(), ...(form().extra?.() ?? [])], spec.x.axis, spec.y.log) };
    spec.view = () => {
      const { low, high } = spec.x.axis;
      if (chosen === "log") return `${format.number(low, 3)} to ${format.number(high, 3)} ${unit}, logarithmic axis`;
      return `${format.range(form().limits[0] < 0 && !form().signed ? Math.max(low, 0) : low, high, unit)}, linear axis`;
    };
    spec.about = () => form().about();
    spec.controls = (chart) => {
      const choose = (name) => {
        chosen = name;
        spec.x.axis = axes[chosen];
        chart.rebuild();
      };
      const logX = (on) => choose(on ? "log" : "linear");
      const logY = (on) => {
        spec.y.log = on;
        chart.rebuild();
      };
      return [
        ...(axes.log ? [check("Log x", false, logX)] : []),
        ...(logarithmicY ? [check("Log y", false, logY)] : []),
        ...(select ? [spikelib.selection(select, Object.keys(forms).map((name) => [name, name.toUpperCase()]), choose)] : []),
      ];
    };
    spec.paint = (painter, plain, colours) => {
      const frame = { ...plain, logY: spec.y.log };
      const { edges, heights, all } = form();
      const lines = styled(spec, colours, heights).map((line) => (several ? line : { ...line, area: true }));
      if (all && spec.legend.at(-1).shown) lines.unshift({ values: all.heights, colour: colours.quiet, area: true, alpha: 0.3 });
      spikelib.paintSteps(painter, frame, edges, lines);
      form().paint?.(painter, frame, colours);
    };
    spec.hover = (frame, left) => {
      const { edges, counts, all, beside } = form();
      const bin = binAt(edges, frame.xAt(left));
      if (bin === null) return { text: beside?.(frame.xAt(left)) ?? "" };
      const span = `${format.number(edges[bin], 6)} to ${format.number(edges[bin + 1], 6)} ${unit}`.trim();
      if (!several) return { text: `${span}: ${format.count(counts[0][bin], noun)}` };
      const told = spec.legend.slice(0, counts.length).flatMap((item, p) => (item.shown ? [`${item.text} ${format.stepped(counts[p][bin], 1)}`] : []));
      const added = all ? all.counts[bin] : counts.reduce((n, of) => n + of[bin], 0);
      return { text: `${span}: ${format.count(added, noun)} (${told.join(", ")})` };
    };
    spec.table = (frame) => {
      const { edges, counts } = form();
      const shown = counts.flatMap((_, p) => (spec.legend[p].shown ? [p] : []));
      const table = [[`from${inUnit}`, `to${inUnit}`, ...shown.map((p) => `${spec.legend[p].text} [${noun}s]`)]];
      if (form().before && frame.xLow < 0) table.push([0, 0, ...shown.map((p) => form().before[p])]);
      const [first, end] = binsIn(edges, frame.xLow, frame.xHigh);
      for (let bin = first; bin < end; bin++) {
        table.push([format.plain(edges[bin], 9), format.plain(edges[bin + 1], 9), ...shown.map((p) => counts[p][bin])]);
      }
      return table;
    };
    return spec;
  }

  /** The distribution of interspike intervals (or of their reciprocals), a density over all intervals. */
  spikelib.isi = (page) => {
    const { isi, arrays, groups: populations } = page;
    const unit = isi.unit ?? "ms";
    const counts = populations.map((_, p) => row(arrays["isi.counts"], p));
    const n = isi.n_intervals || 1;
    const edges = Float64Array.from({ length: counts[0].length + 1 }, (_, k) => Number((k * isi.width_ms).toFixed(9)));
    const heights = (of, width) => of.map((bins) => Float64Array.from(bins, (count, bin) => count / (n * width(bin))));
    const number = format.count(isi.n_intervals, "interval");
    const beyond = isi.n_beyond ? `; ${format.stepped(isi.n_beyond, 1)} beyond ${format.number(isi.shown_ms)} ${unit}` : "";
    const forms = {
      linear: {
        edges, counts, heights: heights(counts, () => isi.width_ms), limits: [0, edges.at(-1)], home: [0, Math.min(isi.shown_ms, edges.at(-1))],
        label: `Density [1/${unit}]`, ticks: null,
        about: () => `${number}, bins of ${format.number(isi.width_ms)} ${unit}${beyond}${isi.note ? `; ${isi.note}` : ""}`,
      },
    };
    if (arrays["isi.log_edges"]) {
      const logs = arrays["isi.log_edges"];
      const bins = populations.map((_, p) => row(arrays["isi.log_counts"], p));
      const below = isi.n_below.reduce((sum, count) => sum + count, 0);
      forms.log = {
        edges: logs, counts: bins, heights: heights(bins, (bin) => Math.log10(logs[bin + 1] / logs[bin])),
        limits: [logs[0], logs.at(-1)], home: [logs[0], logs.at(-1)], label: "Density [1/decade]", ticks: null,
        about: () => `${number}${below ? `; ${format.stepped(below, 1)} shorter than ${format.number(logs[0])} ms are not shown` : ""}`,
      };
    }
    const spec = base(page, "isi", unit === "ms" ? "Interspike intervals" : "Instantaneous frequency");
    const xLabel = unit === "ms" ? "Interspike interval [ms]" : "Frequency [Hz]";
    return histogram(spec, { forms, noun: "interval", unit, xLabel, total: true, logarithmicY: true });
  };

  const SILENT = 0.09;

  /** The distribution of the rates of nodes: share of each population's nodes; silent ones stand apart. */
  spikelib.rates = (page) => {
    const { rates, arrays, groups: populations } = page;
    const spec = base(page, "rates", "Rates of nodes");
    const edges = arrays["rates.edges"];
    const total = populations.map((population) => population.n_nodes);
    const fired = populations.map((_, p) => row(arrays["rates.counts"], p).map((count, bin) => count - (bin ? 0 : rates.n_silent[p])));
    const shares = (counts, width) => counts.map((bins, p) => Float64Array.from(bins, (count, bin) => (100 * count) / (total[p] * width(bin))));
    const known = populations.flatMap((population, p) => (population.simulated ? [p] : []));
    const end = edges.at(-1);
    const room = SILENT * end;
    const silent = rates.n_silent.map((count, p) => (100 * count) / total[p]);
    const nSilent = rates.n_silent.reduce((sum, count) => sum + count, 0);
    const nodes = format.count(total.reduce((sum, count) => sum + count, 0), "node");
    const told = known.length ? `${nodes}, ${format.stepped(nSilent, 1)} silent` : `${nodes} that fired; silent ones are unknown`;
    const linearHeights = shares(fired, () => 1);
    const linear = {
      edges, counts: fired, heights: linearHeights, limits: [known.length ? -1.5 * room : 0, end], label: "Nodes [%]",
      about: () => `${told}; bins of ${format.number(rates.width_hz)} Hz`,
      ticks: known.length ? [{ at: -room, text: "silent" }] : null,
      // A high bar of silent nodes is cut, or it would flatten all else.
      extra: () => {
        const top = Math.max(0, ...linearHeights.flatMap((of, p) => (spec.legend[p].shown ? [Math.max(...of)] : [])));
        return known.filter((p) => spec.legend[p].shown).map((p) => new Float64Array(edges.length - 1).fill(Math.min(silent[p], 1.5 * top)));
      },
      paint(painter, frame, colours) {
        const shown = known.filter((p) => spec.legend[p].shown);
        shown.forEach((p, k) => {
          const [left, right] = [frame.x(-1.5 * room + (k * room) / shown.length), frame.x(-1.5 * room + ((k + 1) * room) / shown.length)];
          const [top, foot] = [Math.max(frame.y(silent[p]), frame.top), frame.top + frame.height];
          painter.area([left, foot, left, top, right, top, right, foot], { colour: colours.population(spec.legend[p].colour), alpha: 0.55 });
        });
      },
      // A row of the table from 0 to 0 Hz: the silent nodes, which are in no bin.
      before: known.length ? rates.n_silent : null,
      beside: (value) => {
        if (!known.length || value < -1.5 * room || value >= -0.5 * room) return "";
        const parts = known.map((p) => `${format.stepped(rates.n_silent[p], 1)} of ${format.stepped(total[p], 1)} in ${spec.legend[p].text}`);
        return `silent nodes: ${parts.join(", ")}`;
      },
    };
    linear.home = linear.limits;
    const logs = arrays["rates.log_edges"];
    const logCounts = populations.map((_, p) => row(arrays["rates.log_counts"], p));
    const log = {
      edges: logs, counts: logCounts, heights: shares(logCounts, (bin) => Math.log10(logs[bin + 1] / logs[bin])),
      limits: [logs[0], logs.at(-1)], home: [logs[0], logs.at(-1)], label: "Nodes [% per decade]", ticks: null,
      about: () => told + (nSilent ? " (not shown)" : ""),
    };
    return histogram(spec, { forms: { linear, log }, noun: "node", unit: "Hz", xLabel: "Mean firing rate of a node [Hz]", total: false, logarithmicY: false });
  };
})();
