"""Problems of the benchmark suite, by family."""
