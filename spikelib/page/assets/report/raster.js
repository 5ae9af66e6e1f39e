"use strict";
(() => {
  const { format } = spikelib;
  const NEAR = 10;
  /** Pixels from the foot of a letter to its head, at the size of the axes. */
  const NAME_HEIGHT = 9;

  // Magma from matplotlib (CC0), pale to dark; white or paper stands before it for no spike.
  const MAGMA = ["#fcfdbf", "#feca8d", "#fd9668", "#f1605d", "#cd4071", "#9e2f7f", "#721f81", "#440f76", "#180f3d", "#000004"];
  const STEPS = 64;

  /** A list of colours drawn out to `STEPS` numbers as `pixels` takes them. */
  function ramp(stops) {
    const known = stops.map(spikelib.rgb);
    return Uint32Array.from({ length: STEPS }, (_, step) => {
      const place = (step / (STEPS - 1)) * (known.length - 1);
      const from = Math.min(Math.floor(place), known.length - 2);
      const mixed = known[from].map((value, k) => Math.round(value + (known[from + 1][k] - value) * (place - from)));
      return spikelib.packedColour(mixed);
    });
  }

  // On dark paper the palest colour is the highest rate: what is rare stays near the paper in both.
  const stopsFor = (colours) => [colours.paper, ...(colours.dark ? [...MAGMA].reverse().slice(2) : MAGMA)];

  /** First index of an ascending array whose value is at least `value`. */
  spikelib.firstAtLeast = (array, value) => {
    let [low, high] = [0, array.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (array[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  /** The time under the cursor, with as many digits as a pixel tells apart. */
  function moment(frame, left) {
    const step = 10 ** Math.floor(Math.log10((frame.xHigh - frame.xLow) / frame.width));
    return `${format.stepped(Math.round(frame.xAt(left) / step) * step, step)} ms`;
  }

  /** How the vertical axis is told in words: by id, by a number, or by a category. */
  function axisWords(axis) {
    const byId = axis.is_id || /\bby id$|^node id$/.test(axis.label);
    // Labels of categories end with how many nodes each has: of use on the axis, not in a sentence.
    const counted = / \(number of nodes\)$/;
    const [, name, unit] = axis.label.replace(counted, "").match(/^(.*?)(?: \[(.*)\])?$/s);
    const bands = [...axis.ticks].sort((a, b) => a[0] - b[0]);
    const ends = [...axis.separators].sort((a, b) => a - b);
    const band = (y) => {
      const text = bands[spikelib.firstAtLeast(ends, y)]?.[1] ?? "";
      return counted.test(axis.label) ? text.replace(/ \(\d+\)$/, "") : text;
    };
    return {
      byId, band, name,
      /** The place of one node, or nothing where its id has said it. */
      place(y) {
        if (byId) return "";
        if (bands.length) return ` (${name} ${band(y)})`;
        return ` (${name} = ${format.number(y)}${unit ? ` ${unit}` : ""})`;
      },
      span(low, high) {
        if (bands.length && !byId) {
          const [first, last] = [band(low + 1e-9), band(high - 1e-9)];
          return `${name} ${first === last ? first : `${first} to ${last}`}`;
        }
        if (!byId) return `${name} ${format.range(low, high, unit)}`;
        const [first, last] = [Math.ceil(low), Math.floor(high)].map((end) => format.stepped(Math.max(end, 0), 1));
        const noun = axis.is_id ? "node" : "row";
        return first === last ? `${noun} ${first}` : `${noun}s ${first} to ${last}`;
      },
    };
  }

  /** What rasters of both kinds share. `link` holds the axis of time that the rate moves too. */
  function base(page, link) {
    const { raster } = page;
    const words = axisWords(raster.axis);
    const [low, high] = raster.axis.limits;
    const y = spikelib.axis({ limits: [low, high], least: words.byId ? Math.min(4, high - low) : undefined });
    const named = bandsOf(raster.axis);
    return {
      kind: "raster", name: "Raster", height: 360, link: link.key, gutter: link.gutter, words,
      file: [page.simulation, page.filter, "raster"],
      x: { axis: link.axis, label: "Time [ms]", unit: "ms", word: "Time" },
      y: {
        axis: y, label: raster.axis.label, word: words.byId ? "Nodes" : "Vertical",
        ...(named.length ? { ticks: (bottom, top, pixels) => tickTexts(named, bottom, top, pixels, link.gutter) } : { whole: words.byId }),
      },
      view: () => `${format.range(link.axis.low, link.axis.high, "ms")}, ${words.span(y.low, y.high)}`,
      separate(painter, frame, colours) {
        for (const at of raster.axis.separators) {
          if (at <= frame.yLow || at >= frame.yHigh) continue;
          painter.line([frame.left, frame.y(at), frame.left + frame.width, frame.y(at)], { colour: colours.quiet, width: 0.8 });
        }
      },
    };
  }

  /** The named bands of an axis, from below; they part where the separators are. */
  function bandsOf({ ticks, separators, limits }) {
    const sorted = [...ticks].sort((a, b) => a[0] - b[0]);
    const middles = sorted.slice(1).map(([at], k) => (at + sorted[k][0]) / 2);
    const parts = separators.length === middles.length ? [...separators].sort((a, b) => a - b) : middles;
    const ends = [limits[0], ...parts, limits[1]];
    return sorted.map(([at, text], k) => ({ at, text: format.short(text, 40), low: ends[k], high: ends[k + 1] }));
  }

  /**
   * Names beside what is in view of their bands. One higher than its band would stand beside the next one as well: it is
   * left out, and the legend names the colours; if none fits, some are kept, and the marks at the axis lead to their bands.
   */
  function tickTexts(bands, low, high, pixels, gutter) {
    const seen = bands.map((band) => ({ ...band, low: Math.max(band.low, low), high: Math.min(band.high, high) }));
    const roomy = seen.filter((band) => ((band.high - band.low) * pixels) / (high - low) >= NAME_HEIGHT);
    const kept = roomy.length
      ? roomy.map((band) => ({ at: (band.low + band.high) / 2, text: band.text }))
      : spikelib.namedTicks(bands.map(({ at, text }) => [at, text]), low, high, pixels);
    return kept.map(({ at, text }) => ({ at, text: spikelib.fitted(text, gutter - 34, 12) }));
  }

  const leftOut = (raster, words) =>
    raster.n_left_out ? `; ${format.count(raster.n_left_out, "spike")} of nodes without ${words.name} left out` : "";

  /** A raster of single spikes. */
  function spikeRaster(page, link) {
    const { raster, arrays, populations, window: [start] } = page;
    const [times, nodes, ids] = [arrays["raster.times"], arrays["raster.nodes"], arrays["raster.ids"]];
    const [heights, groups] = [arrays["raster.y"], arrays["raster.populations"]];
    const spec = base(page, link);
    const x = new Float32Array(times.length);
    const y = new Float32Array(times.length);
    const group = new Uint16Array(times.length);
    const rows = Float64Array.from(new Set(heights)).sort();
    spec.legend = populations.map((population) => ({ text: population.name, colour: population.colour, shape: "box", shown: true }));
    const decimals = Math.min(6, format.decimals(raster.tick_ms) + format.decimals(Math.abs(start)));
    const timeOf = (spike) => Number((start + times[spike] * raster.tick_ms).toFixed(decimals));

    /** Call with each spike in view, in the order of time. */
    function eachInView(frame, visit) {
      const end = spikelib.firstAtLeast(times, Math.floor((frame.xHigh - start) / raster.tick_ms + 1e-6) + 1);
      for (let k = spikelib.firstAtLeast(times, Math.ceil((frame.xLow - start) / raster.tick_ms - 1e-6)); k < end; k++) {
        const node = nodes[k];
        if (heights[node] < frame.yLow || heights[node] > frame.yHigh || !spec.legend[groups[node]].shown) continue;
        visit(k, node);
      }
    }

    const tickLength = (frame) => {
      const inView = spikelib.firstAtLeast(rows, frame.yHigh) - spikelib.firstAtLeast(rows, frame.yLow);
      return Math.min(Math.max((0.8 * frame.height) / Math.max(inView, 1), 2.5), 14);
    };

    spec.about = () => {
      const rounded = raster.rounded ? `, times rounded to ${format.plain(raster.tick_ms)} ms` : "";
      return `every spike: ${format.count(raster.n_spikes, "spike")}${rounded}${leftOut(raster, spec.words)}`;
    };
    spec.paint = (painter, frame, colours) => {
      let count = 0;
      eachInView(frame, (k, node) => {
        x[count] = frame.x(start + times[k] * raster.tick_ms);
        y[count] = frame.y(heights[node]);
        group[count++] = groups[node];
      });
      // Few spikes may be drawn larger than their row: no other is in the way.
      const roomy = Math.min(Math.sqrt((frame.width * frame.height) / Math.max(count, 1)) / 5, 6);
      const length = Math.max(tickLength(frame), roomy);
      const width = Math.min(Math.max((0.25 * frame.width * frame.height) / (Math.max(count, 1) * length), 0.6), 1.6);
      const shades = populations.map((population) => colours.population(population.colour));
      painter.marks({ x, y, group, count, length, width, colours: shades }, frame);
      spec.separate(painter, frame, colours);
    };
    spec.hover = (frame, left, top) => {
      if (top === null) return { text: moment(frame, left) };
      const reach = { ...frame, xLow: frame.xAt(left - NEAR), xHigh: frame.xAt(left + NEAR) };
      const half = tickLength(frame) / 2;
      let best = { distance: NEAR };
      eachInView(reach, (k, node) => {
        const [px, py] = [frame.x(start + times[k] * raster.tick_ms), frame.y(heights[node])];
        const distance = Math.hypot(px - left, Math.max(0, Math.abs(py - top) - half));
        if (distance < best.distance) best = { distance, k, node, px, py };
      });
      if (best.k === undefined) return { text: `${moment(frame, left)}: no spike here` };
      const name = populations[groups[best.node]].name;
      const text = `Spike at ${format.number(timeOf(best.k), 12)} ms, node ${ids[best.node]} of ${name}${spec.words.place(heights[best.node])}`;
      return { text, mark: { x: best.px, y: best.py } };
    };
    spec.table = (frame) => {
      const table = [[raster.rounded ? `time [ms] (rounded to ${raster.tick_ms})` : "time [ms]", "node id", "population"]];
      eachInView(frame, (k, node) => table.push([timeOf(k), ids[node], populations[groups[node]].name]));
      return table;
    };
    return spec;
  }

  /** A raster of rates in cells of time and nodes. */
  function densityRaster(page, link) {
    const { raster, arrays, window: [start] } = page;
    const { rows, columns, cell_ms: cell } = raster;
    const [counts, members, shown] = [arrays["raster.counts"], arrays["raster.row_nodes"], arrays["raster.shown"]];
    const spec = base(page, link);
    const [low, high] = raster.axis.limits;
    const rowHeight = (high - low) / rows;
    const rateIn = (spikes, nodes, cells) => (spikes * 1000) / (nodes * cell * cells);
    const top = highest();
    const ramps = new Map();

    /** The rate that has the darkest colour: a few outliers must not make all else pale. */
    function highest() {
      const rates = [];
      for (let row = 0; row < rows; row++) {
        const from = shown[row];
        for (let k = from * columns; members[from] && k < (from + 1) * columns; k++) {
          if (counts[k]) rates.push(rateIn(counts[k], members[from], 1));
        }
      }
      const sorted = Float64Array.from(rates).sort();
      return sorted.length ? sorted[Math.floor(0.995 * (sorted.length - 1))] : 1;
    }

    function colourRamp(colours) {
      const key = stopsFor(colours).join();
      if (!ramps.has(key)) ramps.set(key, ramp(stopsFor(colours)));
      return ramps.get(key);
    }

    /** Spikes and nodes of a block of cells; where no node is, those of the row that it shows. */
    function block(column, row, wide, tall) {
      let [spikes, nodes] = [0, 0];
      const add = (from) => {
        nodes += members[from];
        for (let k = column; k < Math.min(column + wide, columns); k++) spikes += counts[from * columns + k];
      };
      const end = Math.min(row + tall, rows);
      for (let from = row; from < end; from++) add(from);
      if (!nodes) add(shown[row]);
      return { spikes, nodes, cells: Math.min(wide, columns - column) };
    }

    /** The cells in view as a picture, united where they are smaller than its pixels, and the box it belongs in. */
    function picture(frame, colours, sharpness) {
      const [c0, c1] = [Math.floor((frame.xLow - start) / cell), Math.ceil((frame.xHigh - start) / cell)];
      const [r0, r1] = [Math.floor((frame.yLow - low) / rowHeight), Math.ceil((frame.yHigh - low) / rowHeight)];
      const wide = Math.max(1, Math.ceil((c1 - c0) / (frame.width * sharpness) - 0.1));
      const tall = Math.max(1, Math.ceil((r1 - r0) / (frame.height * sharpness) - 0.1));
      const [firstColumn, firstRow] = [Math.max(Math.floor(c0 / wide), 0), Math.max(Math.floor(r0 / tall), 0)];
      const width = Math.ceil(Math.min(c1, columns) / wide) - firstColumn;
      const height = Math.ceil(Math.min(r1, rows) / tall) - firstRow;
      const shades = colourRamp(colours);
      const none = spikelib.packedColour(colours.wash);
      const canvas = spikelib.pixels(width, height, (pixels) => {
        for (let r = 0; r < height; r++) {
          for (let c = 0; c < width; c++) {
            const { spikes, nodes, cells } = block((firstColumn + c) * wide, (firstRow + r) * tall, wide, tall);
            const share = nodes ? Math.sqrt(Math.min(rateIn(spikes, nodes, cells) / top, 1)) : 0;
            pixels[(height - 1 - r) * width + c] = nodes ? shades[Math.round(share * (STEPS - 1))] : none;
          }
        }
      });
      const [left, right] = [frame.x(start + firstColumn * wide * cell), frame.x(start + (firstColumn + width) * wide * cell)];
      const [head, foot] = [frame.y(low + (firstRow + height) * tall * rowHeight), frame.y(low + firstRow * tall * rowHeight)];
      return [canvas, { left, top: head, width: right - left, height: foot - head }];
    }

    const cellAt = (frame, px, py) => {
      const column = Math.min(Math.max(Math.floor((frame.xAt(px) - start) / cell), 0), columns - 1);
      const row = Math.min(Math.max(Math.floor((frame.yAt(py) - low) / rowHeight), 0), rows - 1);
      return [column, row];
    };

    function rowWords(row) {
      const [foot, head] = [low + row * rowHeight, low + (row + 1) * rowHeight];
      const nodes = format.count(members[shown[row]], "node");
      if (!spec.words.byId) return `${spec.words.span(foot, head)}, ${nodes}`;
      const name = spec.words.band(foot + rowHeight / 2);
      if (!raster.axis.is_id) return name ? `${nodes} of ${name}` : nodes;
      const [first, last] = [Math.ceil(foot), Math.ceil(head) - 1];
      return first < last ? `nodes ${first} to ${last}` : `node ${Math.round((foot + head) / 2)}`;
    }

    spec.legend = [];
    spec.bar = (colours) => ({
      stops: Array.from({ length: 9 }, (_, k) => stopAt(colourRamp(colours), Math.sqrt(k / 8))),
      label: "Firing rate per node [Hz]:", low: "0", high: `${format.number(top, 3)} or more`,
      none: members.some((count, row) => members[shown[row]] === 0) ? colours.wash : null,
    });
    spec.about = () => {
      const size = `cells of ${format.number(cell, 3)} ms`;
      return `density of ${format.count(raster.n_spikes, "spike")}, ${size}${leftOut(raster, spec.words)}`;
    };
    spec.paint = (painter, frame, colours) => {
      painter.box(frame, { fill: colours.paper });
      painter.picture(...picture(frame, colours, Math.max(globalThis.devicePixelRatio ?? 1, 1)));
      spec.separate(painter, frame, colours);
    };
    spec.hover = (frame, left, py) => {
      if (py === null) return { text: moment(frame, left) };
      const [column, row] = cellAt(frame, left, py);
      const time = format.range(start + column * cell, start + (column + 1) * cell, "ms");
      if (!members[shown[row]]) return { text: `${time}: no nodes here` };
      const spikes = counts[shown[row] * columns + column];
      const rate = format.number(rateIn(spikes, members[shown[row]], 1), 3);
      return { text: `${time}, ${rowWords(row)}: ${rate} Hz per node (${format.count(spikes, "spike")})` };
    };
    spec.table = (frame) => {
      const name = raster.axis.label;
      const table = [["start [ms]", "stop [ms]", `${name} from`, `${name} to`, "nodes", "spikes"]];
      const [c0, r1] = cellAt(frame, frame.left, frame.top + 1e-6);
      const [c1, r0] = cellAt(frame, frame.left + frame.width - 1e-6, frame.top + frame.height - 1e-6);
      for (let row = r0; row <= r1; row++) {
        for (let column = c0; column <= c1; column++) {
          const spikes = counts[row * columns + column];
          const ends = [start + column * cell, start + (column + 1) * cell, low + row * rowHeight, low + (row + 1) * rowHeight];
          if (spikes) table.push([...ends.map((end) => format.plain(end)), members[row], spikes]);
        }
      }
      return table;
    };
    return spec;
  }

  const stopAt = (shades, share) => {
    const packed = shades[Math.round(share * (STEPS - 1))];
    return `rgb(${packed & 255} ${(packed >> 8) & 255} ${(packed >> 16) & 255})`;
  };

  /** Width that the axes of a filter's linked charts leave at their left, so that they are in line. */
  spikelib.gutterFor = (page) => {
    const texts = (page.raster?.axis.ticks ?? []).map(([, text]) => spikelib.textWidth(format.short(text, 40), 12));
    return Math.round(Math.min(Math.max(64, ...texts.map((width) => width + 38)), innerWidth < 600 ? 96 : 150));
  };

  /** Description of a filter's raster, as `spikelib.chart` takes it. */
  spikelib.raster = (page, link) => (page.raster.kind === "spikes" ? spikeRaster(page, link) : densityRaster(page, link));
})();
