"use strict";
(() => {
  const { format, chartBase, chartLines, chartCheck, histogramChart, matrixRow, binAt, binsIn } = spikelib;

  const rows = (page, matrix) => page.groups.map((_, p) => matrixRow(matrix, p));

  /** The power spectrum of the rate of each class. */
  spikelib.spectrum = (page) => {
    const { spectrum, arrays } = page;
    const frequency = arrays["spectrum.frequency"];
    const df = frequency[1];
    const edges = Float64Array.from({ length: frequency.length }, (_, k) => (k + 0.5) * df);
    // Segments are taken less their mean: there is nothing at 0 Hz.
    const power = rows(page, arrays["spectrum.power"]).map((of) => of.subarray(1));
    const spec = { ...chartBase(page, "spectrum", "Power spectrum"), height: 300 };
    const limits = [edges[0], edges.at(-1)];
    const axes = { log: spikelib.axis({ limits, log: true }), linear: spikelib.axis({ limits }) };
    const shown = () => spec.legend.flatMap((item, p) => (item.shown ? [p] : []));
    spec.x = { axis: spectrum.log ? axes.log : axes.linear, label: "Frequency [Hz]", unit: "Hz", word: "Frequency" };
    spec.y = {
      label: "Power [Hz²/Hz]", unit: "Hz²/Hz", log: true,
      range: () => {
        const [least, most] = spikelib.rangeOf(edges, shown().map((p) => power[p]), spec.x.axis, true);
        const levels = shown().map((p) => spectrum.poisson[p]).filter((level) => level > 0);
        return [Math.min(Math.max(least, 1e-3 * Math.min(...levels, most)), ...levels.map((level) => level / 1.6)), Math.max(most, ...levels)];
      },
    };
    spec.view = () => `${format.range(spec.x.axis.low, spec.x.axis.high, "Hz")}, ${spec.x.axis.log ? "logarithmic" : "linear"} axis`;
    spec.about = () => {
      const found = shown().some((p) => spectrum.rhythm_hz[p] !== null);
      const segments = `${format.count(spectrum.n_segments, "segment")} of ${format.number(spectrum.segment_ms)} ms`;
      return `bins of 1 ms, ${segments}; dotted: Poisson level; ${found ? "▼ rhythm" : "no rhythm stands out"}`;
    };
    spec.controls = (chart) => [
      chartCheck("Log x", spectrum.log, (on) => {
        spec.x.axis = on ? axes.log : axes.linear;
        chart.rebuild();
      }),
    ];
    spec.paint = (painter, plain, colours) => {
      const frame = { ...plain, logY: true };
      spikelib.paintSteps(painter, frame, edges, chartLines(spec, colours, power));
      for (const p of shown()) {
        const colour = colours.population(spec.legend[p].colour);
        const level = spectrum.poisson[p];
        if (level > 0) painter.line([frame.left, frame.y(level), frame.left + frame.width, frame.y(level)], { colour, dash: [2, 3] });
        const rhythm = spectrum.rhythm_hz[p];
        if (rhythm === null || rhythm < frame.xLow || rhythm > frame.xHigh) continue;
        const [x, y] = [frame.x(rhythm), frame.y(power[p][Math.round(rhythm / df) - 1]) - 6];
        painter.area([x - 5, y - 8, x + 5, y - 8, x, y], { colour });
      }
    };
    spec.hover = (frame, left) => {
      const bin = binAt(edges, frame.xAt(left));
      if (bin === null) return { text: "" };
      const told = shown().map((p) => `${spec.legend[p].text} ${format.number(power[p][bin], 3)}`);
      return { text: `${format.number(frequency[bin + 1], 4)} Hz: ${told.join(", ")} Hz²/Hz` };
    };
    spec.table = (frame) => {
      const table = [["frequency [Hz]", ...shown().map((p) => `${spec.legend[p].text} [Hz²/Hz]`)]];
      const [first, end] = binsIn(edges, frame.xLow, frame.xHigh);
      for (let bin = first; bin < end; bin++) table.push([format.plain(frequency[bin + 1], 9), ...shown().map((p) => power[p][bin])]);
      return table;
    };
    return spec;
  };

  const BOX = 28;

  /** Box plots of the rates, or the CVs, of the nodes of each class: one below the other. */
  spikelib.boxplots = (page) => {
    const { boxplots, groups } = page;
    const words = {
      rate: { label: "Mean firing rate of a node [Hz]", unit: "Hz", noun: "rates of" },
      cv: { label: "CV of a node’s intervals", unit: "", noun: "CVs of" },
    };
    const names = groups.map((group) => group.name);
    const widest = Math.max(...names.map((name) => spikelib.textWidth(name, 12)));
    const spec = {
      kind: "boxplots", name: "Box plots", file: [page.simulation, page.filter, "boxplots"], legend: [],
      height: BOX * groups.length + 80, gutter: Math.min(Math.max(widest + 34, 64), 150),
    };
    let part = "rate";
    const top = (which) => Math.max(1e-9, which === "cv" ? 1 : 0, ...boxplots[which].flatMap((box) => [box.high ?? 0, box.mean ?? 0]));
    const axes = Object.fromEntries(["rate", "cv"].map((which) => [which, spikelib.axis({ limits: [0, 1.04 * top(which)] })]));
    const place = (p) => groups.length - 1 - p; // the first is the uppermost
    spec.x = { axis: axes.rate, get label() { return words[part].label; }, get unit() { return words[part].unit; }, word: "Zoom" };
    spec.y = {
      label: "", range: () => [-0.5, groups.length - 0.5],
      ticks: () => names.map((name, p) => ({ at: place(p), text: spikelib.fitted(name, spec.gutter - 30, 12) })),
    };
    spec.view = () => format.range(spec.x.axis.low, spec.x.axis.high, words[part].unit);
    spec.about = () => {
      const nodes = boxplots[part].reduce((sum, box) => sum + box.n_nodes, 0);
      const beyond = boxplots[part].reduce((sum, box) => sum + box.n_beyond, 0);
      const least = part === "cv" ? ` with ${boxplots.cv_min_intervals} or more intervals` : "";
      return `${words[part].noun} ${format.count(nodes, "node")}${least}; box: quartiles, line: median, diamond: mean; ${format.stepped(beyond, 1)} beyond the whiskers`;
    };
    spec.controls = (chart) => [
      spikelib.selection("Measure", [["rate", "rate"], ["cv", "CV"]], (chosen) => {
        part = chosen;
        spec.x.axis = axes[part];
        chart.rebuild();
      }),
    ];
    spec.paint = (painter, frame, colours) => {
      const room = frame.height / groups.length;
      const half = Math.min(9, 0.35 * room);
      if (part === "cv") painter.line([frame.x(1), frame.top, frame.x(1), frame.top + frame.height], { colour: colours.quiet, dash: [2, 3] });
      boxplots[part].forEach((box, p) => {
        const y = frame.y(place(p));
        if (!box.n_nodes) {
          painter.text("none", frame.x(0) + 6, y + 4, { colour: colours.quiet });
          return;
        }
        const [low, q1, median, q3, high, mean] = [box.low, box.q1, box.median, box.q3, box.high, box.mean].map(frame.x);
        const line = { colour: colours.ink, width: 1 };
        painter.area([q1, y - half, q3, y - half, q3, y + half, q1, y + half], { colour: colours.wash });
        painter.line([q1, y - half, q3, y - half, q3, y + half, q1, y + half, q1, y - half], line);
        painter.line([low, y, q1, y], line);
        painter.line([q3, y, high, y], line);
        for (const end of [low, high]) painter.line([end, y - half / 2, end, y + half / 2], line);
        painter.line([median, y - half, median, y + half], { ...line, width: 2 });
        painter.area([mean - 4, y, mean, y - 4, mean + 4, y, mean, y + 4], { colour: colours.ink });
      });
    };
    spec.hover = (frame, left, above) => {
      if (above === null) return { text: "" };
      const p = groups.length - 1 - Math.round(frame.yAt(above));
      const box = boxplots[part][p];
      if (!box) return { text: "" };
      if (!box.n_nodes) return { text: `${names[p]}: no node has a value` };
      const number = (value) => format.number(value, 3);
      const unit = words[part].unit ? ` ${words[part].unit}` : "";
      return { text: `${names[p]}: median ${number(box.median)}${unit}, quartiles ${number(box.q1)} to ${number(box.q3)}, whiskers ${number(box.low)} to ${number(box.high)}, mean ${number(box.mean)}; ${format.count(box.n_nodes, "node")}, ${format.stepped(box.n_beyond, 1)} beyond` };
    };
    spec.table = () => [
      ["name", "measure", "nodes", "low", "q1", "median", "q3", "high", "mean", "beyond"],
      ...["rate", "cv"].flatMap((which) => boxplots[which].map((box, p) =>
        [names[p], which, box.n_nodes, box.low ?? "", box.q1 ?? "", box.median ?? "", box.q3 ?? "", box.high ?? "", box.mean ?? "", box.n_beyond])),
    ];
    return spec;
  };

  /** A line where a Poisson process would be, or where there is no correlation. */
  const marked = (at) => (painter, frame, colours) => {
    if (at > frame.xLow && at < frame.xHigh) painter.line([frame.x(at), frame.top, frame.x(at), frame.top + frame.height], { colour: colours.quiet, dash: [2, 3] });
  };

  const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

  /** How CV and LV are distributed over the nodes of each class. */
  spikelib.irregularity = (page) => {
    const { irregularity, arrays } = page;
    const form = (part, xLabel, enough) => {
      const { n_nodes, n_beyond } = irregularity[part];
      const edges = arrays[`irregularity.${part}_edges`];
      const counts = rows(page, arrays[`irregularity.${part}_counts`]);
      const limits = [0, edges.at(-1)];
      const beyond = total(n_beyond) ? `; ${format.stepped(total(n_beyond), 1)} beyond ${format.number(limits[1])}` : "";
      return {
        edges, counts, limits, home: limits, xLabel, label: "Nodes [%]", ticks: null, paint: marked(1),
        heights: counts.map((of, p) => Float64Array.from(of, (count) => (100 * count) / (n_nodes[p] || 1))),
        about: () => `${format.count(total(n_nodes), "node")} with ${enough} or more intervals, bins of ${format.number(edges[1])}; dotted: Poisson${beyond}`,
      };
    };
    const forms = { cv: form("cv", "CV of a node’s intervals", irregularity.cv_min_intervals), lv: form("lv", "LV of a node’s intervals", "two") };
    const spec = chartBase(page, "irregularity", "Irregularity");
    return histogramChart(spec, { forms, noun: "node", unit: "", xLabel: "", total: false, logarithmicY: false, select: "Measure" });
  };

  /** How the spike counts of pairs of nodes correlate within each class, for some of its nodes. */
  spikelib.correlations = (page) => {
    const { correlations, arrays } = page;
    const [edges, counts] = [arrays["correlations.edges"], rows(page, arrays["correlations.counts"])];
    const n_pairs = total(counts.map((of) => total([...of])));
    const spec = chartBase(page, "correlations", "Correlations");
    for (const [p, item] of spec.legend.entries()) {
      if (correlations.means[p] !== null) item.text += ` (mean ${format.number(correlations.means[p], 2)})`;
    }
    const most = Math.max(...correlations.n_nodes) === correlations.most_nodes ? `at most ${correlations.most_nodes} active nodes each` : format.count(total(correlations.n_nodes), "active node");
    const linear = {
      edges, counts, signed: true, limits: [-1, 1], home: correlations.shown, label: "Pairs [%]", ticks: null, paint: marked(0),
      heights: counts.map((of) => Float64Array.from(of, (count) => (100 * count) / (total([...of]) || 1))),
      about: () => `${most}, ${format.count(n_pairs, "pair")}; counts in ${format.number(correlations.pair_ms)} ms; bins of ${format.number(edges[1] - edges[0])}`,
    };
    return histogramChart(spec, { forms: { linear }, noun: "pair", unit: "", xLabel: "Correlation of two nodes’ spike counts", total: false, logarithmicY: true });
  };

  /** The mean rate of the nodes of each class against their position. */
  spikelib.depth = (page) => {
    const { depth, arrays } = page;
    const edges = arrays["depth.edges"];
    const [rates, nodes] = [rows(page, arrays["depth.rates"]), rows(page, arrays["depth.nodes"])];
    const spec = chartBase(page, "depth", "Rate against position");
    const axis = spikelib.axis({ limits: [edges[0], edges.at(-1)] });
    const shown = () => spec.legend.flatMap((item, p) => (item.shown ? [p] : []));
    spec.x = { axis, label: `${depth.axis} [µm]`, unit: "µm", word: "Position" };
    spec.y = { label: "Firing rate [Hz]", unit: "Hz", range: () => spikelib.rangeOf(edges, shown().map((p) => rates[p]), axis, false) };
    spec.view = () => format.range(axis.low, axis.high, "µm");
    const all = total(nodes.map((of) => total([...of])));
    spec.about = () => `${format.count(all, "node")}, silent ones included, bins of ${format.number(depth.bin_um)} µm${depth.n_unplaced ? `; ${format.stepped(depth.n_unplaced, 1)} without a position` : ""}`;
    spec.paint = (painter, frame, colours) => {
      for (const { values, item, ...style } of chartLines(spec, colours, rates)) {
        for (let bin = 0; bin < values.length; bin++) {
          if (Number.isNaN(values[bin])) continue; // no node there: no line
          const [left, right, y] = [frame.x(edges[bin]), frame.x(edges[bin + 1]), frame.y(values[bin])];
          const before = bin && !Number.isNaN(values[bin - 1]) ? [left, frame.y(values[bin - 1])] : [];
          painter.line([...before, left, y, right, y], { width: 1.8, ...style });
        }
      }
    };
    spec.hover = (frame, left) => {
      const bin = binAt(edges, frame.xAt(left));
      if (bin === null) return { text: "" };
      const told = shown().filter((p) => nodes[p][bin]).map((p) => `${spec.legend[p].text} ${format.number(rates[p][bin], 3)} Hz (${format.count(nodes[p][bin], "node")})`);
      return { text: `${format.number(edges[bin])} to ${format.number(edges[bin + 1])} µm: ${told.join(", ") || "no nodes"}` };
    };
    spec.table = (frame) => {
      const heads = (unit) => shown().map((p) => `${spec.legend[p].text} [${unit}]`);
      const table = [["from [µm]", "to [µm]", ...heads("Hz"), ...heads("nodes")]];
      const [first, end] = binsIn(edges, frame.xLow, frame.xHigh);
      for (let bin = first; bin < end; bin++) {
        table.push([format.plain(edges[bin]), format.plain(edges[bin + 1]), ...shown().map((p) => (nodes[p][bin] ? rates[p][bin] : "")), ...shown().map((p) => nodes[p][bin])]);
      }
      return table;
    };
    return spec;
  };
})();
