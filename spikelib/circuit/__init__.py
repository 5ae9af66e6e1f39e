"""Which nodes there are, which of them were simulated, and what a group means."""
