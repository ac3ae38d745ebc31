"""Problems of the benchmark suite, by family."""

from __future__ import annotations

from symdisc import Component

PROBLEMS = [
    Component(
        "two-body",
        "symdisc_basics.problems.continuous:TwoBody",
        "SO(2) on the orbits of two bodies.",
    ),
    Component(
        "three-body",
        "symdisc_basics.problems.continuous:ThreeBody",
        "SO(2) on the orbits of three bodies.",
    ),
    Component(
        "so3-invariant", "symdisc_basics.problems.continuous:SO3Invariant", "SO(3) on two vectors."
    ),
    Component(
        "lorentz", "symdisc_basics.problems.continuous:LorentzGroup", "SO(1,3) on two momenta."
    ),
    Component(
        "scaling-ratio",
        "symdisc_basics.problems.continuous:ScalingRatio",
        "Scaling of two numbers.",
    ),
    Component(
        "o2-regression",
        "symdisc_basics.problems.discrete:O2Regression",
        "O(2): rotations and reflections.",
    ),
    Component(
        "lorentz-parity",
        "symdisc_basics.problems.discrete:LorentzParity",
        "SO(1,3) and parity, on positive energies.",
    ),
    Component(
        "lorentz-all-energies",
        "symdisc_basics.problems.discrete:LorentzAll",
        "O(1,3), all four components.",
    ),
    Component(
        "dihedral-d4", "symdisc_basics.problems.discrete:SquareGroup", "D_4, nothing continuous."
    ),
    Component("dihedral-c5", "symdisc_basics.problems.discrete:Fifths", "C_5 with scaling."),
    Component(
        "permutation-s3",
        "symdisc_basics.problems.discrete:Permutations",
        "S_3, nothing continuous.",
    ),
    Component(
        "discrete-rotation", "symdisc_basics.problems.discrete:Sevenths", "C_7, nothing continuous."
    ),
    Component(
        "pendulum",
        "symdisc_basics.problems.nonlinear:Pendulum",
        "SO(2): each state moves along its orbit.",
    ),
    Component(
        "lotka-volterra",
        "symdisc_basics.problems.nonlinear:LotkaVolterra",
        "SO(2): each state moves along its cycle.",
    ),
    Component(
        "warped-oscillator",
        "symdisc_basics.problems.nonlinear:WarpedOscillator",
        "SO(2) on two hidden coordinates.",
    ),
    Component(
        "ellipse",
        "symdisc_basics.problems.fields:Ellipse",
        "A rotation along ellipses about (1, 1).",
    ),
    Component("hyperbola", "symdisc_basics.problems.fields:Hyperbola", "A boost about (1, 1)."),
    Component(
        "cusp", "symdisc_basics.problems.fields:Cusp", "A field of degree 2, which is no matrix."
    ),
    Component(
        "quadric",
        "symdisc_basics.problems.fields:Quadric",
        "so(3) along ellipsoids, three matrices.",
    ),
    Component(
        "no-symmetry",
        "symdisc_basics.problems.negatives:NoSymmetry",
        "A generic injective function.",
    ),
    Component(
        "chaotic-lorenz", "symdisc_basics.problems.negatives:Lorenz", "A chaotic motion in time."
    ),
    Component("chaotic-henon", "symdisc_basics.problems.negatives:Henon", "A chaotic map."),
    Component(
        "generic-cubic",
        "symdisc_basics.problems.negatives:Cubic",
        "A random polynomial of degree 3 in space.",
    ),
    Component(
        "cusp-by-matrices",
        "symdisc_basics.problems.negatives:CuspByMatrices",
        "A published example that no matrix and no affine field leaves alone.",
    ),
    Component(
        "plane-cubic",
        "symdisc_basics.problems.negatives:PlaneCubic",
        "A published test that holds by construction: a random polynomial in the plane.",
    ),
    Component(
        "o2-odd-term",
        "symdisc_basics.problems.negatives:OddTerm",
        "SO(2) is left of O(2): a term that reflections change.",
    ),
    Component(
        "lorentz-handed",
        "symdisc_basics.problems.negatives:Handed",
        "SO(1,3) is left: a term that parity changes.",
    ),
    Component(
        "dihedral-tilted",
        "symdisc_basics.problems.negatives:TiltedSquare",
        "Nothing is left of D_4.",
    ),
    Component(
        "permutation-handicap",
        "symdisc_basics.problems.negatives:Handicap",
        "Nothing is left of S_3.",
    ),
]
