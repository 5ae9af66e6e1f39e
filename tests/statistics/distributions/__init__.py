"""Tests of the figures: artists and pixels are read back."""
