"""Is it real: tests of a discovered symmetry on rows that training never saw."""
