"""LaLiGAN on a chaotic map: what is confirmed, where there is nothing?

python benchmarks/methods/chaotic_map.py --data-seeds 20
"""

from __future__ import annotations

from latent_runs import main

if __name__ == "__main__":
    main("chaotic-control", "chaotic_map", {"dataset.system": "henon"})
