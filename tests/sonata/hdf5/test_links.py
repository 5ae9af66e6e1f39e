"""Links lead to what they name, within the folders of the simulation, or are refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import pytest

from spikelib.errors import SpikeFileError
from spikelib.sonata.hdf5.links import Borders, member, members
from spikelib.sonata.limits import Limits, set_limits
from tests.sonata.hdf5.writing import refuse, write_plain

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file with the links is, in a folder of its own."""
    (tmp_path / "run").mkdir()
    return tmp_path / "run" / "s.h5"


def names(path: Path, borders: Borders | None = None) -> list[str]:
    with h5py.File(path) as file:
        return [str(node.name) for _, node in members(file, "", borders or Borders(), refuse)]


def test_links_that_lead_somewhere(path: Path) -> None:
    write_plain(path.with_name("other.h5"))
    with h5py.File(path, "w") as file:
        file["a"] = 1
        file["b"] = file["a"]
        file["c"] = h5py.SoftLink("a")
        file["d"] = h5py.ExternalLink("other.h5", "/spikes/b")
    assert names(path) == ["/a", "/b", "/c", "/spikes/b"]


@pytest.mark.parametrize(
    ("link", "says"),
    [
        (h5py.SoftLink("/none/there"), "the link /x leads to /none/there, which is not there"),
        (h5py.SoftLink("/x"), "the link /x leads to /x, which leads on without an end"),
        (
            h5py.ExternalLink("gone.h5", "/spikes"),
            r"the link /x, to /spikes of gone\.h5, leads to .*gone\.h5, which is not",
        ),
        (
            h5py.ExternalLink("other.h5", "/none"),
            r"the link /x, to /none of other\.h5, cannot be followed: there is no",
        ),
        (
            h5py.ExternalLink("s.h5", "/x"),
            r"the link /x, to /x of s\.h5, and on to /x of s\.h5 leads to /x, which leads on without an end",
        ),
        (h5py.ExternalLink("text.h5", "/x"), r"the link /x, to /x of text\.h5, cannot be followed"),
        (
            h5py.ExternalLink("../outside.h5", "/spikes"),
            r"leads to .*outside\.h5, outside the folders of the simulation",
        ),
        (h5py.ExternalLink("/etc/hostname", "/spikes"), "leads to /etc/hostname, outside the folders"),
        (h5py.ExternalLink("symlink.h5", "/spikes"), r"leads to .*outside\.h5, outside the folders"),
    ],
)
def test_links_that_lead_nowhere_or_outside(path: Path, link: object, says: str) -> None:
    write_plain(path.with_name("other.h5"))
    write_plain(path.parent.parent / "outside.h5")
    path.with_name("symlink.h5").symlink_to("../outside.h5")
    path.with_name("text.h5").write_text("text")
    with h5py.File(path, "w") as file:
        file["x"] = link
    with pytest.raises(SpikeFileError, match=says):
        names(path)


def test_folders_that_are_allowed(path: Path) -> None:
    write_plain(path.parent.parent / "outside.h5")
    with h5py.File(path, "w") as file:
        file["x"] = h5py.ExternalLink("../outside.h5", "/spikes/a")
    assert names(path, Borders((path.parent.parent,))) == ["/spikes/a"]
    with set_limits(Limits(allow_outside=(path.parent.parent,))):
        assert names(path) == ["/spikes/a"]
    says = (
        rf"the link /x, to /spikes/a of \.\./outside\.h5, .* or allow its folder: --allow-outside {path.parent.parent}$"
    )
    with pytest.raises(SpikeFileError, match=says):
        names(path)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        (
            h5py.SoftLink("/deep/hidden/spikes"),
            r"the link /x, to / of \.\./outside\.h5, leads to .*outside the folders",
        ),
        (
            h5py.ExternalLink("way.h5", "on/spikes"),
            r"the link /x, to on/spikes of way\.h5, and on to / of \.\./outside",
        ),
        (
            h5py.ExternalLink("way.h5", "ok/none"),
            r"the link /x, to ok/none of way\.h5, and on .*there is no such place",
        ),
        (h5py.SoftLink("/deep/hidden2/none"), r"the link /x, to / of inside\.h5, cannot be followed: there is no such"),
        (h5py.SoftLink("deep/array/none"), "the link /x leads to deep/array/none, which is not there"),
    ],
)
def test_ways_through_other_links(path: Path, link: object, says: str) -> None:
    """HDF5 would open each file on the way; none is opened that lies outside."""
    write_plain(path.parent.parent / "outside.h5")
    write_plain(path.with_name("inside.h5"))
    with h5py.File(path.with_name("way.h5"), "w") as file:
        file["on"] = h5py.ExternalLink("../outside.h5", "/")
        file["ok"] = h5py.ExternalLink("inside.h5", "/")
    with h5py.File(path, "w") as file:
        file["deep/array"] = 1
        file["deep/hidden"] = h5py.ExternalLink("../outside.h5", "/")
        file["deep/hidden2"] = h5py.ExternalLink("inside.h5", "/")
        file["x"] = link
    with pytest.raises(SpikeFileError, match=says):
        names(path)


def test_other_members_do_not_matter_to_one(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["spikes"] = 1
        file["notes"] = h5py.ExternalLink("/etc/hostname", "/x")
    with h5py.File(path) as file:
        assert member(file, "spikes", "/spikes", Borders(), refuse)[()] == 1
        assert member(file, "none", "/none", Borders(), refuse) is None
        with pytest.raises(SpikeFileError, match="the link /notes, to /x of /etc/hostname, leads to"):
            member(file, "notes", "/notes", Borders(), refuse)


def test_absolute_link_of_a_folder_that_moved(path: Path) -> None:
    """HDF5 looks for the last part of it beside the file, and the link leads to that."""
    write_plain(path.with_name("other.h5"))
    with h5py.File(path, "w") as file:
        file["x"] = h5py.ExternalLink("/gone/other.h5", "/spikes/a")
    assert names(path) == ["/spikes/a"]


def test_parts_beside_the_file_that_a_link_of_the_file_system_stands_for(path: Path) -> None:
    (path.parent.parent / "disk").mkdir()
    real = path.parent.parent / "disk/s.h5"
    write_plain(real.with_name("other.h5"))
    with h5py.File(real, "w") as file:
        file["x"] = h5py.ExternalLink("other.h5", "/spikes/a")
    path.symlink_to(real)
    assert names(path) == ["/spikes/a"]


def test_file_found_in_the_current_folder_is_not_taken_for_that_beside(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plain(path.parent.parent / "other.h5")
    monkeypatch.chdir(path.parent.parent)
    with h5py.File(path, "w") as file:
        file["x"] = h5py.ExternalLink("other.h5", "/spikes")
    with pytest.raises(SpikeFileError, match=r"other\.h5, which is not there; copy it to that place"):
        names(path)


def test_link_to_a_file_that_crashes_hdf5(path: Path) -> None:
    from tests import PROJECT

    content = (PROJECT / "tests/data/bad/crash_one_byte.h5").read_bytes()
    path.with_name("bad.h5").write_bytes(content)
    with h5py.File(path, "w") as file:
        file["x"] = h5py.ExternalLink("bad.h5", "/spikes")
    with pytest.raises(SpikeFileError, match="cannot be followed: HDF5 crashes when it reads this file"):
        names(path)
