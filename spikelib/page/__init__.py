"""The HTML pages: one self-contained file for each simulation, and one for the campaign.

A page takes files and JSON and computes nothing scientific: every number on it stands in the
description of the source or in a filter's ``statistics.json``.
"""
