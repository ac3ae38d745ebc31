"""The CPU backend: C++ compiled for this machine, samples across SIMD lanes and threads."""
