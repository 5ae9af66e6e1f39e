"""Tests of spikelib.sonata."""
