"""The benchmark suite: every method on problems of which the whole symmetry is known."""
