"use strict";
/* Light, dark, or as the system has it. Runs in the head, so that a page never flashes in the wrong colours. */
(() => {
  const KEY = "spikelib-theme";
  const ORDER = ["auto", "light", "dark"];
  const root = document.documentElement;

  /** What the reader chose before; pages opened from the disk may have no storage. */
  const stored = () => {
    try {
      const found = localStorage.getItem(KEY);
      return ORDER.includes(found) ? found : "auto";
    } catch {
      return "auto";
    }
  };

  const store = (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // The choice then lasts as long as the page.
    }
  };

  const tell = () => document.dispatchEvent(new Event("themechange"));

  const apply = (theme) => {
    if (theme === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
  };

  const addButton = (place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "theme";
    const word = document.createElement("span");
    word.textContent = "Theme: ";
    const write = () => {
      const now = root.getAttribute("data-theme") ?? "auto";
      button.replaceChildren(word, now);
      button.setAttribute("aria-label", `Theme: ${now}`);
    };
    button.addEventListener("click", () => {
      const now = root.getAttribute("data-theme") ?? "auto";
      const next = ORDER[(ORDER.indexOf(now) + 1) % ORDER.length];
      apply(next);
      store(next);
      write();
      tell();
    });
    write();
    place.append(button);
  };

  apply(stored());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".theme-place").forEach(addButton));
})();
