"""LaLiGAN on a rotation behind a random map to 100 dimensions: what is confirmed?

python benchmarks/methods/warped_oscillator_100.py --data-seeds 10
"""

from __future__ import annotations

from latent_runs import main

if __name__ == "__main__":
    main("warped-oscillator", "warped_oscillator_100", {"dataset.dimension": 100})
