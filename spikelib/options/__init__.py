"""Sections of a config, read and checked, as frozen values."""
