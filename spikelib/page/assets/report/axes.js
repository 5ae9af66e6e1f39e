"use strict";
(() => {
  const { format } = spikelib;

  /** The colours on white paper: those of the figures (spikelib/figures/drawing/style.py), for files that are saved. */
  const PRINTED = {
    paper: "#ffffff", ink: "#1b1f24", quiet: "#57606a", line: "#d0d7de", wash: "#e3e6e9",
    populations: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"],
  };

  const dressed = (colours) => ({
    ...colours,
    dark: luminance(colours.paper) < 0.5,
    population: (index) => colours.populations[index % colours.populations.length],
  });

  function luminance(colour) {
    const [red, green, blue] = spikelib.rgb(colour);
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  }

  /** Groups that colours tell apart. */
  spikelib.MOST_COLOURS = PRINTED.populations.length;

  /** Items of a legend that have a colour of the palette. */
  const coloured = (legend) => legend.filter((item) => typeof item.colour === "number");

  spikelib.isMany = (legend) => coloured(legend).length > spikelib.MOST_COLOURS;

  /** Show or hide an item. Where there are more than colours, the one shown for longest makes room. */
  spikelib.toggleItem = (legend, item) => {
    item.shown = !item.shown;
    const all = coloured(legend);
    if (!item.shown || !all.includes(item) || all.length <= spikelib.MOST_COLOURS || item.shape === "box") return;
    const others = all.filter((other) => other !== item && other.shown);
    const free = Array.from({ length: spikelib.MOST_COLOURS }, (_, k) => k).find((k) => others.every((other) => other.colour !== k));
    if (free === undefined) {
      const oldest = others.reduce((first, other) => ((other.since ?? 0) < (first.since ?? 0) ? other : first));
      oldest.shown = false;
      item.colour = oldest.colour;
    } else item.colour = free;
    item.since = 1 + Math.max(0, ...all.map((other) => other.since ?? 0));
  };

  let brush = null;

  /** Red, green and blue, 0 to 255, of any opaque CSS colour. */
  spikelib.rgb = (colour) => {
    brush ??= document.createElement("canvas").getContext("2d");
    brush.fillStyle = colour;
    const hex = Number.parseInt(brush.fillStyle.slice(1), 16);
    return [hex >> 16, (hex >> 8) & 255, hex & 255];
  };

  /** The colours of files that are saved: always on white, whatever the theme of the page. */
  spikelib.printedColours = () => dressed(PRINTED);

  /** The colours of the page as it is now, light or dark. */
  spikelib.colours = () => {
    const style = getComputedStyle(document.documentElement);
    const read = (name, otherwise) => style.getPropertyValue(`--${name}`).trim() || otherwise;
    const colours = { populations: PRINTED.populations.map((colour, index) => read(`c${index}`, colour)) };
    for (const name of ["paper", "ink", "quiet", "line", "wash"]) colours[name] = read(name, PRINTED[name]);
    return dressed(colours);
  };

  /**
   * One axis of a chart, or of several that move together: what it shows, and how to move that.
   * `limits` is as far as it goes, `home` what it shows first, `least` the narrowest span.
   */
  spikelib.axis = ({ limits, home = limits, least, log = false }) => {
    const watchers = new Set();
    const to = log ? Math.log10 : (value) => value;
    const from = log ? (value) => 10 ** value : (value) => value;
    const least_ = least ?? (to(limits[1]) - to(limits[0])) / 1e4;
    const axis = { limits, home, log, to, from, low: home[0], high: home[1] };

    axis.set = (low, high) => {
      const [first, last] = limits.map(to);
      const span = Math.min(Math.max(to(high) - to(low), least_), last - first);
      const start = Math.min(Math.max((to(low) + to(high) - span) / 2, first), last - span);
      const [lowest, highest] = [Math.max(from(start), limits[0]), Math.min(from(start + span), limits[1])];
      if (lowest === axis.low && highest === axis.high) return;
      axis.low = lowest;
      axis.high = highest;
      for (const watcher of watchers) watcher();
    };
    /** Show `factor` times as much, and leave the value `at` where it is. */
    axis.zoom = (factor, at = from((to(axis.low) + to(axis.high)) / 2)) => {
      const [low, high, fixed] = [axis.low, axis.high, at].map(to);
      axis.set(from(fixed + (low - fixed) * factor), from(fixed + (high - fixed) * factor));
    };
    /** Move by a share of what is shown. */
    axis.pan = (share) => {
      const [low, high] = [to(axis.low), to(axis.high)];
      const [first, last] = limits.map(to);
      const step = Math.min(Math.max((high - low) * share, first - low), last - high);
      axis.set(from(low + step), from(high + step));
    };
    axis.reset = () => axis.set(...home);
    axis.isWhole = () => axis.low <= limits[0] && axis.high >= limits[1];
    axis.watch = (watcher) => watchers.add(watcher);
    return axis;
  };

  /** Places and texts of the ticks of a linear axis, about `gap` pixels apart. */
  function linearTicks(low, high, pixels, gap, whole) {
    const wanted = ((high - low) * gap) / Math.max(pixels, 1);
    const power = 10 ** Math.floor(Math.log10(wanted));
    let step = power * [1, 2, 5, 10].find((factor) => factor * power >= wanted * 0.999);
    if (whole) step = Math.max(step, 1);
    const ticks = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
      const at = Number((k * step).toPrecision(12));
      ticks.push({ at, text: step < 1e-4 || step >= 1e9 ? format.number(at, 6) : format.stepped(at, step) });
    }
    return ticks;
  }

  /** The same for a logarithmic axis: 1 to 9 times each power of ten, as many of them named as there is room for. */
  function logTicks(low, high, pixels, gap) {
    const decade = pixels / (Math.log10(high) - Math.log10(low));
    const every = Math.max(1, Math.ceil(gap / decade));
    const named = decade > gap * 3.4 ? [1, 2, 5] : [1];
    const ticks = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const factor of decade > gap ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [1]) {
        const at = Number((factor * 10 ** power).toPrecision(12));
        if (at < low * (1 - 1e-9) || at > high * (1 + 1e-9)) continue;
        ticks.push({ at, text: named.includes(factor) && power % every === 0 ? format.number(at) : "" });
      }
    }
    return ticks;
  }

  /** Ticks of an axis that is so many pixels long: [{at, text}]. */
  spikelib.ticks = (low, high, pixels, { log = false, gap = 70, whole = false } = {}) => {
    if (!(high > low)) return [];
    if (log && high / low >= 10) return logTicks(low, high, pixels, gap);
    return linearTicks(low, high, pixels, gap, whole);
  };

  /** Those of named ticks that lie in view and leave each other room. */
  spikelib.namedTicks = (ticks, low, high, pixels, gap = 13) => {
    const kept = [];
    const room = ((high - low) * gap) / Math.max(pixels, 1);
    for (const [at, text] of [...ticks].sort((a, b) => a[0] - b[0])) {
      if (at < low || at > high || (kept.length && at - kept.at(-1).at < room)) continue;
      kept.push({ at, text });
    }
    return kept;
  };
})();
