"""Whatever generators act on, the right verifier tests them."""

from __future__ import annotations

import numpy as np
import pytest
from latent_toy import found_in, toy_host, trajectories

from symdisc.errors import OptionError
from symdisc.latent_space import in_latent_coordinates
from symdisc.verify.choice import choose_verifier
from symdisc.verify.result_verifying import verifier_for, with_support

HOST = toy_host()


def test_the_automatic_choice_goes_by_what_the_generators_act_on() -> None:
    result, parts = found_in(trajectories(20, 30))
    assert verifier_for(HOST, "auto", result, parts.held_out)[0].statement == "latent"
    linear = in_latent_coordinates(result)
    assert verifier_for(HOST, "auto", linear, parts.held_out)[0].statement == "distributional"
    named, notes = verifier_for(HOST, "latent", result, parts.held_out)
    assert (named.statement, notes) == ("latent", ())


@pytest.mark.parametrize(
    ("name", "learned", "words"),
    [
        (
            "distributional",
            True,
            "actions in learned coordinates; the automatic choice, the latent",
        ),
        (
            "latent",
            False,
            "actions on the data themselves; the automatic choice, the distributional",
        ),
    ],
)
def test_one_that_tests_other_actions_is_replaced(name: str, learned: bool, words: str) -> None:
    result, parts = found_in(trajectories(20, 30))
    shown = result if learned else in_latent_coordinates(result)
    verifier, (note,) = verifier_for(HOST, name, shown, parts.held_out)
    assert verifier.latent == learned
    assert note.startswith(f"verify.verifier = '{name}' does not test {words} statement")


def test_single_states_get_the_verifier_that_says_why_it_has_nothing_to_say() -> None:
    rows = np.concatenate(trajectories(20, 30))
    result, parts = found_in(rows)
    assert verifier_for(HOST, "auto", result, parts.held_out)[0].statement == "latent"
    with pytest.raises(
        OptionError, match=r"verify\.verifier = 'latent' cannot be used: a sample is"
    ):
        choose_verifier(HOST, "latent", parts.held_out)


def test_the_range_of_the_data_is_told_in_latent_coordinates() -> None:
    result, parts = found_in(trajectories())
    found = with_support(result, parts.train, seed=0).support
    assert found is not None
    assert found.is_whole
