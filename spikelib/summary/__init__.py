"""Summaries: everything that figures and pages show, added up in one pass and mergeable exactly."""
