"""Spike files: verified chunks in order, windows of them, and the audit of what was read."""
