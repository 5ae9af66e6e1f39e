"""The charts of a page, handled as a reader handles them."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
from PIL import Image

from tests.page.chromium import download

SVG = "{http://www.w3.org/2000/svg}"


class Charts:
    """The charts of one filter of an open page."""

    def __init__(self, page, index=0):
        self.page = page
        self.section = page.locator("section.filter").nth(index)
        self.section.locator(".plots").scroll_into_view_if_needed()
        self.section.locator("[data-plot=rates] .u-over").wait_for()

    def figure(self, kind):
        return self.section.locator(f"[data-plot={kind}]")

    def area(self, kind):
        """Return the box between the axes of a chart: left, top, width, height in the window."""
        over = self.figure(kind).locator(".u-over")
        over.scroll_into_view_if_needed()
        box = over.bounding_box()
        return box["x"], box["y"], box["width"], box["height"]

    def at(self, kind, across, up):
        """Return the point at these shares of the width and, from the bottom, of the height of a chart."""
        left, top, width, height = self.area(kind)
        return left + across * width, top + (1 - up) * height

    def hover(self, kind, across, up=0.5):
        self.page.mouse.move(*self.at(kind, across, up))
        return self.readout(kind)

    def readout(self, kind):
        return self.figure(kind).locator(".chart-readout").text_content()

    def drag(self, kind, start, end):
        self.page.mouse.move(*self.at(kind, *start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(kind, *end), steps=8)
        self.page.mouse.up()
        self.settle()

    def settle(self):
        """Wait until what was asked for is drawn."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def view(self, kind):
        self.settle()
        return self.figure(kind).locator("output").text_content()

    def time(self, kind):
        """Return the range of time that a chart says it shows, ms."""
        return numbers(self.view(kind).split(" ms")[0])

    def press(self, kind, name, times=1):
        for _ in range(times):
            self.figure(kind).get_by_role("button", name=name, exact=True).click()
        self.settle()

    def save(self, kind, form, folder):
        name = "Save the data in view as CSV" if form == "CSV" else f"Save the chart as {form}"
        return download(self.page, self.figure(kind).get_by_role("button", name=name), folder)

    def table(self, kind, folder):
        """Save what is in view as CSV and read it: header and rows."""
        with self.save(kind, "CSV", folder).open(newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        return head, rows


def numbers(text):
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*", text)]


def columns(rows, first=0, last=None):
    return np.array([row[first:last] for row in rows], float).T


def chart_colours(page, kind="raster"):
    """Return the share of a chart's pixels that have each colour."""
    stage = page.locator(f"[data-plot={kind}] .chart-stage").first
    with Image.open(io.BytesIO(stage.screenshot())) as image:
        found, counts = np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0, return_counts=True)
    return {"#{:02x}{:02x}{:02x}".format(*colour): count for colour, count in zip(found, counts, strict=True)}


def css_colour(page, name):
    return page.evaluate(
        f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim().toLowerCase()"
    )


def colour_at(charts, kind, across, up):
    """Return the colour of one pixel of a chart as it is on the screen."""
    left, top = (int(place) for place in charts.at(kind, across, up))
    shot = charts.page.screenshot(clip={"x": left, "y": top, "width": 1, "height": 1})
    with Image.open(io.BytesIO(shot)) as image:
        return "#{:02x}{:02x}{:02x}".format(*image.convert("RGB").getpixel((0, 0)))


def quoted(name):
    """Quote a text for a CSS selector."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")
    return f'"{escaped}"'
