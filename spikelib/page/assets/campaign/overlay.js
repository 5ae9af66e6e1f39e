"use strict";
(() => {
  /** A small chart of overlaid lines as SVG. Colours are the page's variables, so that theme and paper change them. */
  const SVG = "http://www.w3.org/2000/svg";
  const HEIGHT = 300;
  const BOX = { left: 62, right: 26, top: 10, bottom: 46 };
  const DASHES = ["", "7 4", "2 3"];
  const N_COLOURS = 7;

  /** How the line of this place is drawn: its colour, a CSS variable of the page, and its dashes. */
  spikelib.lineStyle = (place) => ({ variable: `--c${place % N_COLOURS}`, dash: DASHES[Math.floor(place / N_COLOURS) % DASHES.length] });

  /** So many lines can be told apart. */
  spikelib.MOST_LINES = N_COLOURS * DASHES.length;

  const element = (name, attributes, text = null) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      // The policy of the page lets a script set a style, but not as an attribute.
      if (key === "style") made.style.cssText = value;
      else if (value !== "") made.setAttribute(key, value);
    }
    if (text !== null) made.textContent = text;
    return made;
  };

  /** A short piece of a line, for legends. */
  spikelib.lineSample = (place) => {
    const { variable, dash } = spikelib.lineStyle(place);
    const svg = element("svg", { viewBox: "0 0 32 12", "aria-hidden": "true" });
    svg.append(element("line", { x1: 0, x2: 32, y1: 6, y2: 6, style: `stroke: var(${variable})`, "stroke-width": 3, "stroke-dasharray": dash }));
    return svg;
  };

  /** Round values between two ends: about so many, or powers of ten on a logarithmic axis. */
  function ticks(low, high, log, about) {
    if (log) {
      const factors = Math.log10(high / low) < about - 1 ? [1, 2, 5] : [1];
      const from = Math.floor(Math.log10(low));
      const powers = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, i) => from + i);
      const all = powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)));
      return all.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
    }
    const raw = (high - low) / about;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw * (1 - 1e-9));
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  }

  /** The value of a line at a place: that of the step it is on, or between two points; null outside. */
  spikelib.lineAt = (line, x) => {
    const last = line.x.length - 1;
    if (last < 0 || x < line.x[0] || x > (line.end ?? line.x[last])) return null;
    let place = line.x.findIndex((other) => other > x);
    place = place < 0 ? last : place - 1;
    if (line.step || place === last) return line.y[place];
    const share = (x - line.x[place]) / (line.x[place + 1] - line.x[place]);
    return line.y[place] + share * (line.y[place + 1] - line.y[place]);
  };

  /**
   * Draw a chart.
   * spec: title, x: {label, low, high, log}, y: {label, high}, lines: [{place (in the palette), name, x, y, step, end}]
   */
  spikelib.overlay = (spec, width) => {
    const svg = element("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, xmlns: SVG, role: "img", "aria-label": spec.title });
    const place = (value) => (spec.x.log ? Math.log10(value) : value);
    const inner = width - BOX.left - BOX.right;
    const tall = HEIGHT - BOX.top - BOX.bottom;
    const span = place(spec.x.high) - place(spec.x.low) || 1;
    const left = (x) => BOX.left + (inner * (place(Math.min(Math.max(x, spec.x.low), spec.x.high)) - place(spec.x.low))) / span;
    const top = (y) => BOX.top + tall * (1 - y / spec.y.high);
    svg.append(element("rect", { width, height: HEIGHT, style: "fill: var(--paper)" }));
    drawAxes(svg, spec, { left, top, width, inner, tall });
    for (const line of spec.lines) svg.append(drawLine(line, spec, left, top));
    svg.scale = {
      left,
      value: (pixel) => {
        const at = place(spec.x.low) + (span * (pixel - BOX.left)) / inner;
        return Math.min(Math.max(spec.x.log ? 10 ** at : at, spec.x.low), spec.x.high);
      },
      top: BOX.top, bottom: BOX.top + tall,
    };
    return svg;
  };

  function drawAxes(svg, spec, { left, top, width, inner, tall }) {
    const text = { style: "fill: var(--ink)", "font-family": "system-ui, sans-serif", "font-size": 12 };
    const rule = { style: "stroke: var(--line)", "stroke-width": 1 };
    const bottom = BOX.top + tall;
    for (const y of ticks(0, spec.y.high, false, 5)) {
      svg.append(element("line", { x1: BOX.left, x2: width - BOX.right, y1: top(y), y2: top(y), ...rule }));
      svg.append(element("text", { x: BOX.left - 6, y: top(y) + 4, "text-anchor": "end", ...text }, String(y)));
    }
    for (const x of ticks(spec.x.low, spec.x.high, spec.x.log, Math.max(2, Math.floor(inner / 80)))) {
      svg.append(element("line", { x1: left(x), x2: left(x), y1: bottom, y2: bottom + 5, ...rule }));
      svg.append(element("text", { x: left(x), y: bottom + 18, "text-anchor": "middle", ...text }, x.toLocaleString("en-US", { maximumSignificantDigits: 12 })));
    }
    svg.append(element("line", { x1: BOX.left, x2: width - BOX.right, y1: bottom, y2: bottom, style: "stroke: var(--ink)" }));
    svg.append(element("text", { x: BOX.left + inner / 2, y: HEIGHT - 8, "text-anchor": "middle", ...text }, spec.x.label));
    const middle = BOX.top + tall / 2;
    svg.append(element("text", { x: 14, y: middle, "text-anchor": "middle", transform: `rotate(-90 14 ${middle})`, ...text }, spec.y.label));
  }

  function drawLine(line, spec, left, top) {
    const { variable, dash } = spikelib.lineStyle(line.place);
    const inside = (x) => Math.min(Math.max(x, spec.x.low), spec.x.high);
    let path = "";
    line.x.forEach((x, i) => {
      const next = line.x[i + 1] ?? line.end ?? x;
      if (line.step ? next < spec.x.low || x > spec.x.high : x < spec.x.low || x > spec.x.high) return;
      path += `${path ? "L" : "M"}${left(inside(x)).toFixed(1)} ${top(line.y[i]).toFixed(1)}`;
      if (line.step) path += `H${left(inside(next)).toFixed(1)}`;
    });
    return element("path", { d: path, fill: "none", style: `stroke: var(${variable})`, "stroke-width": 2, "stroke-dasharray": dash, "stroke-linejoin": "round" });
  }
})();
