"use strict";
(() => {
  /** Mark, in the list of sections, the one that is being read. */
  const links = new Map();
  for (const link of document.querySelectorAll(".with-nav > nav li a[href^='#']")) {
    const section = document.getElementById(link.getAttribute("href").slice(1));
    if (section) links.set(section, link);
  }

  const mark = () => {
    // The last section that begins above a line near the top of the window; at the end of the page, the last of all.
    const line = Math.min(innerHeight / 4, 160);
    const atEnd = scrollY > 0 && Math.ceil(innerHeight + scrollY) >= document.documentElement.scrollHeight;
    let current = null;
    for (const section of links.keys()) if (atEnd || section.getBoundingClientRect().top <= line) current = section;
    for (const [section, link] of links) {
      if (section === current) {
        if (!link.hasAttribute("aria-current")) show(link);
        link.setAttribute("aria-current", "true");
      } else link.removeAttribute("aria-current");
    }
  };

  /** Bring a link into sight where the list itself scrolls; the page stays where it is. */
  const show = (link) => {
    const list = link.closest("ul");
    const [inner, outer] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - 16;
  };

  /**
   * The section that was jumped to stays where it is while charts above it grow, until all has come to rest or the
   * reader moves the page.
   */
  const REST_MS = 2000;
  let aim = null;
  let resting = 0;
  const release = () => {
    aim = null;
  };
  const hold = () => {
    if (!aim) return;
    clearTimeout(resting);
    resting = setTimeout(release, REST_MS);
    aim.scrollIntoView({ block: "start", behavior: "instant" });
  };
  const aimAt = (fragment) => {
    aim = fragment.length > 1 ? document.getElementById(decodeURIComponent(fragment.slice(1))) : null;
    hold();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    // After the browser's own jump.
    if (link) requestAnimationFrame(() => aimAt(link.getAttribute("href")));
  });
  addEventListener("hashchange", () => aimAt(location.hash));
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(kind, release, { passive: true, capture: true });
  new ResizeObserver(hold).observe(document.body);
  if (location.hash) aimAt(location.hash);

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  };
  if (links.size) {
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    mark();
  }
})();
