from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor, nn

from symdisc.engine.ensemble import Ensemble, Stackable
from symdisc.errors import BrokenComponentError
from symdisc.testing import check_ensemble, check_stacked
from symdisc.testing.tolerances import ENSEMBLE
from symdisc_basics.perceptron import Perceptron

E, B = 3, 6


class Network(nn.Module):
    """A plain network around one layer; no form of its own for ensembles."""

    def __init__(self, *middle: nn.Module) -> None:
        super().__init__()
        self.network = nn.Sequential(nn.Linear(2, 4), *middle, nn.Linear(4, 1))

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        out: Tensor = self.network(x if y is None else x + y)
        return out

    def norm(self) -> Tensor:
        return torch.stack([p.square().sum() for p in self.parameters()]).sum()


class Plain(nn.Module):
    """A perceptron without its own stacked form."""

    def __init__(self, network: Perceptron) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.network(x)
        return out


class Branches(Plain):
    """Control flow that depends on the data cannot be vmapped."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) if x.sum().item() < 1e9 else x


def members(make: Callable[[], nn.Module]) -> list[nn.Module]:
    torch.manual_seed(3)
    return [make() for _ in range(E)]


def inputs() -> Tensor:
    return torch.randn(E, B, 2, generator=torch.Generator().manual_seed(4))


def spectral() -> nn.Module:
    return Network(nn.utils.parametrizations.spectral_norm(nn.Linear(4, 4)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_three_strategies_agree(dtype: torch.dtype) -> None:
    networks = [Perceptron([2, 5, 5, 1]).to(dtype) for _ in range(E)]
    forms = {
        "stacked": Ensemble(networks),
        "vmap": Ensemble([Plain(network) for network in networks]),
        "one by one": Ensemble([Branches(network) for network in networks]),
    }
    x = inputs().to(dtype)
    results, gradients = [], []
    for strategy, ensemble in forms.items():
        out = ensemble(x)
        assert ensemble.strategy == strategy
        results.append(out)
        grads = torch.autograd.grad(out.square().sum(), list(ensemble.body.parameters()))
        gradients.append(torch.cat([gradient.flatten() for gradient in grads]))
    for i in range(2):
        assert torch.allclose(results[i], results[i + 1], atol=ENSEMBLE)
        assert torch.allclose(gradients[i], gradients[i + 1], atol=ENSEMBLE)


def test_the_reason_for_one_by_one_is_kept() -> None:
    ensemble = Ensemble(members(lambda: Branches(Perceptron([2, 2]))))
    assert (ensemble.strategy, ensemble.reason) == ("vmap", "")
    ensemble(inputs())
    assert "vmap: It looks like you're calling .item() on a Tensor" in ensemble.reason
    assert "\n" not in ensemble.reason


@pytest.mark.parametrize(
    "make",
    [
        lambda: Network(),
        lambda: Network(nn.LayerNorm(4), nn.Dropout(0.5)).eval(),
        lambda: Network(nn.BatchNorm1d(4)).eval(),
        lambda: spectral().eval(),
    ],
)
def test_plain_modules_equal_their_members(make: Callable[[], nn.Module]) -> None:
    check_ensemble(members(make), inputs())
    check_ensemble(members(make), inputs(), 1 + inputs())
    check_ensemble(members(make), method="norm")


def test_stacked_modules_equal_their_members() -> None:
    check_stacked(members(lambda: Perceptron([2, 3, 3, 1])), inputs())


def test_stackable_is_told_by_its_method() -> None:
    assert isinstance(Perceptron([1, 1]), Stackable)
    assert not isinstance(Network(), Stackable)


@pytest.mark.parametrize(
    ("make", "strategy"),
    [(lambda: Network(nn.BatchNorm1d(4)), "vmap"), (lambda: spectral(), "one by one")],
)
def test_statistics_of_every_member_are_its_own(
    make: Callable[[], nn.Module], strategy: str
) -> None:
    alone = members(make)
    ensemble = Ensemble(alone)
    for shift in range(3):
        out = ensemble(inputs() + shift)
        single = [member(x) for member, x in zip(alone, inputs() + shift, strict=True)]
        assert torch.allclose(out, torch.stack(single), atol=ENSEMBLE)
    assert ensemble.strategy == strategy
    for i, member in enumerate(alone):
        state = ensemble.member(i).state_dict()
        for name, value in member.state_dict().items():
            assert torch.allclose(state[name], value, atol=ENSEMBLE), name


def test_dropout_differs_between_members_and_follows_the_seed() -> None:
    network = nn.Sequential(nn.Dropout(0.5))
    ensemble = Ensemble([network, network])
    ones = torch.ones(2, 50, 2)
    torch.manual_seed(0)
    first = ensemble(ones)
    assert ensemble.strategy == "vmap"
    assert not torch.equal(first[0], first[1])
    torch.manual_seed(0)
    assert torch.equal(ensemble(ones), first)


@pytest.mark.parametrize("make", [lambda: Network(), lambda: Perceptron([2, 3, 1])])
def test_member_round_trip(make: Callable[[], nn.Module]) -> None:
    given = members(make)
    ensemble = Ensemble(given)
    again = Ensemble([ensemble.member(i) for i in range(E)])
    for i, member in enumerate(given):
        for (name, value), other in zip(
            member.named_parameters(), ensemble.member(i).parameters(), strict=True
        ):
            assert torch.equal(value, other), name
    assert torch.equal(again(inputs()), ensemble(inputs()))


def test_a_member_is_as_it_is_now_and_free_standing() -> None:
    ensemble = Ensemble(members(lambda: Network()))
    with torch.no_grad():
        for parameter in ensemble.parameters():
            parameter.mul_(2)
    member = ensemble.member(1)
    assert torch.allclose(member(inputs()[1]), ensemble(inputs())[1], atol=ENSEMBLE)
    with torch.no_grad():
        next(member.parameters()).zero_()
    assert all(parameter.abs().sum() > 0 for parameter in ensemble.parameters())


def test_given_members_are_not_touched() -> None:
    given = members(lambda: Network())
    ensemble = Ensemble(given)
    before = [p.clone() for member in given for p in member.parameters()]
    with torch.no_grad():
        for parameter in ensemble.parameters():
            parameter.zero_()
    after = [p for member in given for p in member.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_the_prototype_is_no_part_of_the_parameters() -> None:
    ensemble = Ensemble(members(lambda: Network()))
    assert {len(p) for p in ensemble.parameters()} == {E}
    assert len(list(ensemble.parameters())) == 4
    assert isinstance(ensemble.prototype, Network)
    assert ensemble.size == E


def test_frozen_parameters_stay_frozen() -> None:
    def make() -> nn.Module:
        network = Network()
        network.network[0].requires_grad_(False)
        return network

    frozen = [p.requires_grad for p in Ensemble(members(make)).parameters()]
    assert frozen == [False, False, True, True]


def test_a_parameter_used_twice_stays_one() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = nn.Linear(2, 2), nn.Linear(2, 2)
            self.second.weight = self.first.weight

        def forward(self, x: Tensor) -> Tensor:
            out: Tensor = self.second(self.first(x))
            return out

    check_ensemble(members(Tied), inputs())
    body = Ensemble(members(Tied)).body
    assert isinstance(body, Tied)
    assert body.first.weight is body.second.weight


def test_buffers_that_are_not_saved_belong_to_their_member() -> None:
    class RandomFeatures(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("features", torch.randn(2, 3), persistent=False)

        def forward(self, x: Tensor) -> Tensor:
            return x @ self.get_buffer("features")

    ensemble = Ensemble(members(RandomFeatures))
    out = ensemble(inputs())
    for i in range(E):
        assert torch.allclose(ensemble.member(i)(inputs()[i]), out[i], atol=ENSEMBLE)


def test_an_error_of_the_module_reaches_the_caller() -> None:
    with pytest.raises(
        BrokenComponentError,
        match=r"Network\.forward fails on arguments of shape \(6, 5\): mat1 and mat2 shapes cannot",
    ):
        Ensemble(members(lambda: Network()))(torch.zeros(E, B, 5))


def test_where_memory_runs_out_no_other_way_is_tried() -> None:
    class Hungry(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise torch.OutOfMemoryError("CUDA out of memory")

    ensemble = Ensemble(members(Hungry))
    with pytest.raises(torch.OutOfMemoryError, match="CUDA out of memory"):
        ensemble(inputs())
    assert ensemble.strategy == "vmap"
    ensemble.run_as({"strategy": "one by one", "reason": "", "proven": []})
    with pytest.raises(torch.OutOfMemoryError, match="CUDA out of memory"):
        ensemble(inputs())


def test_an_ensemble_of_one() -> None:
    only: Sequence[nn.Module] = [Network()]
    check_ensemble(only, inputs()[:1])


class Penalised(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3))

    def penalties(self) -> dict[str, Tensor]:
        return {"size": self.weight.square().sum()}


class Stubborn(Penalised):
    def penalties(self) -> dict[str, Tensor]:
        return {"size": torch.tensor(self.weight.square().sum().item())}


@pytest.mark.parametrize(("kind", "strategy"), [(Penalised, "vmap"), (Stubborn, "one by one")])
def test_named_values_come_with_a_leading_dimension(kind: type[Penalised], strategy: str) -> None:
    members = [kind() for _ in range(3)]
    ensemble = Ensemble(members)
    named = ensemble.named("penalties")
    expected = torch.stack([member.weight.square().sum() for member in members])
    torch.testing.assert_close(named, {"size": expected.detach()}, check_stride=False)
    assert ensemble.strategy == strategy


def test_what_could_be_vmapped_once_is_not_run_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running out of memory later on must not turn into a slow run without a word."""
    ensemble = Ensemble([nn.Linear(2, 2) for _ in range(2)])
    ensemble(torch.zeros(2, 3, 2))

    def no_memory(*arguments: object) -> None:
        raise RuntimeError("not enough memory")

    monkeypatch.setattr(Ensemble, "_vmapped", no_memory)
    with pytest.raises(RuntimeError, match="not enough memory"):
        ensemble(torch.zeros(2, 3, 2))
    assert ensemble.strategy == "vmap"
