"""The fuzzer: damaged and hostile variants of real files, each tried in a process of its own.

``python -m tests.fuzz`` runs it. A target (`tests.fuzz.targets`) has small whole files, changes them at random and has
spikelib read what came of it; `tests.fuzz.server` forks a process for each such mutant and tells how it ended. A
mutant is determined by its target, a seed and an index, and by nothing else.
"""
