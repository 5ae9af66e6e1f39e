"""Nodes files, node types, node sets, and the groups of nodes that queries mean."""
