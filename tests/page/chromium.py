"""Pages opened in a browser, watched for requests and for messages in the console."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request

DESK = (1280, 900)
PHONE = (320, 640)


class Visits:
    """All pages that one test opened."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        """Requests other than for the pages themselves, messages in the console, errors of scripts."""

    def __call__(
        self,
        path: Path,
        *,
        dark: bool = False,
        printed: bool = False,
        javascript: bool = True,
        size: tuple[int, int] = DESK,
        before: str = "",
        **context_options: Any,
    ) -> Page:
        """Open a page from the disk.

        Parameters
        ----------
        path
            The HTML file.
        dark
            Whether the reader's system is set to dark colours.
        printed
            Whether the page is laid out for paper.
        javascript
            Whether scripts run.
        size
            Width and height of the window, px.
        before
            A script that runs before those of the page, for example to take something from the browser.
        context_options
            What else Playwright's ``Browser.new_context`` takes, for example ``device_scale_factor``.
        """
        options: dict[str, Any] = {
            "color_scheme": "dark" if dark else "light",
            "java_script_enabled": javascript,
            "viewport": {"width": size[0], "height": size[1]},
            "accept_downloads": True,
        }
        context = self._browser.new_context(**(options | context_options))
        self._contexts.append(context)
        page = context.new_page()
        address = Path(path).resolve().as_uri()
        page.on("request", lambda request: self._asked(request, address))
        page.on("console", lambda message: self.complaints.append(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error of a script: {error}"))
        page.on("crash", lambda _: self.complaints.append("the page crashed"))
        if before:
            page.add_init_script(before)
        if printed:
            page.emulate_media(media="print")
        page.goto(address)
        return page

    def _asked(self, request: Request, address: str) -> None:
        inside = request.url.split("#")[0] == address or request.url.startswith(("data:", "blob:"))
        followed = request.is_navigation_request() and request.url.startswith("file:")
        if not inside and not followed:
            self.complaints.append(f"request: {request.url}")

    def close(self) -> None:
        """Close all pages; fail if one asked for anything or complained."""
        for context in self._contexts:
            context.close()
        assert not self.complaints, "; ".join(self.complaints)


def download(page: Page, button: Locator, folder: Path) -> Path:
    """Click on a button, wait for the file that it saves, and put that into the folder under the name suggested."""
    with page.expect_download() as waiting:
        button.click()
    saved = folder / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    return saved


def wait_until(page: Page, condition: str) -> None:
    """Wait until an expression of JavaScript is true; Playwright's own way is `eval`, which the policy refuses."""
    page.evaluate(
        f"""() => new Promise((done, fail) => {{
          const end = performance.now() + 30000;
          const look = () => {{
            if ({condition}) done();
            else if (performance.now() > end) fail(new Error({json.dumps(condition)}));
            else requestAnimationFrame(look);
          }};
          look();
        }})"""
    )


def violations(page: Page, within: str | None = None) -> list[str]:
    """Return what axe finds on the page, or in what a selector names, that is serious or critical: rule and place."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, within).response["violations"]
    grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [f"{rule['id']}: {node['html'][:300]}" for rule in grave for node in rule["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    """Return whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
