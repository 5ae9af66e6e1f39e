"use strict";
(() => {
  /** The campaign page: find, filter and tick simulations. What it shows stands in the page; nothing is computed but scales. */
  const campaign = (spikelib.campaign = {});
  const SPARK_HEIGHT = 24;
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  const grouped = (text) => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const listeners = [];
  const unpacked = new Map();

  campaign.data = JSON.parse(byId("campaign-data").textContent);
  /** Rows of the table by the number of the simulation. */
  campaign.rows = [];
  /** Numbers of the simulations ticked, in the order of ticking. */
  campaign.chosen = [];
  /** Place of the filter whose numbers are shown. */
  campaign.filter = 0;

  /** Call a function whenever the filter or the choice changes. */
  campaign.onChange = (listener) => listeners.push(listener);
  const changed = () => listeners.forEach((listener) => listener());

  /** Write a number as the page's own ones are written: "1,234" (integer), "84.0 %" (percent), "12.30" (number). */
  campaign.write = (value, form) => {
    if (value === null || value === undefined) return "–";
    if (form === "integer") return (value < 0 ? "−" : "") + grouped(String(Math.abs(value)));
    return form === "percent" ? `${significant(100 * value, 3)} %` : significant(value, 4);
  };

  function significant(value, digits) {
    if (value === 0) return "0";
    const [mantissa, exponent] = Math.abs(value).toExponential(digits - 1).split("e");
    const sign = value < 0 ? "−" : "";
    if (Number(exponent) < -4 || Number(exponent) >= 15) return `${sign}${mantissa}e${exponent}`;
    const [whole, rest] = Math.abs(value).toFixed(Math.max(digits - 1 - Number(exponent), 0)).split(".");
    return sign + grouped(whole) + (rest ? `.${rest}` : "");
  }

  /** Curves of a filter: a promise of a map from the number of a simulation to what is compared; null if left out. */
  campaign.curves = (filter) => {
    const packed = campaign.data.curves[filter];
    if (!packed || !spikelib.canUnpack()) return Promise.resolve(null);
    if (!unpacked.has(filter)) unpacked.set(filter, spikelib.unpack(packed).then(split));
    return unpacked.get(filter);
  };

  /** Cut the arrays of all simulations into those of each. */
  function split(arrays) {
    const found = new Map();
    const { levels, shares } = campaign.data;
    let [point, step, edge] = [0, 0, 0];
    arrays.simulation.forEach((number, i) => {
      const [points, steps, nodes] = [arrays.points[i], arrays.steps[i], arrays.nodes[i]];
      const edges = arrays.intervals[i] ? arrays.isi_edges.length : 0;
      const part = (array, start, count, change) => Array.from(array.subarray(start, start + count), change);
      found.set(number, {
        start: arrays.start[i], stop: arrays.stop[i], bin: arrays.bin[i], peak: arrays.peak[i], nodes,
        exact: arrays.exact[i] === 1,
        hz: part(arrays.curve, point, points, (level) => (level / levels) * arrays.peak[i]),
        rates: part(arrays.step_spikes, step, steps, (spikes) => spikes / arrays.seconds[i]),
        shares: part(arrays.step_nodes, step, steps, (count) => count / nodes),
        isi: part(arrays.isi, edge, edges, (share) => share / shares),
        edges: arrays.isi_edges,
      });
      point += points;
      step += steps;
      edge += edges;
    });
    return found;
  }

  /** Show the rows whose name holds what is sought and whose state is the one chosen. */
  function find() {
    const wanted = byId("find").value.normalize("NFC").toLowerCase().trim();
    const state = byId("state").value;
    let shown = 0;
    campaign.rows.forEach((row, number) => {
      const name = campaign.data.names[number].normalize("NFC").toLowerCase();
      row.hidden = !name.includes(wanted) || (state !== "" && row.dataset.state !== state);
      shown += row.hidden ? 0 : 1;
    });
    byId("shown").textContent = `${grouped(String(shown))} of ${grouped(String(campaign.rows.length))} shown`;
  }

  /** Put the numbers and pictures of another filter into the table. */
  async function showFilter(filter) {
    const { data } = campaign;
    const curves = await campaign.curves(filter);
    // The reader may have chosen again while the curves were unpacked.
    if (Number(byId("filter").value) !== filter) return;
    campaign.filter = filter;
    byId("chosen-filter").textContent = data.filters[filter];
    byId("chosen-group").textContent = data.texts[filter];
    campaign.rows.forEach((row, number) => {
      showNumbers(row, data.values[filter][number]);
      const kept = filter === 0 && row.first;
      row.spark.replaceChildren(...(kept ? row.first.spark : sparkline(curves?.get(number))));
      row.thumb.replaceChildren(...(kept ? row.first.thumb : picture(data.thumbnails[filter]?.[number], data.names[number])));
      row.spark.dataset.value = kept ? row.first.peak : (curves?.get(number)?.peak ?? "");
    });
    showScale();
    sortAgain();
    changed();
  }

  /** Keep the table sorted by the column that it was sorted by, of which the numbers are others now. */
  function sortAgain() {
    const table = byId("table");
    const heads = [...table.tHead.rows[0].cells];
    const column = heads.findIndex((head) => head.hasAttribute("aria-sort"));
    if (column >= 0) spikelib.table.sort(table, column, heads[column].getAttribute("aria-sort") === "ascending" ? 1 : -1);
  }

  function showNumbers(row, values) {
    row.numbers.forEach((cell, i) => {
      const value = values ? values[i] : null;
      cell.textContent = campaign.write(value, campaign.data.measures[i].form);
      if (value === null) delete cell.dataset.value;
      else cell.dataset.value = value;
    });
  }

  function sparkline(curve) {
    if (!curve) return [];
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${curve.hz.length} ${SPARK_HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `Firing rate, ${curve.start} ms to ${curve.stop} ms, highest ${significant(curve.peak, 3)} Hz`);
    const path = document.createElementNS(SVG, "path");
    const heights = curve.hz.map((rate) => SPARK_HEIGHT - Math.round((SPARK_HEIGHT * rate) / (curve.peak || 1)));
    path.setAttribute("d", `M0 ${SPARK_HEIGHT}${heights.map((height) => `V${height}h1`).join("")}V${SPARK_HEIGHT}z`);
    svg.append(path);
    const peak = document.createElement("span");
    peak.className = "peak";
    peak.textContent = significant(curve.peak, 3);
    return [svg, peak];
  }

  function picture(png, name) {
    if (!png) return [];
    const image = new Image(96, 40);
    image.alt = `Raster of ${name}`;
    image.src = `data:image/png;base64,${png}`;
    return [image];
  }

  /** Draw all curves to the scale of the highest peak, or each to its own. */
  function showScale() {
    const common = byId("scale").value === "common";
    const highest = Math.max(...campaign.rows.map((row) => Number(row.spark.dataset.value) || 0));
    for (const { spark } of campaign.rows) {
      const share = common && highest ? Number(spark.dataset.value) / highest : 1;
      spark.querySelector("path")?.setAttribute("transform", `matrix(1 0 0 ${share} 0 ${SPARK_HEIGHT * (1 - share)})`);
    }
  }

  function choose(number, ticked) {
    campaign.chosen = campaign.chosen.filter((other) => other !== number);
    if (ticked) campaign.chosen.push(number);
    campaign.rows[number].classList.toggle("chosen", ticked);
    changed();
  }

  campaign.chooseNone = () => {
    for (const number of campaign.chosen) {
      campaign.rows[number].querySelector(".choose").checked = false;
      campaign.rows[number].classList.remove("chosen");
    }
    campaign.chosen = [];
    changed();
  };

  /** Show what the form says: after "Back", some browsers fill it in as it was left, and the page itself is new. */
  function followForm() {
    campaign.rows.forEach((row, number) => {
      const ticked = Boolean(row.querySelector(".choose")?.checked);
      if (ticked !== campaign.chosen.includes(number)) choose(number, ticked);
    });
    find();
    const filter = Number(byId("filter")?.value ?? 0);
    if (filter === campaign.filter) showScale();
    else showFilter(filter);
  }

  function begin() {
    for (const element of document.querySelectorAll(".script-only")) element.hidden = false;
    for (const element of document.querySelectorAll(".no-script")) element.hidden = true;
    for (const row of document.querySelectorAll("#table tbody tr")) {
      const number = Number(row.dataset.row);
      row.numbers = [...row.cells].slice(-campaign.data.measures.length);
      row.spark = row.querySelector(".spark");
      row.thumb = row.querySelector(".thumb");
      row.first = { spark: [...row.spark.childNodes], thumb: [...row.thumb.childNodes], peak: row.spark.dataset.value };
      row.querySelector(".choose")?.addEventListener("change", (event) => choose(number, event.target.checked));
      campaign.rows[number] = row;
    }
    byId("find").addEventListener("input", find);
    byId("state").addEventListener("change", find);
    byId("scale").addEventListener("change", showScale);
    byId("filter")?.addEventListener("change", (event) => showFilter(Number(event.target.value)));
    find();
    addEventListener("pageshow", followForm);
  }

  begin();
})();
