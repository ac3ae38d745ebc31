"""LaLiGAN on chaotic data: what is confirmed, where there is nothing?

python benchmarks/methods/chaotic_control.py --data-seeds 10
"""

from __future__ import annotations

from latent_runs import main

if __name__ == "__main__":
    main("chaotic-control", "chaotic_control", {})
