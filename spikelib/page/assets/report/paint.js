"use strict";
(() => {
  const FONT = 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif';
  const MOST_PATHS = 20000;

  spikelib.font = (size, weight = "normal") => `${weight} ${size}px ${FONT}`;

  let ruler = null;

  /** Width of a text in pixels. */
  spikelib.textWidth = (text, size, weight) => {
    ruler ??= document.createElement("canvas").getContext("2d");
    ruler.font = spikelib.font(size, weight);
    return ruler.measureText(text).width;
  };

  /** The text, cut to so many pixels with an ellipsis. */
  spikelib.fitted = (text, pixels, size) => {
    if (spikelib.textWidth(text, size) <= pixels) return text;
    const characters = [...text].slice(0, 400);
    while (characters.length && spikelib.textWidth(`${characters.join("")}…`, size) > pixels) characters.pop();
    return `${characters.join("")}…`;
  };

  function canvasOf(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width));
    canvas.height = Math.max(1, Math.round(height));
    return canvas;
  }

  /** A picture of colours, one 32-bit number a pixel, as a canvas. */
  spikelib.pixels = (width, height, fill) => {
    const canvas = canvasOf(width, height);
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    fill(new Uint32Array(image.data.buffer), canvas.width, canvas.height);
    context.putImageData(image, 0, 0);
    return canvas;
  };

  /** A colour as the number that `pixels` takes. */
  spikelib.packedColour = (colour) => {
    const [red, green, blue] = Array.isArray(colour) ? colour : spikelib.rgb(colour);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  };

  /** Vertical ticks as a picture: one loop over pixels is far quicker than as many strokes. */
  function marksPicture(marks, box, ratio) {
    const colours = marks.colours.map(spikelib.packedColour);
    const wide = Math.max(1, Math.round(marks.width * ratio));
    const tall = Math.max(1, Math.round(marks.length * ratio));
    return spikelib.pixels(box.width * ratio, box.height * ratio, (pixels, width, height) => {
      for (let k = 0; k < marks.count; k++) {
        const left = Math.round((marks.x[k] - box.left) * ratio - wide / 2);
        const top = Math.round((marks.y[k] - box.top) * ratio - tall / 2);
        const colour = colours[marks.group[k]];
        const [right, bottom] = [Math.min(left + wide, width), Math.min(top + tall, height)];
        for (let y = Math.max(top, 0); y < bottom; y++) {
          for (let x = Math.max(left, 0); x < right; x++) pixels[y * width + x] = colour;
        }
      }
    });
  }

  /** Draws on a canvas; all lengths are CSS pixels, of which each has `ratio` pixels of the canvas. */
  spikelib.canvasPainter = (context, ratio) => {
    const trace = (points) => {
      context.beginPath();
      let lifted = true;
      for (let i = 0; i < points.length; i += 2) {
        if (Number.isNaN(points[i])) lifted = true;
        else if (lifted) {
          context.moveTo(points[i], points[i + 1]);
          lifted = false;
        } else context.lineTo(points[i], points[i + 1]);
      }
    };
    return {
      clipped(box, draw) {
        context.save();
        context.beginPath();
        context.rect(box.left, box.top, box.width, box.height);
        context.clip();
        draw();
        context.restore();
      },
      line(points, { colour, width = 1, dash = [], alpha = 1 }) {
        trace(points);
        Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha, lineJoin: "bevel" });
        context.setLineDash(dash);
        context.stroke();
        context.setLineDash([]);
        context.globalAlpha = 1;
      },
      area(points, { colour, alpha = 1 }) {
        trace(points);
        context.closePath();
        Object.assign(context, { fillStyle: colour, globalAlpha: alpha });
        context.fill();
        context.globalAlpha = 1;
      },
      box({ left, top, width, height }, { fill }) {
        context.fillStyle = fill;
        context.fillRect(left, top, width, height);
      },
      marks(marks, box) {
        context.drawImage(marksPicture(marks, box, ratio), box.left, box.top, box.width, box.height);
      },
      picture(canvas, box) {
        context.imageSmoothingEnabled = false;
        context.drawImage(canvas, box.left, box.top, box.width, box.height);
      },
      text(text, x, y, { colour, size = 12, weight, align = "left", turned = false }) {
        context.save();
        context.translate(x, y);
        if (turned) context.rotate(-Math.PI / 2);
        Object.assign(context, { fillStyle: colour, font: spikelib.font(size, weight), textAlign: align });
        context.fillText(text, 0, 0);
        context.restore();
      },
    };
  };

  const number = (value) => String(Math.round(value * 100) / 100);

  /** Text without the characters that XML has no way to write. */
  const writable = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, "\ufffd");

  /** Draws an SVG with text that stays text; `finish()` gives the file's content. */
  spikelib.svgPainter = (width, height) => {
    const space = "http://www.w3.org/2000/svg";
    const file = document.implementation.createDocument(space, "svg");
    const root = file.documentElement;
    let parent = root;
    let clips = 0;
    const add = (name, attributes, text) => {
      const element = file.createElementNS(space, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      if (text !== undefined) element.textContent = writable(text);
      parent.appendChild(element);
      return element;
    };
    const corners = (box) => ({
      x: number(box.left), y: number(box.top), width: number(box.width), height: number(box.height),
    });
    const trace = (points) => {
      const parts = [];
      for (let i = 0; i < points.length; i += 2) {
        if (Number.isNaN(points[i])) continue;
        const first = i === 0 || Number.isNaN(points[i - 2]);
        parts.push(`${first ? "M" : "L"}${number(points[i])} ${number(points[i + 1])}`);
      }
      return parts.join("");
    };
    for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT })) {
      root.setAttribute(key, String(value));
    }
    const painter = {
      clipped(box, draw) {
        const id = `clip${++clips}`;
        const outer = parent;
        parent = add("clipPath", { id });
        add("rect", corners(box));
        parent = outer;
        parent = add("g", { "clip-path": `url(#${id})` });
        draw();
        parent = outer;
      },
      line(points, { colour, width: wide = 1, dash = [], alpha = 1 }) {
        const told = { d: trace(points), fill: "none", stroke: colour, "stroke-width": number(wide), "stroke-opacity": alpha };
        if (dash.length) told["stroke-dasharray"] = dash.join(" ");
        add("path", told);
      },
      area(points, { colour, alpha = 1 }) {
        add("path", { d: `${trace(points)}Z`, fill: colour, "fill-opacity": alpha });
      },
      box(box, { fill }) {
        add("rect", { ...corners(box), fill });
      },
      marks(marks, box) {
        if (marks.count > MOST_PATHS) {
          painter.picture(marksPicture(marks, box, 2), box);
          return;
        }
        const paths = marks.colours.map(() => []);
        for (let k = 0; k < marks.count; k++) {
          paths[marks.group[k]].push(`M${number(marks.x[k])} ${number(marks.y[k] - marks.length / 2)}v${number(marks.length)}`);
        }
        paths.forEach((path, group) => {
          const told = { fill: "none", stroke: marks.colours[group], "stroke-width": number(marks.width) };
          if (path.length) add("path", { d: path.join(""), ...told });
        });
      },
      picture(canvas, box) {
        const told = { preserveAspectRatio: "none", "image-rendering": "pixelated", href: canvas.toDataURL("image/png") };
        add("image", { ...corners(box), ...told });
      },
      text(text, x, y, { colour, size = 12, weight = "normal", align = "left", turned = false }) {
        const told = { x: number(x), y: number(y), fill: colour, "font-size": size };
        told["text-anchor"] = { left: "start", center: "middle", right: "end" }[align];
        if (weight !== "normal") told["font-weight"] = weight;
        if (turned) told.transform = `rotate(-90 ${number(x)} ${number(y)})`;
        add("text", told, text);
      },
      title: (text) => add("title", {}, text),
      finish: () => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`,
    };
    return painter;
  };
})();
