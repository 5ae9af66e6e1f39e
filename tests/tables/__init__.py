"""Tests of the Parquet tables."""
