"use strict";
(() => {
  /** An element with attributes, and with texts or other elements in it: never HTML. */
  spikelib.make = (name, attributes = {}, ...content) => {
    const element = document.createElement(name);
    // What a browser remembers of a form must not come back beside what the page shows anew.
    if (name === "input" || name === "select") element.autocomplete = "off";
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value !== null) element.setAttribute(key, value);
    }
    element.append(...content);
    return element;
  };

  /** A button with a text, or a sign, and with what it does in words. */
  spikelib.button = (text, title, onclick) => spikelib.make("button", { type: "button", title, onclick }, text);

  /** Hand a file to the reader. */
  spikelib.download = (blob, name) => {
    const address = URL.createObjectURL(blob);
    spikelib.make("a", { href: address, download: name }).click();
    // Some browsers begin to read only after the click has been dealt with.
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
})();
