"""From chosen nodes to the rows, axes, positions and bins of a summary."""
