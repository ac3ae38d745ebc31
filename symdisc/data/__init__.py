"""Data in: readers, checks, windows and splits, and the one checked form they all lead to."""
