from __future__ import annotations

import pytest
import torch

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext, derived_seed
from symdisc.interfaces import CoefficientDistribution, DataShapes
from symdisc.representations import Representation
from symdisc_basics.coefficients import Normal, NormalOptions
from symdisc_basics.discriminators import MLPDiscriminator, MLPDiscriminatorOptions


def context(seeds: tuple[int, ...] = (4, 5, 4)) -> RunContext:
    samples = Samples(torch.zeros(10, 2, 3), torch.arange(10), Representation.vector(3))
    return RunContext(
        samples,
        seeds,
        torch.device("cpu"),
        torch.Generator().manual_seed(0),
        {
            "discriminator": lambda s: MLPDiscriminator(MLPDiscriminatorOptions(width=4), s),
            "critic": lambda s: MLPDiscriminator(MLPDiscriminatorOptions(width=4), s),
        },
    )


def test_shapes_are_those_of_the_samples() -> None:
    assert context().shapes == DataShapes(2, Representation.vector(3))


def test_every_member_is_made_by_its_own_seed() -> None:
    first, again = (context().ensemble("discriminator") for _ in range(2))
    other = context((9, 9, 9))
    x = torch.ones(3, 5, 2, 3)
    out = first.forward(x)
    assert torch.equal(again.forward(x), out)
    assert torch.allclose(out[0], out[2])
    assert not torch.allclose(out[0], out[1])
    assert not torch.allclose(other.ensemble("discriminator").forward(x)[0], out[0])


def test_components_of_one_seed_do_not_share_random_numbers() -> None:
    run = context()
    x = torch.ones(3, 5, 2, 3)
    first, second = run.ensemble("discriminator"), run.ensemble("critic")
    assert not torch.allclose(first.forward(x), second.forward(x))


def test_ensembles_are_kept_for_the_report_and_built_for_other_shapes_on_demand() -> None:
    run = context()
    ensemble = run.ensemble("discriminator", DataShapes(1, Representation.vector(7)))
    assert ensemble.forward(torch.ones(3, 5, 1, 7)).shape == (3, 5)
    assert run.ensembles == {"discriminator": ensemble}


def test_building_leaves_the_global_stream_alone() -> None:
    before = torch.get_rng_state()
    context().ensemble("discriminator")
    assert torch.equal(torch.get_rng_state(), before)


def test_coefficients_are_made_for_the_number_of_generators() -> None:
    def make(k: int) -> CoefficientDistribution:
        return Normal(NormalOptions(), k)

    run = context()
    run.make_coefficients = make
    assert run.coefficients(3).n_generators == 3


def test_coefficients_that_a_method_does_not_use_are_refused() -> None:
    with pytest.raises(LookupError, match="this method does not list 'coefficients' in what it"):
        context().coefficients(1)


def test_derived_seeds_depend_on_seed_and_purpose() -> None:
    seeds = {derived_seed(seed, *purpose) for seed in range(20) for purpose in [("a",), ("b",), ()]}
    assert len(seeds) == 60
    assert derived_seed(3, "group") == derived_seed(3, "group")
    assert all(0 <= seed < 2**32 for seed in seeds)
