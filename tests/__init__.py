"""Tests: a folder for each package, and parity, robustness and project for what cuts across."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).parents[1]
"""The checkout."""
