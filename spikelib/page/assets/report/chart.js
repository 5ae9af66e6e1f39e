"use strict";
(() => {
  const { format, make } = spikelib;
  const TOP = 8;
  const RIGHT = 24;
  const FOOT = 44;
  const GAP = 70;
  const STEP = 0.2;
  const FACTOR = 0.6;
  const NEAR_TOUCH = "(pointer: coarse)";
  const MANY = 4;

  const button = (sign, name, onclick) =>
    make("button", { type: "button", class: "chart-button", "aria-label": name, title: name, onclick }, sign);

  /**
   * A chart: axes and cursor by uPlot, what is in them by the `spec`, controls around it.
   *
   * spec: kind, name (what it is called), about() (one line on what it shows), file (parts of a file name), height;
   *   x: {axis, label, unit}; y: {axis, label, unit} or, if it fits itself to what is in view, {range(), log, label};
   *   y.ticks(low, high, pixels): its own ticks; legend: [{text, colour (index in the palette, or "quiet"), dash, shape,
   *   shown}] or []; bar(colours): colour bar or null; controls(chart): elements; gutter: width left of the axes;
   *   paint(painter, frame, colours), hover(frame, x, y) -> {text, mark}, view(): text, table(): rows; link: name
   *   that charts with the same cursor share.
   */
  class Chart {
    constructor(host, spec) {
      this.host = host;
      this.spec = spec;
      this.said = 0;
      this.waiting = false;
      this.build();
      this.plot();
      this.follow();
      new ResizeObserver(() => requestAnimationFrame(() => this.resize())).observe(this.stage);
    }

    build() {
      const { spec } = this;
      this.stage = make("div", {
        class: "chart-stage", tabindex: "0", role: "application", "aria-roledescription": "chart",
        "aria-label": `${spec.name}. Arrow keys move, plus and minus zoom in time or value, 0 shows all again` +
          `${spec.y.axis ? ", i and o zoom the vertical axis, as does the wheel with Shift" : ""}.`,
      });
      this.title = make("p", { class: "chart-title" });
      this.legend = make("div", { class: "chart-legend", role: "group", "aria-label": "Shown" });
      this.readout = make("p", { class: "chart-readout" });
      this.view = make("output", { class: "chart-view" });
      this.mark = make("div", { class: "chart-mark", hidden: true });
      const bar = make("div", { class: "chart-bar" }, this.buttons(), ...(spec.controls?.(this) ?? []), spikelib.saveButtons(this));
      this.host.append(this.title, bar, this.legend, this.stage, this.readout, make("p", { class: "chart-foot" }, this.view));
      this.stage.addEventListener("keydown", (event) => this.key(event));
      this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
      // Room for what will be read there, so that nothing below moves while the mouse does.
      this.host.classList.toggle("many", spec.legend.length > MANY);
      this.dress();
    }

    /** Buttons that move the axes: all that the mouse can do, for fingers and keys. */
    buttons() {
      const { x, y } = this.spec;
      const what = x.unit === "ms" && x.label.startsWith("Time") ? "time" : "horizontal axis";
      const group = (name, ...content) => make("span", { class: "chart-buttons", role: "group", "aria-label": name }, ...content);
      const along = [
        button("−", `Zoom out (${what})`, () => x.axis.zoom(1 / FACTOR)),
        button("+", `Zoom in (${what})`, () => x.axis.zoom(FACTOR)),
        button("←", "Left", () => x.axis.pan(-STEP)),
        button("→", "Right", () => x.axis.pan(STEP)),
      ];
      const up = !y.axis ? [] : [
        button("−", "Zoom out (vertical axis)", () => y.axis.zoom(1 / FACTOR)),
        button("+", "Zoom in (vertical axis)", () => y.axis.zoom(FACTOR)),
        button("↑", "Up", () => y.axis.pan(STEP)),
        button("↓", "Down", () => y.axis.pan(-STEP)),
      ];
      const reset = make("button", { type: "button", class: "chart-button", onclick: () => this.reset() }, "Reset");
      const groups = [group(`Move the ${what}`, make("span", { class: "chart-word" }, x.word ?? "x"), ...along)];
      if (up.length) groups.push(group("Move the vertical axis", make("span", { class: "chart-word" }, y.word ?? "y"), ...up));
      return make("span", { class: "chart-moves" }, ...groups, reset);
    }

    /** Write title and legend anew. */
    dress() {
      const about = this.spec.about();
      this.title.textContent = about.charAt(0).toUpperCase() + about.slice(1);
      const colours = spikelib.colours();
      const bar = this.spec.bar?.(colours);
      const items = this.spec.legend.map((item, index) => this.legendItem(item, colours, index));
      const many = this.spec.kind !== "raster" && spikelib.isMany(this.spec.legend);
      const hint = many ? [make("span", { class: "chart-hint" }, `at most ${spikelib.MOST_COLOURS} at a time, each in a colour of its own`)] : [];
      this.legend.replaceChildren(...items, ...hint, ...(bar ? [colourBar(bar)] : []));
      this.legend.hidden = !items.length && !bar;
    }

    legendItem(item, colours, index) {
      const colour = itemColour(item, colours);
      const swatch = make("span", { class: `chart-swatch ${item.shape ?? "line"}${item.faint ? " faint" : ""}`, "aria-hidden": "true" });
      swatch.style.setProperty("--swatch", colour);
      const onclick = () => {
        spikelib.toggleItem(this.spec.legend, item);
        this.dress();
        this.redraw();
        this.legend.children[index].focus();
      };
      return make("button", { type: "button", class: "chart-item", "aria-pressed": String(item.shown), title: item.text, onclick },
        swatch, make("bdi", {}, format.short(item.text, 48)));
    }

    /** Make uPlot: its axes, grid, cursor and selection. */
    plot() {
      const { spec } = this;
      this.u?.destroy();
      this.colours = spikelib.colours();
      const colour = (name) => () => this.colours[name];
      const ticks = (along) => (u, index, low, high) => {
        this.ticks ??= {};
        this.ticks[along] = along === "x" ? this.xTicks(this.inner().width) : this.yTicks(this.inner().height);
        return this.ticks[along].map((tick) => tick.at);
      };
      const axis = (along, size) => ({
        scale: along, stroke: colour("ink"), font: spikelib.font(12), label: spec[along].label, labelFont: spikelib.font(12),
        labelSize: 18, size, labelGap: 0, gap: 4, splits: ticks(along), filter: (u, splits) => splits,
        values: () => this.ticks[along].map((tick) => tick.text),
        grid: { stroke: colour("line"), width: 1, filter: (u, splits) => splits.map((at, k) => (this.ticks[along][k].text ? at : null)), show: !(along === "y" && spec.y.ticks) }, ticks: { stroke: colour("quiet"), size: 4, width: 1 },
      });
      const scale = (along) => ({
        time: false, distr: this.isLog(along) ? 3 : 1, range: () => this.range(along),
      });
      const [width, height] = this.size();
      this.u = new uPlot({
        width, height, padding: [TOP, RIGHT, 0, 0], legend: { show: false },
        series: [{}, { scale: "y", points: { show: false } }],
        scales: { x: scale("x"), y: scale("y") },
        axes: [axis("x", FOOT - 18), axis("y", this.gutter() - 18)],
        cursor: {
          x: true, y: Boolean(spec.y.axis), points: { show: false },
          drag: { x: true, y: Boolean(spec.y.axis), uni: 18, dist: 4, setScale: false },
          bind: { dblclick: () => null },
          ...(spec.link ? { sync: { key: spec.link, scales: ["x", null], filters: { pub: isMove, sub: isMove } } } : {}),
        },
        hooks: {
          draw: [() => this.paint()], setSelect: [() => this.selected()], setCursor: [() => this.point()],
        },
      }, [[spec.x.axis.low, spec.x.axis.high], [null, null]], this.stage);
      this.u.over.append(this.mark);
      this.u.over.addEventListener("dblclick", () => this.reset());
      this.u.over.addEventListener("mousedown", (event) => this.press(event), { capture: true });
      this.u.over.addEventListener("mouseenter", () => { this.near = true; });
      this.u.over.addEventListener("mouseleave", () => { this.near = false; this.point(); });
      this.say();
    }

    /** Redraw when an axis moves, the theme changes or paper is near. */
    follow() {
      for (const axis of [this.spec.x.axis, this.spec.y.axis]) this.watch(axis);
      const themed = () => {
        this.colours = spikelib.colours();
        this.dress();
        this.u.redraw(false, true);
      };
      document.addEventListener("themechange", themed);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);
    }

    watch(axis) {
      axis?.watch(() => {
        if (axis === this.spec.x.axis || axis === this.spec.y.axis) this.redraw();
      });
    }

    isLog(along) {
      return Boolean(this.spec[along].axis ? this.spec[along].axis.log : this.spec[along].log);
    }

    range(along) {
      const { axis } = this.spec[along];
      return axis ? [axis.low, axis.high] : this.spec[along].range();
    }

    gutter() {
      return this.spec.gutter ?? 64;
    }

    size() {
      return [Math.max(this.stage.clientWidth, 160), this.spec.height];
    }

    /** Size of the area between the axes, CSS pixels. */
    inner() {
      const [width, height] = this.size();
      return { width: Math.max(width - this.gutter() - RIGHT, 10), height: height - TOP - FOOT };
    }

    xTicks(pixels) {
      const { low, high, log } = this.spec.x.axis;
      const ticks = spikelib.ticks(low, high, pixels, { log, gap: GAP });
      const named = (this.spec.x.ticks?.() ?? []).filter(({ at }) => at >= low && at <= high);
      const near = (at) => named.some((other) => (Math.abs(at - other.at) / (high - low)) * pixels < 26);
      const free = (this.spec.x.ticks?.() ? ticks.filter(({ at }) => at >= 0) : ticks).map((tick) => (near(tick.at) ? { at: tick.at, text: "" } : tick));
      return [...named, ...free];
    }

    yTicks(pixels) {
      const [low, high] = this.range("y");
      if (this.spec.y.ticks) return this.spec.y.ticks(low, high, pixels);
      return spikelib.ticks(low, high, pixels, { log: this.isLog("y"), gap: 34, whole: this.spec.y.whole });
    }

    /** What is where: the box between the axes, and the way from values to pixels and back. */
    frame(box) {
      const [low, high] = this.range("y");
      const { axis } = this.spec.x;
      const to = this.isLog("y") ? Math.log10 : (value) => value;
      const from = this.isLog("y") ? (value) => 10 ** value : (value) => value;
      const [left, span] = [axis.to(axis.low), axis.to(axis.high) - axis.to(axis.low)];
      const [foot, rise] = [to(low), to(high) - to(low)];
      return {
        ...box, xLow: axis.low, xHigh: axis.high, yLow: low, yHigh: high,
        x: (value) => box.left + ((axis.to(value) - left) / span) * box.width,
        y: (value) => box.top + box.height - ((to(value) - foot) / rise) * box.height,
        xAt: (pixel) => axis.from(left + ((pixel - box.left) / box.width) * span),
        yAt: (pixel) => from(foot + ((box.top + box.height - pixel) / box.height) * rise),
      };
    }

    paint() {
      const { u } = this;
      const ratio = u.pxRatio ?? devicePixelRatio;
      const box = { left: u.bbox.left / ratio, top: u.bbox.top / ratio, width: u.bbox.width / ratio, height: u.bbox.height / ratio };
      u.ctx.save();
      u.ctx.scale(ratio, ratio);
      const painter = spikelib.canvasPainter(u.ctx, ratio);
      painter.clipped(box, () => this.spec.paint(painter, this.frame(box), this.colours));
      u.ctx.restore();
    }

    /** With Shift the mouse drags the picture itself; without, uPlot draws the box to zoom to. */
    press(event) {
      this.stage.focus({ preventScroll: true });
      event.preventDefault();
      if (!event.shiftKey) return;
      event.stopImmediatePropagation();
      const { clientWidth, clientHeight } = this.u.over;
      const { x, y } = this.spec;
      let [left, top] = [event.clientX, event.clientY];
      const move = ({ clientX, clientY }) => {
        x.axis.pan((left - clientX) / clientWidth);
        y.axis?.pan((clientY - top) / clientHeight);
        [left, top] = [clientX, clientY];
      };
      document.addEventListener("mousemove", move);
      document.addEventListener("mouseup", () => document.removeEventListener("mousemove", move), { once: true });
    }

    /** A box was drawn with the mouse: show what is in it. */
    selected() {
      const { left, top, width, height } = this.u.select;
      const { clientWidth, clientHeight } = this.u.over;
      if (!(width > 0 && height > 0)) return;
      const frame = this.frame({ left: 0, top: 0, width: clientWidth, height: clientHeight });
      const [low, high] = [frame.xAt(left), frame.xAt(left + width)];
      const [foot, head] = [frame.yAt(top + height), frame.yAt(top)];
      this.u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      if (width < clientWidth) this.spec.x.axis.set(low, high);
      if (this.spec.y.axis && height < clientHeight) this.spec.y.axis.set(foot, head);
    }

    /** Show what is under the cursor: this chart's own, or the one that it shares. */
    point() {
      const { left, top } = this.u.cursor;
      const { clientWidth: width, clientHeight: height } = this.u.over;
      this.mark.hidden = true;
      if (!(left >= 0)) {
        this.readout.textContent = this.help();
        return;
      }
      const frame = this.frame({ left: 0, top: 0, width, height });
      const found = this.spec.hover(frame, left, this.near ? top : null);
      this.readout.textContent = found.text;
      if (!found.mark) return;
      this.mark.hidden = false;
      this.mark.style.transform = `translate(${found.mark.x}px, ${found.mark.y}px)`;
    }

    help() {
      if (matchMedia(NEAR_TOUCH).matches) return "Touch the chart to read values; the buttons zoom and move.";
      return "Drag to zoom, Shift + drag to move, double click to reset; or Ctrl + wheel, or keys ← → + − 0.";
    }

    wheel(event) {
      const focused = document.activeElement === this.stage;
      if (!(event.ctrlKey || focused) || !this.u.over.contains(event.target)) return;
      const { x, y } = this.spec;
      const axis = event.shiftKey && y.axis ? y.axis : x.axis;
      const amount = event.deltaY || event.deltaX;
      if (amount > 0 && axis.isWhole() && !event.ctrlKey) return;
      event.preventDefault();
      const rect = this.u.over.getBoundingClientRect();
      const frame = this.frame({ left: rect.left, top: rect.top, width: rect.width, height: rect.height });
      const at = axis === x.axis ? frame.xAt(event.clientX) : frame.yAt(event.clientY);
      axis.zoom(Math.exp(Math.min(Math.max(amount, -200), 200) / 400), at);
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { x, y } = this.spec;
      const moves = {
        ArrowLeft: () => x.axis.pan(-STEP), ArrowRight: () => x.axis.pan(STEP),
        "+": () => x.axis.zoom(FACTOR), "=": () => x.axis.zoom(FACTOR), "-": () => x.axis.zoom(1 / FACTOR),
        0: () => this.reset(), Escape: () => this.reset(),
      };
      if (y.axis) {
        Object.assign(moves, {
          ArrowUp: () => y.axis.pan(STEP), ArrowDown: () => y.axis.pan(-STEP),
          i: () => y.axis.zoom(FACTOR), o: () => y.axis.zoom(1 / FACTOR),
        });
      }
      if (!Object.hasOwn(moves, event.key)) return;
      event.preventDefault();
      moves[event.key]();
    }

    reset() {
      this.spec.x.axis.reset();
      this.spec.y.axis?.reset();
    }

    /** Draw anew, once however often it is asked for before the next frame. */
    redraw() {
      if (this.waiting) return;
      this.waiting = true;
      requestAnimationFrame(() => {
        this.waiting = false;
        this.u.redraw(true, false);
        this.say();
      });
    }

    /** After a change of axes themselves, as from linear to logarithmic. */
    rebuild() {
      this.watch(this.spec.x.axis);
      this.dress();
      this.plot();
    }

    resize() {
      const [width, height] = this.size();
      if (this.stage.clientWidth && (width !== this.u.width || height !== this.u.height)) this.u.setSize({ width, height });
    }

    /** Say in words what is in view: at once to the eye, to a screen reader when the view has come to rest. */
    say() {
      const text = `View: ${this.spec.view()}`;
      this.view.setAttribute("aria-live", "off");
      this.view.textContent = text;
      clearTimeout(this.said);
      this.said = setTimeout(() => {
        this.view.setAttribute("aria-live", "polite");
        this.view.textContent = text;
      }, 600);
      if (!(this.u?.cursor.left >= 0)) this.readout.textContent = this.help();
    }
  }

  const isMove = (type) => type === "mousemove";

  const itemColour = (spikelib.itemColour = (item, colours) =>
    typeof item.colour === "number" ? colours.population(item.colour) : colours[item.colour]);

  /** A bar of the colours of a density, with the values at its ends. */
  function colourBar(bar) {
    const strip = make("span", { class: "chart-strip", "aria-hidden": "true" });
    strip.style.background = `linear-gradient(to right, ${bar.stops.join(", ")})`;
    const parts = [`${bar.label} ${bar.low}`, strip, bar.high];
    if (bar.none) {
      const patch = make("span", { class: "chart-swatch box", "aria-hidden": "true" });
      patch.style.setProperty("--swatch", bar.none);
      parts.push(patch, "no nodes");
    }
    return make("span", { class: "chart-scale" }, ...parts);
  }

  /** Put a chart into an element. */
  spikelib.chart = (host, spec) => new Chart(host, spec);
})();
