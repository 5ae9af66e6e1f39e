"use strict";
(() => {
  /** The table of a comparison: values of each simulation and differences to the first; and charts saved as pictures. */
  const { campaign, make } = spikelib;
  const SHARPNESS = 2;
  const MARGIN = 14;
  const LEGEND_LINE = 18;

  const themed = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();

  const signed = (value, form) => (value > 0 ? "+" : "") + campaign.write(value, form);

  /** A difference in words: "+0.9380 (+2.02 %)"; shares differ in percentage points. */
  function difference(value, first, form) {
    const change = value - first;
    if (change === 0) return "0";
    if (form === "percent") return `${signed(change, form).replace(" %", "")} points`;
    return first ? `${signed(change, form)} (${signed(change / Math.abs(first), "percent")})` : signed(change, form);
  }

  const cell = (text, value = null) => make("td", { "data-value": value, class: "number" }, text);
  const absent = () => [cell("–"), cell("–")];

  /** Cells of a row of numbers: the first simulation's value, then value and difference of each other one. */
  function numbers(values, form) {
    const [first, ...others] = values;
    const one = (value) => cell(campaign.write(value, form), value ?? null);
    return [one(first), ...others.flatMap((value) => {
      if (value === null || value === undefined) return absent();
      const known = first !== null && first !== undefined;
      return [one(value), known ? cell(difference(value, first, form), Number((value - first).toPrecision(10))) : cell("–")];
    })];
  }

  function distances(members, distance, approximate) {
    const [first, ...others] = members;
    const told = ({ curve }) => {
      const found = first.curve && curve ? distance(first.curve, curve) : null;
      if (found === null) return absent();
      const sign = approximate(first.curve, curve) ? "≈ " : "";
      return [cell(sign + found.toFixed(4), found), make("td", { "data-value": "" })];
    };
    return [cell("reference", ""), ...others.flatMap(told)];
  }

  const row = (title, cells) => make("tr", {}, make("th", { scope: "row" }, title), ...cells);

  /** A row of distances: their definition is one click away. */
  function distanceRow(title, cells) {
    const about = make("button", { type: "button", class: "help", popovertarget: "about-ks", "aria-label": `What is “${title}”?` }, "?");
    return make("tr", { class: "distance" }, make("th", { scope: "row", "data-value": title }, title, " ", about), ...cells);
  }

  const titled = ({ label, unit }) => (unit ? `${label} [${unit}]` : label);

  /** Columns of the sample sheet in which the simulations differ. */
  function metadataRows(members) {
    return campaign.data.metadata.columns
      .map((column, i) => ({ column, texts: members.map(({ number }) => campaign.data.metadata.values[number][i]) }))
      .filter(({ texts }) => new Set(texts).size > 1)
      .map(({ column, texts: [first, ...others] }) => {
        const text = (value) => make("td", { "data-value": value, class: "number" }, value);
        return row(column, [text(first), ...others.flatMap((value) => [text(value), make("td", { "data-value": "" })])]);
      });
  }

  function measureRows(members) {
    const values = campaign.data.values[campaign.filter];
    return campaign.data.measures.map((measure, i) =>
      row(titled(measure), numbers(members.map(({ number }) => values[number]?.[i] ?? null), measure.form)));
  }

  /** Rows of each population, if the simulations have more than one. */
  function populationRows(members) {
    const { names, measures, values } = campaign.data.populations[campaign.filter];
    const present = names.map((name, i) => ({ name, i })).filter(({ i }) => members.some(({ number }) => values[number]?.[i]));
    if (present.length < 2) return [];
    return present.flatMap(({ name, i }) => measures.map((measure, j) =>
      row(`${name}: ${titled(measure)}`, numbers(members.map(({ number }) => values[number]?.[i]?.[j] ?? null), measure.form))));
  }

  function head(members) {
    const titles = members.flatMap(({ number, name }, place) => {
      const full = campaign.data.names[number];
      const value = make("th", { scope: "col", class: "number", "data-title": full }, name);
      const change = make("th", { scope: "col", class: "number", "data-title": `${full} minus ${campaign.data.names[members[0].number]}` }, "Difference");
      return place ? [value, change] : [value];
    });
    return make("thead", {}, make("tr", {}, make("th", { scope: "col", "data-title": "Measure" }, "Measure"), ...titles));
  }

  /** The table of a comparison, with its heading and buttons: elements for the page. */
  spikelib.comparisonTable = (members) => {
    const rates = distances(members, spikelib.rateDistance, (a, b) => !a.exact || !b.exact);
    const isi = distances(members, spikelib.isiDistance, () => false);
    const body = make("tbody", {},
      ...metadataRows(members),
      distanceRow("KS distance of rates", rates),
      distanceRow("KS distance of ISIs", isi),
      ...measureRows(members), ...populationRows(members));
    const table = make("table", { class: "numbers comparison", "data-name": "comparison" }, head(members), body);
    const scroll = make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "Comparison in numbers" }, table);
    const holder = make("div", {}, scroll);
    spikelib.table.enhance(table);
    const first = campaign.data.names[members[0].number];
    const heading = make("h3", {}, "In numbers");
    const lead = make("p", { class: "small" }, `Differences are to ${first}, the first one ticked.`);
    return [heading, lead, holder];
  };

  /** Save a chart of the page, with title and legend, as a PNG. */
  spikelib.savePng = (svg, spec, name) => {
    const { width, height } = svg.viewBox.baseVal;
    const picture = svg.cloneNode(true);
    picture.querySelector(".cursor")?.remove();
    // A picture of its own does not know the page's colours.
    for (const part of picture.querySelectorAll("[style]")) {
      part.style.cssText = part.getAttribute("style").replace(/var\((--\w+)\)/g, (_, variable) => themed(variable));
    }
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = make("canvas", {});
      const top = MARGIN + 24 + LEGEND_LINE * spec.lines.length;
      [canvas.width, canvas.height] = [width * SHARPNESS, (height + top) * SHARPNESS];
      const context = canvas.getContext("2d");
      context.scale(SHARPNESS, SHARPNESS);
      legend(context, spec, width, height + top);
      context.drawImage(image, 0, top, width, height);
      canvas.toBlob((blob) => spikelib.download(blob, name), "image/png");
    });
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
  };

  function legend(context, spec, width, height) {
    context.fillStyle = themed("--paper");
    context.fillRect(0, 0, width, height);
    context.fillStyle = themed("--ink");
    context.font = "600 14px system-ui, sans-serif";
    context.fillText(`${spec.title}, filter ${campaign.data.filters[campaign.filter]}`, MARGIN, MARGIN + 8, width - 2 * MARGIN);
    context.font = "12px system-ui, sans-serif";
    spec.lines.forEach((line, i) => {
      const y = MARGIN + 24 + LEGEND_LINE * i;
      const { variable, dash } = spikelib.lineStyle(line.place);
      context.strokeStyle = themed(variable);
      context.lineWidth = 2;
      context.setLineDash(dash ? dash.split(" ").map(Number) : []);
      context.beginPath();
      context.moveTo(MARGIN, y);
      context.lineTo(MARGIN + 30, y);
      context.stroke();
      context.fillText(line.name, MARGIN + 38, y + 4, width - 2 * MARGIN - 38);
    });
  }
})();
