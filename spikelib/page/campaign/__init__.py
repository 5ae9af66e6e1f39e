"""The page of a campaign: one row for each simulation."""
