"use strict";
(() => {
  const { format, make } = spikelib;
  const MARGIN = 14;
  const LEAST_WIDTH = 640;
  const SHARPNESS = 2;

  /** Put the entries of a legend into rows; returns them with their places, and the height of all. */
  function legendRows(chart, colours, width) {
    const entries = chart.spec.legend.filter((item) => item.shown).map((item) => ({ ...item, label: spikelib.fitted(item.text, 220, 12) }));
    const placed = [];
    let [x, y] = [0, 0];
    for (const item of entries) {
      const wide = spikelib.textWidth(item.label, 12) + 40;
      if (x && x + wide > width) [x, y] = [0, y + 18];
      placed.push({ ...item, x, y, colour: spikelib.itemColour(item, colours) });
      x += wide;
    }
    const bar = chart.spec.bar?.(colours);
    return { placed, bar, height: placed.length || bar ? y + 22 : 0 };
  }

  function drawLegend(painter, { placed, bar }, left, top, colours) {
    for (const item of placed) {
      const [x, y] = [left + item.x, top + item.y];
      const square = [x, y, x + 11, y, x + 11, y + 11, x, y + 11];
      if (item.shape === "box") painter.area(square, { colour: item.colour, alpha: item.faint ? 0.3 : 1 });
      else painter.line([x, y + 6, x + 18, y + 6], { colour: item.colour, width: 2, alpha: item.faint ? 0.5 : 1 });
      painter.text(item.label, x + 24, y + 10, { colour: colours.ink });
    }
    if (!bar) return;
    const words = `${bar.label} ${bar.low}`;
    const start = left + spikelib.textWidth(words, 12) + 8;
    painter.text(words, left, top + 10, { colour: colours.ink });
    bar.stops.forEach((stop, k) => painter.box({ left: start + k * 14, top, width: 14.5, height: 11 }, { fill: stop }));
    const end = start + bar.stops.length * 14 + 8;
    painter.text(bar.high, end, top + 10, { colour: colours.ink });
    if (!bar.none) return;
    const patch = end + spikelib.textWidth(bar.high, 12) + 16;
    painter.box({ left: patch, top, width: 11, height: 11 }, { fill: bar.none });
    painter.text("no nodes", patch + 16, top + 10, { colour: colours.ink });
  }

  /** Axes with their ticks, labels and grid. */
  function drawAxes(painter, chart, frame, colours) {
    const { x, y } = chart.spec;
    const foot = frame.top + frame.height;
    const right = frame.left + frame.width;
    const line = (points, colour = colours.quiet) => painter.line(points, { colour, width: 1 });
    for (const { at, text } of chart.xTicks(frame.width)) {
      const place = frame.x(at);
      line([place, foot, place, foot + (text ? 5 : 3)]);
      painter.text(text, place, foot + 18, { colour: colours.ink, align: "center" });
    }
    for (const { at, text } of chart.yTicks(frame.height)) {
      const place = frame.y(at);
      line([frame.left - (text ? 5 : 3), place, frame.left, place]);
      painter.text(text, frame.left - 8, place + 4, { colour: colours.ink, align: "right" });
    }
    line([frame.left, frame.top, frame.left, foot, right, foot], colours.ink);
    painter.text(x.label, frame.left + frame.width / 2, foot + 36, { colour: colours.ink, align: "center" });
    painter.text(y.label, MARGIN + 8, frame.top + frame.height / 2, { colour: colours.ink, align: "center", turned: true });
  }

  function drawGrid(painter, chart, frame, colours) {
    const style = { colour: colours.line, width: 0.7 };
    for (const { at } of chart.xTicks(frame.width).filter(({ text }) => text)) painter.line([frame.x(at), frame.top, frame.x(at), frame.top + frame.height], style);
    if (chart.spec.y.ticks) return;
    for (const { at } of chart.yTicks(frame.height).filter(({ text }) => text)) painter.line([frame.left, frame.y(at), frame.left + frame.width, frame.y(at)], style);
  }

  /** Size of the whole picture, and how to draw it with any painter. */
  function composed(chart) {
    const colours = spikelib.printedColours();
    const width = Math.max(LEAST_WIDTH, Math.round(chart.stage.clientWidth));
    const inner = width - 2 * MARGIN;
    const legend = legendRows(chart, colours, inner);
    const [simulation, filter] = chart.spec.file;
    const top = MARGIN + 40 + legend.height;
    const left = Math.max(chart.gutter() + 6, 70);
    const height = top + chart.spec.height;
    const frame = chart.frame({ left, top, width: width - left - MARGIN - 14, height: chart.spec.height - 56 });
    const title = `${chart.spec.name}: ${chart.spec.about()}`;
    const draw = (painter) => {
      painter.box({ left: 0, top: 0, width, height }, { fill: colours.paper });
      painter.text(spikelib.fitted(title, inner, 14), MARGIN, MARGIN + 12, { colour: colours.ink, size: 14 });
      const under = [simulation, filter, chart.spec.view()].filter(Boolean).join(" · ");
      painter.text(spikelib.fitted(under, inner, 12), MARGIN, MARGIN + 29, { colour: colours.quiet });
      drawLegend(painter, legend, MARGIN, MARGIN + 40, colours);
      painter.clipped(frame, () => {
        drawGrid(painter, chart, frame, colours);
        chart.spec.paint(painter, frame, colours);
      });
      drawAxes(painter, chart, frame, colours);
    };
    return { width, height, draw, title, frame };
  }

  /** The chart as it is, as an SVG file with real text. */
  function asSvg(chart) {
    const { width, height, draw, title } = composed(chart);
    const painter = spikelib.svgPainter(width, height);
    painter.title(title);
    draw(painter);
    return new Blob([painter.finish()], { type: "image/svg+xml" });
  }

  function asPng(chart) {
    const { width, height, draw } = composed(chart);
    const canvas = make("canvas", { width: width * SHARPNESS, height: height * SHARPNESS });
    const context = canvas.getContext("2d");
    context.scale(SHARPNESS, SHARPNESS);
    draw(spikelib.canvasPainter(context, SHARPNESS));
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  const asCsv = (chart) => new Blob([format.csv(chart.spec.table(composed(chart).frame))], { type: "text/csv;charset=utf-8" });

  /** Buttons that save what a chart shows: as a picture, as a drawing, as numbers. */
  spikelib.saveButtons = (chart) => {
    const forms = { png: ["PNG", asPng], svg: ["SVG", asSvg], csv: ["CSV", asCsv] };
    const buttons = Object.entries(forms).map(([suffix, [name, write]]) => {
      const onclick = async () => spikelib.download(await write(chart), format.fileName(chart.spec.file, suffix));
      const told = suffix === "csv" ? "Save the data in view as CSV" : `Save the chart as ${name}`;
      return make("button", { type: "button", class: "chart-button", "aria-label": told, title: told, onclick }, name);
    });
    return make("span", { class: "chart-buttons", role: "group", "aria-label": "Save" }, make("span", { class: "chart-word" }, "Save"), ...buttons);
  };
})();
