"""LaLiGAN on Lotka-Volterra: what trajectories keep, in the coordinates of every seed.

python benchmarks/methods/lotka_volterra.py
"""

from __future__ import annotations

from latent_runs import main

if __name__ == "__main__":
    main("lotka-volterra", "lotka_volterra", {})
