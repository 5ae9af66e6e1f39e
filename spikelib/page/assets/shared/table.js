"use strict";
(() => {
  /**
   * Tables that sort, and that can be copied or saved. A table takes part if it has `data-name` (the name of the file
   * saved). Heads: `data-title` is the title with its unit, `.label` the part that becomes the button. Cells:
   * `data-value` is the value in full where the text is not; a dash stands last in either order.
   */
  const table = (spikelib.table = {});
  const { button } = spikelib;

  const ABSENT = /^[–-]?\w?$/;
  const shown = (cell) => getComputedStyle(cell).display !== "none";

  /** What a cell holds: a number, a text, or null. */
  table.value = (cell) => {
    const value = cell.dataset.value;
    if (value !== undefined) return value !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
    const text = cell.textContent.trim();
    if (cell.localName !== "td") return text;
    if (text.startsWith("–") && ABSENT.test(text)) return null;
    return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  };

  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true });
  };

  /** Sort the rows of a table by a column: 1 ascending, -1 descending, 0 as they were. */
  table.sort = (element, column, direction) => {
    const body = element.tBodies[0];
    const rows = [...body.rows];
    rows.forEach((row, index) => (row.dataset.place ??= index));
    const keyed = rows.map((row) => ({ row, place: Number(row.dataset.place), value: table.value(row.cells[column]) }));
    keyed.sort((a, b) => {
      if (direction === 0) return a.place - b.place;
      if (a.value === null || b.value === null) return (a.value === null) - (b.value === null) || a.place - b.place;
      return direction * compare(a.value, b.value) || a.place - b.place;
    });
    body.append(...keyed.map(({ row }) => row));
    element.classList.toggle("sorted", direction !== 0);
    [...element.tHead.rows[0].cells].forEach((head, index) => {
      if (index === column && direction) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
  };

  /** Rows of texts: titles first, then values in full; all columns or those in sight, always without hidden rows. */
  table.rows = (element, everything) => {
    const heads = [...element.tHead.rows[0].cells];
    const kept = heads.map((head, index) => index).filter((index) => everything || shown(heads[index]));
    const title = (head) => head.dataset.title ?? head.textContent.trim();
    const text = (cell) => {
      const value = table.value(cell);
      return value === null ? "" : String(cell.dataset.value ?? value);
    };
    const lines = [...element.tBodies[0].rows].filter((row) => !row.hidden);
    const used = kept.filter((index) => heads[index].dataset.title !== "");
    return [used.map((index) => title(heads[index])), ...lines.map((row) => used.map((i) => text(row.cells[i])))];
  };

  /** Rows as tab-separated text: what would break a cell becomes a space. */
  table.tsv = (rows) => rows.map((row) => row.map((text) => text.replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelecting(text);
    }
  };

  /** The way of old, for pages from the disk in browsers that have no clipboard there. */
  const copyBySelecting = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };

  const makeSortable = (element) => {
    [...element.tHead.rows[0].cells].forEach((head, column) => {
      const label = head.querySelector(".label");
      if (!label) return;
      const sorter = document.createElement("button");
      sorter.type = "button";
      sorter.className = "label sort";
      sorter.append(...label.childNodes);
      label.replaceWith(sorter);
      const first = head.classList.contains("number") ? -1 : 1;
      sorter.addEventListener("click", () => {
        const now = { ascending: 1, descending: -1 }[head.getAttribute("aria-sort")] ?? 0;
        table.sort(element, column, now === 0 ? first : now === first ? -first : 0);
      });
    });
  };

  const addTools = (element) => {
    const place =
      document.querySelector(`[data-tools="${CSS.escape(element.id || "-")}"]`) ?? document.createElement("div");
    const said = document.createElement("span");
    said.className = "said";
    said.setAttribute("role", "status");
    const name = document.querySelector("h1")?.textContent ?? "";
    place.append(
      button("Copy", "Copy the columns shown, with all digits, as tab-separated text", async () => {
        const done = await copy(table.tsv(table.rows(element, false)));
        said.textContent = done ? "Copied" : "This browser does not let the page copy";
        setTimeout(() => (said.textContent = ""), 3000);
      }),
      button("Save CSV", "Save all columns, with all digits, as a CSV file", () => {
        const text = spikelib.format.csv(table.rows(element, true));
        const file = spikelib.format.fileName([name, element.dataset.name], "csv");
        spikelib.download(new Blob([text], { type: "text/csv" }), file);
      }),
      said,
    );
    if (!place.isConnected) {
      place.className = "tools";
      (element.closest(".scroll") ?? element).before(place);
    }
  };

  /** Make a table sortable, with buttons to copy and save it. */
  table.enhance = (element) => {
    makeSortable(element);
    addTools(element);
  };

  /** "All" and "Usual" beside the boxes that choose the columns. */
  const addChoices = (choices) => {
    const boxes = [...choices.querySelectorAll("input[type=checkbox]")];
    const set = (checked) => () => boxes.forEach((box) => (box.checked = checked(box)));
    const bar = document.createElement("div");
    bar.className = "tools";
    bar.append(
      button("All columns", "Show every column", set(() => true)),
      button("The usual ones", "Show the columns that were shown at first", set((box) => box.defaultChecked)),
    );
    choices.append(bar);
  };

  document.querySelectorAll("table[data-name]").forEach(table.enhance);
  document.querySelectorAll(".choices").forEach(addChoices);
})();
