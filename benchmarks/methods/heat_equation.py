"""Whole runs of atlasd on films of heat that spreads: rotations and reflections of patches.

Rows are those of cosets.py. With ``chirality`` reflections are no symmetries: a mirror changes what
happens in the first step by more than a third of it where that is 0.5, and by a fifth where it is
0.25.

python benchmarks/methods/heat_equation.py --data-seeds 5
python benchmarks/methods/heat_equation.py --near-misses --data-seeds 5
"""

from __future__ import annotations

from cosets import Problem, main

TRUE = (Problem("heat-equation"),)
NEAR_MISSES = (
    Problem("heat-equation", {"chirality": 0.5}),
    Problem("heat-equation", {"chirality": 0.25}),
)

if __name__ == "__main__":
    main("heat_equation", TRUE, NEAR_MISSES)
