"""The best state of each seed, and when a stage has waited long enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.engine.selection import MOST_ROWS, Selection, SelectionSettings
from symdisc.errors import BrokenComponentError
from symdisc.interfaces import EnsembleModule
from symdisc.representations import Representation

Modules = Mapping[str, EnsembleModule]


class Number(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.zeros(1))
        self.register_buffer("twice", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.value


def _context(n_validation: int = 10) -> RunContext:
    samples = Samples(torch.zeros(20, 1, 1), torch.arange(20), Representation.scalars(1))
    rows = torch.arange(float(n_validation)).reshape(-1, 1, 1)
    validation = Samples(rows, torch.arange(n_validation), Representation.scalars(1))
    rng = torch.Generator().manual_seed(0)
    builders = {"number": lambda _: Number()}
    return RunContext(samples, (0, 1), torch.device("cpu"), rng, builders, validation=validation)


def _make(
    values: list[list[float]], settings: SelectionSettings
) -> tuple[Selection, Callable[[float], None]]:
    """A selection whose criterion tells these values, and what sets the module's tensors."""
    context = _context()
    module = context.ensemble("number")
    rest = iter(values)

    def criterion(rows: Samples, modules: Modules) -> Tensor:
        return torch.tensor(next(rest))

    def put(number: float) -> None:
        with torch.no_grad():
            for tensor in (*module.parameters(), *module.buffers()):
                tensor.fill_(number)

    return Selection(criterion, {"n": module}, context, settings, "fit"), put


def _tensors(selection: Selection) -> list[list[float]]:
    module = selection._modules["n"]
    return [t.flatten().tolist() for t in (*module.parameters(), *module.buffers())]


def test_each_seed_ends_with_its_best_state() -> None:
    values = [[3.0, torch.nan], [1.0, 5.0], [2.0, 4.0], [1.0, 6.0]]
    selection, put = _make(values, SelectionSettings(10, "best"))
    for number in range(4):
        put(float(number))
        assert selection.look(10 * number).isnan().any() == (number == 0)
    selection.finish()
    assert _tensors(selection) == [[1.0, 2.0], [1.0, 2.0]]
    assert selection.summary() == {"criterion": [1.0, 4.0], "step": [10, 20]}


def test_a_seed_without_a_finite_value_keeps_its_first_state() -> None:
    selection, put = _make([[1.0, torch.nan], [0.0, torch.inf]], SelectionSettings(1, "best"))
    for number in range(2):
        put(float(number))
        selection.look(number)
    selection.finish()
    assert _tensors(selection)[0] == [1.0, 0.0]
    assert selection.summary() == {"criterion": [0.0, None], "step": [1, -1]}


def test_the_last_state_stays_where_it_is_wanted() -> None:
    selection, put = _make([[1.0, 1.0], [2.0, 2.0]], SelectionSettings(1, "last"))
    for number in range(2):
        put(float(number))
        selection.look(number)
    selection.finish()
    assert _tensors(selection) == [[1.0, 1.0], [1.0, 1.0]]
    assert selection.summary()["step"] == [0, 0]


@pytest.mark.parametrize(("patience", "ends"), [(1, 2), (2, 5), (3, None), (None, None)])
def test_patience_ends_when_no_seed_improves(patience: int | None, ends: int | None) -> None:
    values = [[3.0, 3.0], [2.0, 9.0], [2.0, 3.0], [9.0, 2.0], [2.0, 2.0], [2.0, 2.0]]
    selection, _ = _make(values, SelectionSettings(1, "last", patience))
    found = None
    for number in range(6):
        selection.look(number)
        if selection.exhausted and found is None:
            found = number
    assert found == ends


def test_state_goes_out_and_in() -> None:
    values = [[3.0, 1.0], [2.0, 2.0]]
    first, put = _make(values, SelectionSettings(1, "best", 5))
    put(7.0)
    first.look(0)
    second, put_second = _make(values[1:], SelectionSettings(1, "best", 5))
    second.load(first.state())
    put_second(8.0)
    second.look(1)
    second.finish()
    assert second.summary() == {"criterion": [2.0, 1.0], "step": [1, 0]}
    assert _tensors(second)[0] == [8.0, 7.0]


def test_the_criterion_sees_some_thousand_rows_spread_over_all() -> None:
    seen = []

    def criterion(rows: Samples, modules: Modules) -> Tensor:
        seen.append(rows.states.flatten())
        return torch.zeros(2)

    context = _context(2 * MOST_ROWS + 1)
    Selection(criterion, {}, context, SelectionSettings(1), "fit").look(0)
    assert len(seen[0]) == MOST_ROWS
    assert seen[0][[0, -1]].tolist() == [0, 2 * MOST_ROWS]


def test_a_criterion_of_another_shape() -> None:
    selection, _ = _make([[1.0]], SelectionSettings(1))
    message = (
        r"^the criterion of stage 'fit' must return shape \(2,\), one value a seed; it returned "
        r"\(1,\)$"
    )
    with pytest.raises(BrokenComponentError, match=message):
        selection.look(0)


def test_a_buffer_that_all_seeds_share_stays_as_it_is() -> None:
    selection, put = _make([[1.0, 1.0], [2.0, 2.0]], SelectionSettings(1, "best"))
    module = selection._modules["n"]
    module.register_buffer("shared", torch.zeros(3))
    for number in range(2):
        put(float(number))
        module.get_buffer("shared").fill_(number)
        selection.look(number)
    selection.finish()
    assert _tensors(selection)[0] == [0.0, 0.0]
    assert module.get_buffer("shared").tolist() == [1.0, 1.0, 1.0]


def test_parameters_without_a_slice_for_each_seed_cannot_be_chosen_from() -> None:
    selection, _ = _make([[1.0, 1.0]], SelectionSettings(1, "best"))
    selection._modules["n"].register_parameter("shared", nn.Parameter(torch.zeros(3)))
    message = (
        r"^run.keep = 'best' needs parameters with one slice a seed, but 'shared' of 'n' has "
        r"shape \(3,\); use run.keep = 'last'$"
    )
    with pytest.raises(BrokenComponentError, match=message):
        selection.look(0)


def test_a_run_without_validation_rows() -> None:
    context = _context()
    context.validation = None
    with pytest.raises(LookupError, match=r"^this run has no validation rows$"):
        Selection(lambda rows, modules: torch.zeros(2), {}, context, SelectionSettings(1), "fit")
