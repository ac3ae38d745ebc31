"""What a discovery gives back; verification, reports and downstream use accept nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import torch
from torch import Tensor

from symdisc.algebra.consensus import mean_noise
from symdisc.algebra.invariant_form import InvariantForm
from symdisc.algebra.lie_algebra import LieAlgebra, lie_algebra
from symdisc.algebra.vector_field import MOST_DIGITS, vector_fields
from symdisc.cosets.discrete_part import DiscretePart
from symdisc.discrete_action import chosen_component, elements_of, random_components
from symdisc.errors import DataError
from symdisc.fields.defect_spectrum import DefectSpectrum
from symdisc.fields.library import Library, Spec
from symdisc.fields.vector_fields import VectorFields
from symdisc.latent_space import LatentSpace, in_latent_coordinates
from symdisc.options import parse_options
from symdisc.own_units import in_alike_units
from symdisc.registry import PluginHost, default_host
from symdisc.representations import Representation
from symdisc.result_action import (
    ArrayT,
    Coefficients,
    act,
    act_on_targets,
    check_whole,
    coefficient_row,
    like,
    one_period,
    random_coefficients,
    to_tensor,
)
from symdisc.result_form import form_of, in_units_of
from symdisc.result_invariants import invariant_values
from symdisc.result_io import load_result, save_result
from symdisc.result_text import coordinate_names, generator_text, result_html, summary
from symdisc.result_truth import angle_to_truth, cosine_to_truth
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.latent_figures import LatentFigures
from symdisc.verify.support_range import SupportRange
from symdisc.verify.verification import Verification

if TYPE_CHECKING:
    import sympy
    from matplotlib.figure import Figure

    from symdisc.use.motion import Motion


@dataclass(frozen=True, eq=False)
class SymmetryResult:
    """The generators found, what group they are and how well they fit unseen data.

    Attributes:
        generators: Consensus of the seeds, ``(k, n, n)`` float64, scaled so that the largest
            eigenvalue of each has modulus 1 (a rotation by t turns by t radians). Where there is
            a ``latent``, they are matrices of latent coordinates, as are mask and blocks.
        seed_generators: As each seed ended, ``(E, k, n, n)`` float64, unscaled; where the data
            span less than their space, the part that they determine. With a ``latent``, carried
            into its coordinates; those of seeds that were left out are in their own.
        seeds: The seed of each member of the ensemble.
        in_consensus: Which members the consensus is made of.
        agreement: Share of the seeds in the consensus [1].
        has_consensus: Whether at least half of the seeds agree.
        group: Name of the group and its representation, e.g. "SO(2) on vectors of dimension 2".
        evidence: One sentence: why it has that name.
        verification: What the test on held-out rows says; ``None`` if it was not made.
        mask: Entries of a generator that could differ from zero, ``(n, n)``.
        blocks: Index groups between which generators vanish, or ``None``.
        representation: How a state transforms.
        target_representation: How float targets transform, or ``None``.
        order: Order m of the group where only exp(j L) with whole j are claimed, which is the
            cyclic group C_m; then the one generator is scaled so that exp(L) is its smallest turn.
            ``None`` for continuous groups.
        preview: Held-out states for pictures, ``(P, steps, size)`` float32.
        names: Name of each coordinate of a state.
        units: Unit of each coordinate.
        truth: True generators where the maker of the data knows them, as far as the data
            determine them.
        failed: Members left out and why, by seed.
        notes: Sentences for the report.
        config: The resolved settings of the run.
        provenance: Versions, machine, times, numbers of rows.
        interrupted: What was cut short by the user, in words; ``""`` if nothing was.
        centre: Point ``(size,)`` float64 about which the group acts, x' = g(x − c) + c; ``None``:
            the origin.
        support: Over which part of its orbits the data extend, for one rotation; else ``None``.
        scales: Scales ``(n,)`` float64 of the coordinates of a vector, in their units, where
            standardisation made them alike; ``None``: they are taken as alike.
        latent: The learned coordinates in which the generators act; ``None``: they act on the
            data themselves.
        latent_figures: How good these coordinates are, for each seed and for the consensus.
        fields: Vector fields by whose flow the group acts, of which the generators are then only
            the linear parts at the origin; ``None``: the generators say everything.
        target_generators: Matrices ``(k, m, m)`` float64 that move the targets while the states
            move along the fields, where these were found; ``None``: they move as they transform.
        spectrum: Relative defects of the fields that were looked at, where these are known.
        discrete: The other components of the group, tested on their own; ``None``: none were
            looked for. Where there are no generators, k = 0, it is all of the group.
    """

    generators: Tensor
    seed_generators: Tensor
    seeds: tuple[int, ...]
    in_consensus: tuple[bool, ...]
    agreement: float
    has_consensus: bool
    group: str
    evidence: str
    mask: Tensor
    representation: Representation
    preview: Tensor
    verification: Verification | None = None
    blocks: tuple[tuple[int, ...], ...] | None = None
    target_representation: Representation | None = None
    order: int | None = None
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    truth: Tensor | None = None
    failed: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    interrupted: str = ""
    centre: Tensor | None = None
    support: SupportRange | None = None
    scales: Tensor | None = None
    latent: LatentSpace | None = None
    latent_figures: LatentFigures | None = None
    fields: VectorFields | None = None
    target_generators: Tensor | None = None
    spectrum: DefectSpectrum | None = None
    discrete: DiscretePart | None = None

    @property
    def defects(self) -> tuple[RelativeDefect, ...]:
        """Relative defect of each generator on held-out rows; empty if not tested."""
        return () if self.verification is None else self.verification.defects

    @property
    def holds(self) -> bool:
        """Whether the seeds agree and the test confirmed it, as exact or as approximate.

        Said of the generators, and of the discrete part where there are none.
        """
        if len(self.generators) == 0:
            return self.discrete is not None and self.discrete.holds
        tested = self.verification
        return self.has_consensus and tested is not None and tested.holds

    def transform(
        self, x: ArrayT, t: Coefficients | None = None, *, component: int | None = None
    ) -> ArrayT:
        """Move states by the group element exp(Σ t_i L_i) h, about the centre if there is one.

        In learned coordinates z = φ(x) a state moves to ψ(g (φ(x) − c) + c); what decoding loses
        is lost by every move.

        Args:
            x: ``(size,)``, ``(N, size)`` or ``(N, steps, size)``, numpy or torch; every state
                is moved, scalars of the representation stay.
            t: One coefficient for each generator; a number if there is one generator. By default
                0.3 for one generator, or one step of a finite group, whose coefficients are
                whole numbers.
            component: Number of h in ``discrete``; 0 is the identity, and the default unless the
                group is discrete. Then it is 1.

        Returns:
            The moved states in the kind, type and shape of ``x`` (float64 for integers).

        Raises:
            DataError: A shape does not fit, there is no such component or ``x`` does not hold
                real numbers.
            UnknownComponentError: The encoder of the result is not installed.
        """
        states = to_tensor(x, "x")
        h = elements_of(self, torch.tensor([chosen_component(self, component)]))
        return like(act(self, coefficient_row(self, t)[None], states, h), x)

    def encode(self, x: ArrayT) -> ArrayT:
        """Learned coordinates z = φ(x) of states.

        Args:
            x: ``(..., size)``, numpy or torch.

        Returns:
            ``(..., latent size)`` in the kind and type of ``x`` (float64 for integers).

        Raises:
            DataError: The result has no learned coordinates, or a shape does not fit.
            UnknownComponentError: The encoder is not installed.
        """
        return like(self._latent("encode").encode(to_tensor(x, "x")), x)

    def decode(self, z: ArrayT) -> ArrayT:
        """States x = ψ(z) of learned coordinates.

        Args:
            z: ``(..., latent size)``, numpy or torch.

        Returns:
            ``(..., size)`` in the kind and type of ``z`` (float64 for integers).

        Raises:
            DataError: The result has no learned coordinates, or a shape does not fit.
            UnknownComponentError: The encoder is not installed.
        """
        return like(self._latent("decode").decode(to_tensor(z, "z")), z)

    @overload
    def augment(
        self, x: ArrayT, y: None = None, *, scale: float = 1.0, seed: int = 0
    ) -> ArrayT: ...

    @overload
    def augment(
        self, x: ArrayT, y: ArrayT, *, scale: float = 1.0, seed: int = 0
    ) -> tuple[ArrayT, ArrayT]: ...

    def augment(
        self, x: ArrayT, y: ArrayT | None = None, *, scale: float = 1.0, seed: int = 0
    ) -> ArrayT | tuple[ArrayT, ArrayT]:
        """Move every sample by a random group element of its own.

        Args:
            x: ``(N, size)`` or ``(N, steps, size)``; all states of a sample move alike.
            y: Targets ``(N, m)`` or ``(N,)``; those that transform move with their sample.
            scale: Standard deviation of the normal coefficients [1]; of no use for a finite
                group, whose elements are equally likely.
            seed: Seed of the random numbers.

        Returns:
            Moved ``x``, or moved ``x`` and ``y`` if ``y`` is given.

        Raises:
            DataError: A shape does not fit or the values are not real numbers.
        """
        states = to_tensor(x, "x")
        if states.ndim < 2:
            raise DataError(
                f"x has shape {tuple(states.shape)}; augment moves samples of shape "
                f"(N, {self.representation.size}) or (N, steps, {self.representation.size})"
            )
        z = random_coefficients(self, len(states), scale, seed)
        h = elements_of(self, random_components(self, len(states), seed))
        moved = like(act(self, z, states, h), x)
        if y is None:
            return moved
        targets = act_on_targets(self, z, to_tensor(y, "y"), len(states), h)
        return moved, like(targets, y) if self._targets_move else y

    def orbit(self, x0: ArrayT, t: ArrayT | None = None, *, generator: int = 0) -> ArrayT:
        """States exp(t L) x0 along one generator.

        Args:
            x0: ``(size,)``.
            t: ``(T,)`` parameters; by default one period of a rotation, else −1 to 1. Of a
                finite group all m steps and the start again.
            generator: Which generator, from 0.

        Returns:
            ``(T, size)`` in the kind and type of ``x0``.

        Raises:
            DataError: A shape does not fit or there is no such generator.
        """
        k, size = len(self.generators), self.representation.size
        if not 0 <= generator < k:
            raise DataError(f"no generator {generator}; there are {k}, counted from 0")
        start = to_tensor(x0, "x0")
        if start.shape != (size,):
            raise DataError(f"x0 has shape {tuple(start.shape)}; an orbit starts at ({size},)")
        times = one_period(self, generator) if t is None else to_tensor(t, "t")
        if times.ndim != 1:
            raise DataError(f"t has shape {tuple(times.shape)}; parameters have shape (T,)")
        check_whole(self, times)
        z = torch.zeros(len(times), k, dtype=torch.float64)
        z[:, generator] = times.cpu()
        return like(act(self, z, start.expand(len(times), size)), x0)

    def angle_to_truth(self) -> float:
        """Largest principal angle from the true span into the found one [degrees].

        Angles between generators are those in units in which coordinates are alike.

        Raises:
            DataError: The true generators are unknown, of another size, or there are none.
        """
        self._check_matrices("angle to true generators")
        return angle_to_truth(self._shown)

    def cosine_to_truth(self) -> float:
        """|cosine| of the found generator with the true one, as for :meth:`angle_to_truth` [1].

        Raises:
            DataError: The true generator is unknown or of another size, or one of the two
                spans has not exactly one generator.
        """
        self._check_matrices("cosine with a true generator")
        return cosine_to_truth(self._shown)

    def invariant_form(self) -> InvariantForm:
        """The quadratic form J that the generators keep, or keep best: LᵀJ + JL = 0.

        A rotation keeps lengths, a boost the Minkowski form. ``n_keeping`` of the result says
        how many dimensions of the span keep it. J is in the units of the data; the other numbers
        are those in units in which coordinates are alike.

        Raises:
            DataError: The generators move images, or are all zero.
        """
        self._check_matrices("quadratic form")
        form = form_of(self._shown)
        return form if self.scales is None else in_units_of(form, self.scales)

    @property
    def algebra(self) -> LieAlgebra:
        """The Lie algebra of the generators: its name, structure and a readable basis.

        It is computed whenever it is asked for. The spread of the seeds tells how much noise is
        allowed. Matrices are in units in which coordinates are alike.

        Raises:
            DataError: The group is finite, or all generators are zero.
        """
        self._check_continuous("Lie algebra")
        if self.fields is not None:
            matrices = self.fields.affine_matrices()
            if matrices is None:
                self._check_matrices("Lie algebra of matrices")
            else:
                return lie_algebra(matrices, None, 0.0)
        shown = self._shown
        seeds = shown.seed_generators[list(self.in_consensus)]
        return lie_algebra(shown.generators, self.blocks, mean_noise(shown.generators, seeds))

    def vector_field(self, digits: int = 2) -> list[sympy.Expr]:
        """The generators as vector fields X = Σ (L x)_i ∂/∂x_i of sympy, in the data's units.

        They act on the coordinates of the first vector, on the points of an image, or on learned
        coordinates z1, z2 and so on. LaTeX is
        ``sympy.latex(field)``; along a function f of the coordinates ``field.rcall(f)``.

        Args:
            digits: Decimals of the coefficients; those that round to zero are left out.

        Raises:
            DataError: The group is finite, or ``digits`` is no whole number from 0 to 15.
        """
        self._check_continuous("vector field")
        if not isinstance(digits, int) or not 0 <= digits <= MOST_DIGITS:
            raise DataError(f"digits must be a whole number from 0 to {MOST_DIGITS}; got {digits}")
        if self.fields is not None:
            return self.fields.symbolic(digits)
        n, shown = self.generators.shape[-1], in_latent_coordinates(self)
        centre = None if shown.centre is None else shown.centre[:n].tolist()
        return vector_fields(
            self.generators,
            coordinate_names(self),
            digits,
            centre,
            homogeneous=shown.representation.grid is not None,
        )

    def invariants(self, x: ArrayT, library: Spec | Library = "polynomial(2)") -> ArrayT:
        """Functions of a state that the group leaves unchanged, as features.

        They are told from the held-out states that are kept with the result, so that they are the
        same for every ``x``; :func:`symdisc.result_invariants.state_invariants` gives them as
        expressions of sympy.

        Args:
            x: ``(..., size)``, numpy or torch.
            library: Functions of all coordinates that they are sums of, for instance
                ``"polynomial(3)"`` or ``"linear + trigonometric(1)"``.

        Returns:
            ``(..., p)`` in the kind and type of ``x`` (float64 for integers), each of variance 1
            on held-out states and uncorrelated there.

        Raises:
            DataError: The result moves images, acts in learned coordinates or is a finite group,
                or a shape does not fit.
            OptionError: ``library`` is no library of functions.
        """
        return like(invariant_values(self, to_tensor(x, "x"), library), x)

    def equations(
        self, data: Any = None, *, time_step: float | None = None, **options: Any
    ) -> Motion:
        """Equations of motion, by sparse regression of velocities, such as the group allows.

        Args:
            data: Trajectories: a data set's name, a file or arrays; by default those of the run.
            time_step: Time between two states; by default that of the run's data set.
            **options: Of :class:`symdisc.use.motion.MotionOptions`, for instance
                ``form="cartesian"``, ``degree=3``, ``space="data"`` or ``free=True``.

        Returns:
            Equations that can be called at points, written as sympy and as LaTeX.

        Raises:
            DataError: The result or the data do not allow it, or pysindy is not installed.
            OptionError: A setting is wrong.
        """
        from symdisc.use.motion import MotionOptions, equations_of_motion
        from symdisc.use.recordings import recordings

        choice = parse_options(MotionOptions, options, "equations")
        host = (self.latent and self.latent.host) or default_host()
        return equations_of_motion(self, recordings(host, self, data, time_step), choice)

    def plot(self) -> dict[str, Figure]:
        """The figures of the report, which are ones of matplotlib, by name."""
        from symdisc.report.figure_files import result_figures

        return {name: figure for _, name, figure, _ in result_figures(self)}

    def save(self, folder: str | Path) -> Path:
        """Write the result into a new folder (safetensors and JSON), whole or not at all.

        Raises:
            OutputError: The folder exists already or cannot be written.
        """
        return save_result(self, Path(folder))

    def summary(self) -> str:
        """What was found, in one sentence."""
        return summary(self)

    def generator_text(self) -> str:
        """The generators as text, entries that had to be zero as dots."""
        return generator_text(self)

    def __repr__(self) -> str:
        return f"<SymmetryResult: {self.summary()}>"

    def _repr_html_(self) -> str:
        return result_html(self)

    @property
    def _shown(self) -> SymmetryResult:
        """The result in coordinates in which the entries of its generators can be compared."""
        return in_alike_units(in_latent_coordinates(self))

    def _latent(self, what: str) -> LatentSpace:
        if self.latent is None:
            raise DataError(
                f"there is nothing to {what}: these generators act on the data themselves, not on "
                "learned coordinates"
            )
        return self.latent

    @property
    def _targets_move(self) -> bool:
        target, own = self.target_representation, self.target_generators
        return own is not None or (target is not None and target.n_vectors > 0)

    def _check_matrices(self, what: str) -> None:
        self._check_generators(what)
        if self.fields is not None:
            raise DataError(
                f"there is no {what}: the group acts by the flow of vector fields, which are in "
                "result.fields"
            )

    def _check_generators(self, what: str) -> None:
        if len(self.generators) == 0:
            raise DataError(f"the symmetry is a discrete group, {self.group}; it has no {what}")

    def _check_continuous(self, what: str) -> None:
        self._check_generators(what)
        if self.order is not None:
            raise DataError(f"the symmetry is the finite group C_{self.order}; it has no {what}")


def load(path: str | Path, *, host: PluginHost | None = None) -> SymmetryResult:
    """Read a saved result.

    Args:
        path: A run folder, or a folder written by :meth:`SymmetryResult.save`.
        host: Where the encoder of learned coordinates is looked up; all installed plugins by
            default.

    Raises:
        DataError: There is no result, it is damaged, or a newer symdisc wrote it.
    """
    return load_result(Path(path), host)
