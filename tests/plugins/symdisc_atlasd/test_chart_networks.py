from __future__ import annotations

import torch

from symdisc.engine.ensemble import Ensemble
from symdisc.testing import check_stacked
from symdisc_atlasd.chart_networks import LAYERS, ChartNetworks, PatchPredictor, chart_networks

CPU = torch.device("cpu")


def test_patches_lose_a_pixel_a_layer() -> None:
    assert ChartNetworks(3, 2)(torch.randn(3, 5, 2, 13, 13)).shape == (3, 5, 2, 5, 5)
    assert LAYERS == 4


def test_every_chart_has_a_network_of_its_own() -> None:
    patches = torch.randn(1, 5, 1, 9, 9).expand(2, -1, -1, -1, -1)
    first, second = ChartNetworks(2, 1)(patches)
    assert not torch.allclose(first, second)


def test_what_is_linear_has_a_path_of_its_own() -> None:
    networks = ChartNetworks(1, 1)
    for name, parameter in networks.named_parameters():
        if not name.endswith("linear"):
            parameter.data.zero_()
    a, b = torch.randn(2, 1, 4, 1, 11, 11)
    still = networks(torch.zeros_like(a))
    torch.testing.assert_close(networks(a + 3 * b), networks(a) + 3 * (networks(b) - still))


def test_stacked_and_vmapped_forms_agree() -> None:
    members = [ChartNetworks(2, 1) for _ in range(3)]
    assert Ensemble(members).strategy == "stacked"
    check_stacked(members, torch.randn(3, 2, 4, 1, 11, 11))


def test_seeds_differ_and_come_back() -> None:
    x = torch.randn(1, 2, 4, 1, 9, 9).expand(3, -1, -1, -1, -1, -1)
    first, again = (chart_networks((0, 1, 0), 2, 1, CPU)(x) for _ in range(2))
    torch.testing.assert_close(first, again, rtol=0, atol=0)
    torch.testing.assert_close(first[0], first[2])
    assert not torch.allclose(first[0], first[1])


def test_fields_are_scaled_and_changes_are_told_in_their_unit() -> None:
    networks = chart_networks((0,), 1, 1, CPU)
    one = torch.ones(1, 1, 1)
    patches = torch.randn(1, 1, 4, 1, 9, 9)
    found = PatchPredictor(networks, 5 * one, 2 * one, 7 * one)(5 + 2 * patches)
    torch.testing.assert_close(found, 7 * networks(patches), rtol=1e-4, atol=1e-4)
