"""LaLiGAN on a pendulum: what trajectories keep, in the coordinates of every seed.

python benchmarks/methods/pendulum.py
"""

from __future__ import annotations

from latent_runs import main

if __name__ == "__main__":
    main("pendulum", "pendulum", {})
