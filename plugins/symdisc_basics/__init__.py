"""Encoders, groups, coefficients, discriminators, data sets, kernels, verifiers and problems.

This module only lists them; it stays free of torch.
"""

from __future__ import annotations

from symdisc import API_VERSION, Component, hookimpl

SYMDISC_API_VERSION = API_VERSION

_PROBLEMS = (
    ("two-body", "continuous:TwoBody", "SO(2) on the orbits of two bodies."),
    ("three-body", "continuous:ThreeBody", "SO(2) on the orbits of three bodies."),
    ("so3-invariant", "continuous:SO3Invariant", "SO(3) on two vectors."),
    ("lorentz", "continuous:LorentzGroup", "SO(1,3) on two momenta."),
    ("scaling-ratio", "continuous:ScalingRatio", "Scaling of two numbers."),
    ("o2-regression", "discrete:O2Regression", "O(2): rotations and reflections."),
    ("lorentz-parity", "discrete:LorentzParity", "SO(1,3) and parity, on positive energies."),
    ("lorentz-all-energies", "discrete:LorentzAll", "O(1,3), all four components."),
    ("dihedral-d4", "discrete:SquareGroup", "D_4, nothing continuous."),
    ("dihedral-c5", "discrete:Fifths", "C_5 with scaling."),
    ("permutation-s3", "discrete:Permutations", "S_3, nothing continuous."),
    ("discrete-rotation", "discrete:Sevenths", "C_7, nothing continuous."),
    ("pendulum", "nonlinear:Pendulum", "SO(2): each state moves along its orbit."),
    ("lotka-volterra", "nonlinear:LotkaVolterra", "SO(2): each state moves along its cycle."),
    ("warped-oscillator", "nonlinear:WarpedOscillator", "SO(2) on two hidden coordinates."),
    ("ellipse", "fields:Ellipse", "A rotation along ellipses about (1, 1)."),
    ("hyperbola", "fields:Hyperbola", "A boost about (1, 1)."),
    ("cusp", "fields:Cusp", "A field of degree 2, which is no matrix."),
    ("quadric", "fields:Quadric", "so(3) along ellipsoids, three matrices."),
    ("no-symmetry", "negatives:NoSymmetry", "A generic injective function."),
    ("chaotic-lorenz", "negatives:Lorenz", "A chaotic motion in time."),
    ("chaotic-henon", "negatives:Henon", "A chaotic map."),
    ("generic-cubic", "negatives:Cubic", "A random polynomial of degree 3 in space."),
    (
        "cusp-by-matrices",
        "negatives:CuspByMatrices",
        "A published example that no matrix and no affine field leaves alone.",
    ),
    (
        "plane-cubic",
        "negatives:PlaneCubic",
        "A published test that holds by construction: a random polynomial in the plane.",
    ),
    ("o2-odd-term", "negatives:OddTerm", "SO(2) is left of O(2): a term that reflections change."),
    ("lorentz-handed", "negatives:Handed", "SO(1,3) is left: a term that parity changes."),
    ("dihedral-tilted", "negatives:TiltedSquare", "Nothing is left of D_4."),
    ("permutation-handicap", "negatives:Handicap", "Nothing is left of S_3."),
)
"""Name, module and class in ``problems``, and what the true symmetry is."""


@hookimpl
def symdisc_encoders() -> list[Component]:
    """List the built-in encoders."""
    return [
        Component(
            "identity", "symdisc_basics.encoders.identity:Identity", "Data space is latent space."
        ),
        Component("mlp", "symdisc_basics.encoders.mlp:MLPEncoder", "Fully connected encoder pair."),
        Component(
            "conv1d",
            "symdisc_basics.encoders.conv1d:Conv1dEncoder",
            "Convolutions along signals, with or without borders.",
            "Yang, Dehmamy, Walters, Yu: arXiv:2310.00105.",
        ),
        Component(
            "conv2d",
            "symdisc_basics.encoders.conv2d:Conv2dEncoder",
            "Convolutions over images and fields.",
            "Yang, Dehmamy, Walters, Yu: arXiv:2310.00105.",
        ),
        Component(
            "coupling",
            "symdisc_basics.encoders.coupling:CouplingEncoder",
            "Invertible: decoding undoes encoding exactly.",
            "Dinh, Sohl-Dickstein, Bengio: arXiv:1605.08803.",
        ),
    ]


@hookimpl
def symdisc_groups() -> list[Component]:
    """List the built-in group parameterizations."""
    return [
        Component(
            "lie-algebra",
            "symdisc_basics.groups:LieAlgebra",
            "g = exp(sum z_i L_i) with k learned generators, optionally block by block.",
        ),
        Component(
            "direct-sum",
            "symdisc_basics.direct_sum:DirectSum",
            "Known algebras and learned generators, each on coordinates of its own.",
        ),
        Component(
            "cosets",
            "symdisc_basics.cosets:Cosets",
            "g = exp(sum z_i L_i) h_j with learned representatives h_j, |det h_j| = 1.",
            "Bhat et al.: AtlasD, ICML 2025.",
        ),
    ]


@hookimpl
def symdisc_coefficients() -> list[Component]:
    """List the built-in coefficient distributions."""
    return [
        Component("normal", "symdisc_basics.coefficients:Normal", "z ~ N(0, scale^2)."),
        Component("uniform", "symdisc_basics.coefficients:Uniform", "z ~ U(-width, width)."),
        Component(
            "integer-grid",
            "symdisc_basics.coefficients:IntegerGrid",
            "Whole numbers, for discrete symmetries.",
        ),
    ]


@hookimpl
def symdisc_discriminators() -> list[Component]:
    """List the built-in discriminators."""
    return [
        Component(
            "mlp",
            "symdisc_basics.discriminators:MLPDiscriminator",
            "Fully connected; class labels go through an embedding.",
        ),
        Component(
            "conv",
            "symdisc_basics.conv_discriminator:ConvDiscriminator",
            "Convolutions, for images.",
        ),
    ]


_LINEAR_DATA = [
    Component(
        "two-body",
        "symdisc_basics.datasets.two_body:TwoBody",
        "Planar orbits of two bodies; the symmetry is a rotation, SO(2).",
        "Greydanus, Dzamba, Yosinski: Hamiltonian Neural Networks, NeurIPS 2019.",
    ),
    Component(
        "no-symmetry",
        "symdisc_basics.datasets.no_symmetry:NoSymmetry",
        "A generic injective function of x: a negative control without any symmetry.",
    ),
    Component(
        "discrete-rotation",
        "symdisc_basics.datasets.discrete_rotation:DiscreteRotation",
        "A function that only seventh turns about an axis leave alone: discrete, C_7.",
        "Yang, Walters, Dehmamy, Yu: arXiv:2302.00236.",
    ),
    Component(
        "lorentz",
        "symdisc_basics.datasets.lorentz:Lorentz",
        "Pairs of four-momenta, heavy or light; the symmetry is the Lorentz group, SO(1,3).",
        "Yang, Walters, Dehmamy, Yu: arXiv:2302.00236.",
    ),
    Component(
        "three-body",
        "symdisc_basics.datasets.three_body:ThreeBody",
        "Planar orbits of three bodies; the symmetry is a rotation, SO(2).",
        "Greydanus, Dzamba, Yosinski: Hamiltonian Neural Networks, NeurIPS 2019.",
    ),
    Component(
        "so3-invariant",
        "symdisc_basics.datasets.so3_invariant:SO3Invariant",
        "Two vectors in space and two invariants; the symmetry is rotation, SO(3).",
    ),
    Component(
        "scaling-ratio",
        "symdisc_basics.datasets.scaling_ratio:ScalingRatio",
        "Two positive numbers and their ratio; the symmetry is a scaling.",
    ),
    Component(
        "top-tagging",
        "symdisc_basics.datasets.top_tagging:TopTagging",
        "Jets of particles, from a top quark or not, from a file or made up; SO(1,3).",
        "Kasieczka, Plehn, Thompson, Russell: doi:10.5281/zenodo.2603256.",
    ),
    Component(
        "digits-rotated",
        "symdisc_basics.datasets.digits_rotated:DigitsRotated",
        "Turned pictures of handwritten digits; the symmetry is a rotation of the plane.",
        "Alpaydin, Kaynak: doi:10.24432/C50P49.",
    ),
    Component(
        "solar-system",
        "symdisc_basics.datasets.solar_system:SolarSystem",
        "Real motions of the planets; the symmetry is a rotation about the ecliptic's pole.",
        "Folkner, Williams, Boggs: The Planetary and Lunar Ephemeris DE 421, 2009.",
    ),
]
"""Data sets whose symmetry, if any, acts by matrices."""

_DISCRETE_DATA = [
    Component(
        "o2-regression",
        "symdisc_basics.datasets.o2_regression:O2Regression",
        "Two vectors in a plane and their inner product; rotations and reflections, O(2).",
    ),
    Component(
        "lorentz-parity",
        "symdisc_basics.datasets.lorentz_parity:LorentzParity",
        "Events of four particles and their mass; the Lorentz group with parity, O(1,3).",
    ),
    Component(
        "dihedral",
        "symdisc_basics.datasets.dihedral:Dihedral",
        "Functions on a plane with the symmetry of a square, D_4, or C_5 with scaling.",
    ),
    Component(
        "permutation-s3",
        "symdisc_basics.datasets.permutation_s3:PermutationS3",
        "Three numbers and a smooth maximum; the symmetry is their permutation, S_3.",
    ),
    Component(
        "invariant-function",
        "symdisc_basics.datasets.invariant_function:InvariantFunction",
        "Functions that stay the same along known vector fields, and random polynomials.",
        "Shaw, Magner, Moon: NeurIPS 2024.",
    ),
    Component(
        "heat-equation",
        "symdisc_basics.datasets.heat_equation:HeatEquation",
        "Films of heat that spreads; patches have rotations and reflections, O(2).",
        "Bhat, Park, Yang, Dehmamy, Walters, Yu: arXiv:2504.10777.",
    ),
]
"""Data sets whose symmetry group has more than one part, each with an option that breaks it."""

_LATENT_DATA = [
    Component(
        "pendulum",
        "symdisc_basics.datasets.pendulum:Pendulum",
        "A swinging pendulum, as numbers or as pictures; a nonlinear action of SO(2).",
        "Yang, Dehmamy, Walters, Yu: arXiv:2310.00105.",
    ),
    Component(
        "lotka-volterra",
        "symdisc_basics.datasets.lotka_volterra:LotkaVolterra",
        "Cycles of predators and prey; a nonlinear action of SO(2).",
        "Yang, Dehmamy, Walters, Yu: arXiv:2310.00105.",
    ),
    Component(
        "reaction-diffusion",
        "symdisc_basics.datasets.reaction_diffusion:ReactionDiffusion",
        "A film of rotating spiral waves; a nonlinear action of SO(2).",
        "Champion, Lusch, Kutz, Brunton: arXiv:1904.02107.",
    ),
    Component(
        "double-bump",
        "symdisc_basics.datasets.double_bump:DoubleBump",
        "A rectangle and a triangle on a circle; a nonlinear action of SO(2) × SO(2).",
        "Yang, Dehmamy, Walters, Yu: arXiv:2310.00105.",
    ),
    Component(
        "rotating-object",
        "symdisc_basics.datasets.rotating_object:RotatingObject",
        "Colour pictures of a solid object in all poses; a nonlinear action of SO(3).",
        "Yang, Dehmamy, Walters, Yu: arXiv:2310.00105.",
    ),
    Component(
        "warped-oscillator",
        "symdisc_basics.datasets.warped_oscillator:WarpedOscillator",
        "An oscillator behind a random bent map; a nonlinear action of SO(2), known exactly.",
    ),
    Component(
        "chaotic-control",
        "symdisc_basics.datasets.chaotic_control:ChaoticControl",
        "Chaotic motions: a negative control for latent symmetries.",
        "Lorenz: J. Atmos. Sci. 20 (1963) 130; Hénon: Commun. Math. Phys. 50 (1976) 69.",
    ),
]
"""Data sets whose symmetry, if any, acts by matrices only in coordinates that must be found."""


@hookimpl
def symdisc_datasets() -> list[Component]:
    """List the built-in data sets."""
    return [*_LINEAR_DATA, *_DISCRETE_DATA, *_LATENT_DATA]


@hookimpl
def symdisc_kernels() -> list[Component]:
    """List the built-in kernel backends."""
    return [
        Component(
            "triton",
            "symdisc_kernels.group_action.triton.backend:TritonBackend",
            "Fused Triton kernels on CUDA devices; the automatic choice there.",
            "Al-Mohy, Higham: SIAM J. Sci. Comput. 33 (2011) 488.",
        ),
        Component(
            "cpu",
            "symdisc_kernels.group_action.cpu.backend:CpuBackend",
            "Fused C++ kernels, compiled on first use; the automatic choice on a CPU.",
            "Al-Mohy, Higham: SIAM J. Sci. Comput. 33 (2011) 488.",
        ),
        Component(
            "reference",
            "symdisc_kernels.group_action.reference:ReferenceBackend",
            "torch.linalg.matrix_exp, guarded against its known faults; defines truth.",
        ),
        Component(
            "taylor",
            "symdisc_kernels.group_action.taylor:TaylorBackend",
            "Scaled Taylor polynomial in plain torch; several times faster for small matrices.",
            "Bader, Blanes, Casas: Mathematics 7 (2019) 1174.",
        ),
    ]


@hookimpl
def symdisc_verifiers() -> list[Component]:
    """List the built-in verifiers."""
    return [
        Component(
            "conditional",
            "symdisc.verify.conditional:Conditional",
            "Targets follow moved states as they follow real ones: p(y'|x') = p(y|x).",
            "Lopez-Paz, Oquab: arXiv:1610.06545.",
        ),
        Component(
            "distributional",
            "symdisc.verify.distributional:Distributional",
            "Moved states are distributed like real ones.",
            "Lopez-Paz, Oquab: arXiv:1610.06545.",
        ),
        Component(
            "latent",
            "symdisc.verify.latent:Latent",
            "States moved in learned coordinates go on as real ones; for latent methods.",
        ),
    ]


@hookimpl
def symdisc_problems() -> list[Component]:
    """List the built-in problems of the benchmark suite."""
    return [
        Component(name, f"symdisc_basics.problems.{place}", summary)
        for name, place, summary in _PROBLEMS
    ]
