"""What each finding means for the results, and what to do about it, by its kind."""

from __future__ import annotations

from dataclasses import dataclass

from spikelib.findings import REASONS, Kind

__all__ = ["ADVICE", "Advice", "rejection_advice"]


@dataclass(frozen=True)
class Advice:
    """Two sentences beside a finding."""

    meaning: str
    """What it means for the tables, numbers and pictures."""
    remedy: str
    """What to do, or that nothing needs to be done."""


ADVICE: dict[str, Advice] = {
    "not_conserved": Advice(
        "Spikes were lost or made up on the way: no number on this page can be trusted.",
        "Report this to the authors of spikelib, with the file if you can.",
    ),
    "no_spikes": Advice(
        "No node of this population fired, or its spikes were not recorded. All its rates are zero.",
        "If it should have fired, look at its input and at which populations the simulator was told to record.",
    ),
    Kind.SORTING_CLAIM_FALSE: Advice(
        "The numbers here are right, because spikelib sorted the spikes itself. Software that believes the claim "
        "and searches the file for a window of time reads the wrong spikes.",
        "Correct the attribute “sorting” in the file, or hand on the tables that spikelib wrote.",
    ),
    "end_unknown": Advice(
        "Rates are spikes per length of the window; without a known end, the window ends with the last spike, "
        "so that rates come out a little too high if the nodes fell silent before the run ended.",
        "Give the simulation config (run.tstop), or end the filter with t_stop.",
    ),
    "after_end": Advice(
        "The spike file does not fit the config: it holds a longer run, or the config was edited later. "
        "These spikes count, and the window is longer for them.",
        "Look whether config and spike file are of the same run. To leave the spikes out, set t_stop in the filter.",
    ),
    "before_start": Advice(
        "The spike file does not fit the config’s start. These spikes count, and the window begins with them.",
        "Look whether config and spike file are of the same run. To leave the spikes out, set t_start in the filter.",
    ),
    "duplicates": Advice(
        "A neuron cannot fire twice at one moment, but simulators write such pairs: recorded by two processes, two "
        "runs in one file, or times rounded to a coarse step. Each counts, and adds an interval of 0 ms.",
        "If there are many, look whether the output of several processes or runs was joined.",
    ),
    Kind.UNITS_MISSING: Advice(
        "SONATA asks for a unit, and ms is what nearly all simulators write. If these were seconds, all rates "
        "would be too high by a factor of 1,000.",
        "Compare the first and the last spike with the length of the run; if they fit, nothing needs to be done.",
    ),
    Kind.UNITS_CONVERTED: Advice(
        "All times on this page are in ms.",
        "Nothing needs to be done; mind the unit if you read the spike file with other software.",
    ),
    Kind.UNITS_UNKNOWN: Advice(
        "The file names its unit in a word that spikelib does not know, and the times were taken as ms.",
        "Compare the first and the last spike with the length of the run.",
    ),
    Kind.POPULATION_MISNAMED: Advice(
        "Names must be equal for spikes and nodes to belong together. These spikes have no properties and no silent "
        "nodes beside them, and the population of the circuit counts as silent.",
        "If one population is meant, rename it in the spike file or in the circuit config; if all are, have the "
        "simulator write each population by its own name.",
    ),
    Kind.NODE_IDS_UNUSUAL: Advice(
        "SONATA asks for node ids from 0 to N - 1 in this order. Simulators take other ids either as the names of the "
        "nodes or not at all; the spikes tell which was meant, and properties are those of that reading.",
        "Nothing needs to be done if the reading named here is right; else correct node_id in the nodes file.",
    ),
    Kind.RUN_VALUE_WRONG: Advice(
        "The run cannot have ended then, or had such a time step; the value was not used. Without an end, windows end "
        "with the last spike.",
        "Correct the value under “run” in the simulation config.",
    ),
    "size_unknown": Advice(
        "Nodes that never fired are not counted: shares of active nodes and rates are upper limits.",
        "Name the circuit’s nodes file in the circuit config.",
    ),
    "no_circuit": Advice(
        "Nodes that never fired are not counted: shares of active nodes and rates are upper limits. Node sets and "
        "properties cannot select from this population.",
        "Give the simulation config instead of the bare spike file, or add the population to the circuit config.",
    ),
    Kind.NO_CONFIG: Advice(
        "Circuit, stimuli and the length of the run are unknown: silent nodes are not counted, and the window "
        "ends with the last spike.",
        "Give spikelib the simulation config if there is one.",
    ),
    Kind.KEY_REPEATED: Advice(
        "JSON lets the later one win, and so did most other software that read this file.", "Remove one."
    ),
    Kind.BMTK_COPY: Advice(
        "BMTK leaves a copy of the config, with other base paths, in the output folder.",
        "Nothing needs to be done if the paths are right; else name the original config.",
    ),
    Kind.VARIABLE_UNDEFINED: Advice(
        "Paths with this variable could not be resolved.", "Define the variable in the config’s manifest."
    ),
    Kind.CIRCUIT_MISSING: Advice(
        "Without a circuit, silent nodes are unknown, filters cannot use node sets or properties, and there is "
        "no animation.",
        "Name the circuit config under “network”.",
    ),
    Kind.CIRCUIT_ASSUMED: Advice(
        "The config names no circuit; the one with the default name was taken.",
        "If that is the right circuit, nothing needs to be done; else name it under “network”.",
    ),
    Kind.FILE_MISSING: Advice(
        "What stands in that file is unknown to this page; all else is as usual.",
        "Copy the file to where the config says, or correct the path.",
    ),
    Kind.RUN_VALUE_MISSING: Advice(
        "The run’s length or time step is unknown. Without an end, windows end with the last spike.",
        "Add the value to “run” in the simulation config.",
    ),
    Kind.OUTPUT_ASSUMED: Advice(
        "The config does not say where its output lies; the default place was used.",
        "If that is the output of this simulation, nothing needs to be done; else name it under “output”.",
    ),
    Kind.WINDOWS_PATH: Advice(
        "A path with backslashes was translated.",
        "Nothing needs to be done if the right file was found.",
    ),
    Kind.OLD_LAYOUT: Advice(
        "The file is older than SONATA 0.1’s populations, so its spikes belong to a population without a name.",
        "Nothing needs to be done.",
    ),
    Kind.NO_DATASETS: Advice(
        "The simulator made a place for this population and wrote no spikes into it.",
        "Nothing needs to be done if the population was silent.",
    ),
    Kind.SORTING_UNKNOWN: Advice(
        "The file names an order that spikelib does not know; the spikes were looked at and sorted if needed.",
        "Nothing needs to be done.",
    ),
    Kind.SORT_ORDER_UNKNOWN: Advice(
        "The config names an order that spikelib does not know; what counts is the order found in the file.",
        "Nothing needs to be done.",
    ),
    Kind.DUPLICATES_UNCOUNTED: Advice(
        "The report is in no order and too large to sort in memory here: there may be more duplicates.",
        "Run `spikelib extract`, which counts them all.",
    ),
    Kind.BMTK_ORIGIN_MISSING: Advice(
        "BMTK wrote the config for another folder, so paths were read from the folder that holds it now.",
        "Look whether the right files were found; else name the original config.",
    ),
    Kind.NODES_FILE_UNNAMED: Advice(
        "The circuit is empty: silent nodes are unknown, and filters cannot use node properties.",
        "Name the nodes files under “networks” in the circuit config.",
    ),
    Kind.NODE_SET_IGNORED: Advice(
        "Which nodes were simulated is unknown to this page; all nodes of the circuit count.",
        "Write the name of one node set, in quotes, under “node_set”.",
    ),
    Kind.NODES_UNKNOWN: Advice(
        "Nodes that never fired are not counted: there is no share of active nodes, and rates are upper limits.",
        "Give the simulation config instead of the bare spike file, or add the population to the circuit config.",
    ),
    Kind.SELECTS_NO_NODES: Advice(
        "The filter’s group has no node that the run simulated, so all its numbers are of nothing.",
        "Correct the group, or remove the filter.",
    ),
    Kind.SELECTS_NO_SPIKES: Advice(
        "The nodes are there, and were silent: rates are 0, and there is nothing to draw.",
        "If they should have fired, look at the window, at the stimulus, and at the simulator’s log.",
    ),
    Kind.WINDOW_OUTSIDE_RUN: Advice(
        "Outside of the run nothing was simulated: what looks like silence there, and lower rates, say nothing of the "
        "network.",
        "Correct t_start and t_stop, in ms.",
    ),
    Kind.WINDOW_IN_SECONDS: Advice(
        "Times of filters are ms.", "If the window is meant so, nothing needs to be done; else multiply by 1,000."
    ),
    Kind.WINDOW_WIDENED: Advice(
        "Some spikes lie outside of the run that the config gives, and the window was widened to hold them.",
        "Look whether the spike file belongs to this config; t_start and t_stop of the filter set its window.",
    ),
    Kind.CLASSES_UNKNOWN: Advice(
        "Numbers are those of whole populations, where classes of nodes were asked for.",
        "Choose properties that the circuit has (`classes` in the config), or add them to its nodes files.",
    ),
    Kind.CV_OF_FEW: Advice(
        "CVs are those of the nodes that fire most: of short trains a CV says nothing, and they are left out.",
        "Simulate for longer; or lower `statistics.cv_min_intervals`, and mind that short trains look regular.",
    ),
    Kind.TRANSIENT: Advice(
        "The network settles first: rates and synchrony of the whole window mix two states.",
        "Give the filter a t_start that leaves the beginning out.",
    ),
    Kind.OTHER: Advice(
        "spikelib had to assume something that the files do not say clearly.",
        "If the assumption is right, nothing needs to be done; if not, correct the file that is named.",
    ),
}
"""Kind of a finding, or name of a check that failed -> advice."""

_CAUSES = {
    "solver_diverged": "A time that is infinite or not a number comes from a solver that diverged, or from a damaged "
    "file.",
    "time_offset": "A negative time comes from an offset that was subtracted, or from a file written wrongly.",
    "other_circuit": "An id beyond the population means that spike file and circuit are not of the same simulation, "
    "or that ids count from 1.",
}
"""Cause of a `spikelib.findings.Reason` -> sentence."""


def rejection_advice(reasons: list[str]) -> Advice:
    """Return the advice on spikes that were rejected for these reasons."""
    causes = dict.fromkeys(REASONS[reason].cause for reason in reasons if reason in REASONS)
    return Advice(
        " ".join(["These spikes are in no table, number or picture.", *(_CAUSES[cause] for cause in causes)]),
        "Look at the simulator’s log and at the file; `spikelib inspect --strict` fails on such files in a script.",
    )
