"""Finding and linking the files of results."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from spikelib.page.embed import data_uri, relative_url
from tests.page.builders import png


@pytest.mark.parametrize(
    ("target", "page", "url"),
    [
        ("r/s/a.json", "r/s/report.html", "a.json"),
        ("r/s/a b#1.json", "r/index.html", "s/a%20b%231.json"),
        ("r/s/mc0%3BRt.parquet", "pages/deep/x.html", "../../r/s/mc0%253BRt.parquet"),
        ("r/a:b.json", "r/x.html", "a%3Ab.json"),
    ],
    ids=["beside", "quoted", "percent", "colon"],
)
def test_relative_url(target, page, url):
    assert relative_url(Path(target), Path(page)) == url


def test_data_uri_holds_the_file(tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(png())
    head, _, data = data_uri(picture).partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(data) == png()
