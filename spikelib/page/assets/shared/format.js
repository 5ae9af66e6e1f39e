"use strict";
(() => {
  /** Numbers, ranges and names as text: always with a point as decimal sign, whatever the reader's language. */
  const format = (spikelib.format = {});

  const grouped = (text) => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");

  /** Decimals that a step of this size needs: 0.025 -> 3, 20 -> 0. */
  format.decimals = (step) => {
    for (let decimals = 0; decimals < 9; decimals++) {
      const scaled = step * 10 ** decimals;
      if (Math.abs(scaled - Math.round(scaled)) <= 1e-6 * scaled) return decimals;
    }
    return 9;
  };

  /** A number rounded to so many decimals, without trailing zeros: 12.50 -> "12.5". */
  format.plain = (value, decimals = 6) => String(Number(value.toFixed(decimals)));

  /** A number with so many digits that count: 1234.56 -> "1,235", 0.012345 -> "0.01235"; a minus sign is a minus sign. */
  format.number = (value, digits = 4) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (value === 0) return "0";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    const size = Math.abs(value);
    const sign = value < 0 ? "−" : "";
    if (size >= 1e15 || size < 1e-6) return sign + size.toExponential(digits - 1);
    const decimals = Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
    const [whole, rest] = String(Number(size.toFixed(decimals))).split(".");
    return sign + grouped(whole) + (rest ? `.${rest}` : "");
  };

  /** A number with the decimals that a step of this size needs; thousands are set apart. */
  format.stepped = (value, step) => {
    const [whole, rest] = Math.abs(value).toFixed(format.decimals(step)).split(".");
    const text = grouped(whole) + (rest && Number(rest) ? `.${rest.replace(/0+$/, "")}` : "");
    return value < 0 && Number(text.replace(/,/g, "")) !== 0 ? `−${text}` : text;
  };

  /** "1 spike", "12,345 spikes". */
  format.count = (count, noun) => `${grouped(String(count))} ${noun}${count === 1 ? "" : "s"}`;

  /** A range of values, with as many digits as tell its ends apart: "120 to 480 ms". */
  format.range = (low, high, unit) => {
    const step = 10 ** Math.floor(Math.log10(Math.max(high - low, 1e-9)) - 3);
    const end = (value) => format.stepped(Math.round(value / step) * step, Math.min(step, 1));
    return `${end(low)} to ${end(high)}${unit ? ` ${unit}` : ""}`;
  };

  /** A text of at most so many characters, the rest told by an ellipsis. */
  format.short = (text, most) => {
    const characters = [...text];
    return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
  };

  const cell = (value) => {
    const text = String(value);
    return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replace(/"/g, '""')}"` : text;
  };

  /** Rows of cells as CSV (RFC 4180). */
  format.csv = (rows) => rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

  /** A name for a file, made of parts that may hold anything: what file systems forbid becomes "_". */
  format.fileName = (parts, suffix) => {
    const safe = parts.map((part) => {
      const kept = String(part).normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[._]+|[._]+$/g, "");
      return format.short(kept, 60).replace("…", "") || "_";
    });
    return `${safe.join("-")}.${suffix}`;
  };
})();
