"""Removing results and logs of simulations that a campaign no longer holds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from spikelib.campaign.record import read_campaign
from spikelib.errors import ConfigError, SpikelibError
from spikelib.results import SimulationResults

if TYPE_CHECKING:
    from pathlib import Path


def remove_obsolete(campaign: Path, results: Path, logs: Path) -> list[str]:
    """Remove results and logs of the simulations that a campaign no longer holds.

    Parameters
    ----------
    campaign
        What `spikelib.campaign.record.write_campaign` wrote. A simulation that is waiting or broken is still in the
        campaign.
    results
        Folder of results; a folder in it without ``description.json``, ``report.html`` or ``filters`` is left alone.
    logs
        Folder of logs.

    Returns
    -------
    list of str
        Names of the simulations whose results were removed, sorted.

    Raises
    ------
    ConfigError
        The campaign file cannot be read: nothing is removed then.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.campaign.record import Member, write_campaign
    >>> with TemporaryDirectory() as folder:
    ...     record, results = Path(folder, "campaign.json"), Path(folder, "results")
    ...     write_campaign(record, {}, [Member("kept")])
    ...     for name in ("kept", "departed"):
    ...         SimulationResults(results / name).filters.mkdir(parents=True)
    ...     remove_obsolete(record, results, Path(folder, "logs"))
    ['departed']
    """
    try:
        names = {member.name for member in read_campaign(campaign).members}
    except (OSError, SpikelibError) as error:
        msg = f"{campaign}: does not say what the campaign holds, so no results are removed; run the workflow first"
        raise ConfigError(msg) from error
    # An empty campaign is rather a mistake in the config than the wish to lose all results.
    if not names:
        return []
    gone = sorted(
        path.name
        for path in results.glob("*/")
        if path.name not in names and not path.is_symlink() and _is_simulation(SimulationResults(path))
    )
    for name in gone:
        shutil.rmtree(results / name)
        for link in results.iterdir():
            if link.is_symlink() and link.readlink().name == name and "{" in link.name:
                link.unlink()
        for folder in (*logs.glob("*/"), *logs.glob("benchmarks/*/")):
            shutil.rmtree(folder / name, ignore_errors=True)
            for suffix in (".log", ".tsv"):
                (folder / f"{name}{suffix}").unlink(missing_ok=True)
    return gone


def _is_simulation(files: SimulationResults) -> bool:
    return any(path.exists() for path in (files.description, files.page, files.filters))
