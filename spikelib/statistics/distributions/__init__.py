"""Distributions over nodes, intervals and pairs, as the figures and pages show them."""
