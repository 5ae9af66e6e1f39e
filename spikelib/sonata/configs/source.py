"""What a user names as the source: a simulation config, the folder that holds it, or a bare spike file."""

from __future__ import annotations

from pathlib import Path

from spikelib.errors import ConfigError, MissingFileError, SpikeFileError, SpikelibError
from spikelib.files import special_kind
from spikelib.sonata.configs.json_file import read_json
from spikelib.sonata.configs.simulation_config import SimulationConfig, bare_simulation, load_simulation
from spikelib.sonata.hdf5.opening import check_content, has_signature


def load_source(path: str | Path) -> SimulationConfig:
    """Open what the user names: a simulation config, or a bare spike file.

    Parameters
    ----------
    path
        A JSON file, or a file that is HDF5 by its first bytes or by its suffix ``.h5`` or ``.hdf5``.

    Raises
    ------
    MissingFileError
        There is no such file.
    ConfigError
        The path is a folder, or the config is wrong.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     spikes = write_demo(folder).with_name("output") / "spikes.h5"
    ...     config = load_source(spikes)
    >>> config.output.spikes_file.name, config.circuit, config.tstop
    ('spikes.h5', None, None)
    """
    path = _config_of_folder(Path(path))
    if special := special_kind(path):
        msg = f"{path}: this is {special}, not a file; name a simulation config (.json) or a spike file (.h5)"
        raise ConfigError(msg)
    if not path.is_file():
        msg = f"{path}: there is no such file; name a simulation config (.json) or a spike file (.h5)"
        raise MissingFileError(msg)
    if path.suffix.lower() in {".h5", ".hdf5"} or has_signature(path):
        return bare_simulation(path)
    if path.suffix.lower() != ".json" and not _begins_like_json(path):
        # Read as a spike file, so that what it is instead gets its own words.
        check_content(path, "spike file", lambda reason, remedy: SpikeFileError(f"{path}: {reason}; {remedy}"))
    return load_simulation(path)


def _config_of_folder(path: Path) -> Path:
    """Return the one simulation config of a folder, and what is no folder as it is."""
    if not path.is_dir():
        return path
    found = sorted(item for item in path.glob("*.json") if _names_a_run(item))
    if len(found) == 1:
        return found[0]
    listed = (
        f"several simulation configs: {', '.join(item.name for item in found[:5])}" if found else "no simulation config"
    )
    msg = f"{path}: this is a folder that holds {listed}; name the simulation config or the spike file inside it"
    raise ConfigError(msg)


def _names_a_run(path: Path) -> bool:
    try:
        content, _ = read_json(path, "simulation config")
    except SpikelibError:
        return False
    # The form of Allen names the two other configs.
    return isinstance(content, dict) and ("run" in content or {"simulation", "network"} <= content.keys())


def _begins_like_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
