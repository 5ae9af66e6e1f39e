"""Spike tables: Parquet, in canonical order, with the story of the spikes in their metadata."""
