"""The page of one simulation."""
