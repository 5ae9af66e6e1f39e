"""Spike reports of neural simulators: tables, statistics, pictures and one HTML page."""

__version__ = "0.1.0"
