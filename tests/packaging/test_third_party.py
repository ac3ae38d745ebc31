"""The example plugin, really installed, beside distributions that are broken."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

RunPython = Callable[..., "subprocess.CompletedProcess[str]"]

USE_THE_GROUP = """
import torch
from symdisc import default_host
from symdisc.errors import DataError, OptionError
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation

Scalings = default_host().get("group", "scalings")
shapes = DataShapes(1, Representation.parse("V3"))
group = Scalings(Scalings.Options(n_generators=2), shapes)
generators = group.generators()
assert generators.shape == (2, 3, 3)
assert torch.equal(generators * group.mask(), generators)
assert group.blocks == ((0,), (1,), (2,)) and group.regularizers() == {}
generators.sum().backward()
assert torch.equal(group.rates.grad, torch.ones(2, 3))
for model, shape in (({"n_generators": 4}, shapes), ({}, DataShapes(1, Representation.scalars(2)))):
    try:
        Scalings(Scalings.Options(**model), shape)
    except (DataError, OptionError) as error:
        print(error)
"""

USE_THE_DISCRIMINATOR = """
import torch
from torch.func import functional_call, stack_module_state, vmap
from symdisc import default_host
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation

WideMLP = default_host().get("discriminator", "acme:wide-mlp")
vector, scalar = Representation.parse("V2"), Representation.parse("S")
for shapes, targets in (
    (DataShapes(2, vector, scalar), torch.randn(3, 5, 1)),
    (DataShapes(2, vector, n_classes=4), torch.randint(4, (3, 5))),
    (DataShapes(2, vector), None),
):
    members = [WideMLP(WideMLP.Options(width=8), shapes) for _ in range(3)]
    x = torch.randn(3, 5, 2, 2)
    parameters, buffers = stack_module_state(members)
    def call(p, b, *arguments):
        return functional_call(members[0], (p, b), arguments)
    arguments = (x,) if targets is None else (x, targets)
    together = vmap(call)(parameters, buffers, *arguments)
    alone = torch.stack([m(*(a[i] for a in arguments)) for i, m in enumerate(members)])
    assert together.shape == (3, 5)
    torch.testing.assert_close(together, alone)
    assert not torch.allclose(alone[0], alone[1])
print("as written for one seed")
"""

USE_THE_DATASET = """
import numpy as np
from symdisc import default_host

Squeeze = default_host().get("dataset", "squeeze")
raw = Squeeze(Squeeze.Options(n_samples=500, seed=3)).make()
again = Squeeze(Squeeze.Options(n_samples=500, seed=3)).make()
other = Squeeze(Squeeze.Options(n_samples=500, seed=4)).make()
assert np.array_equal(raw.states, again.states) and not np.array_equal(raw.states, other.states)
assert raw.states.shape == (500, 2) and raw.targets.shape == (500, 1)
moved = raw.states * np.exp(0.3 * np.diag(raw.truth[0]))
assert not np.allclose(moved, raw.states)
np.testing.assert_allclose(moved.prod(axis=1, keepdims=True), raw.targets, rtol=1e-12)
noisy = Squeeze(Squeeze.Options(n_samples=500, seed=3, noise=0.1)).make()
assert 0.08 < (noisy.targets - raw.targets).std() < 0.12
print("the truth leaves the target unchanged")
"""


def _symdisc(run: RunPython, *words: str) -> str:
    done = run("-m", "symdisc", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_plugins_list_shows_it(run_installed: RunPython) -> None:
    plugins = {
        p["name"]: p for p in json.loads(_symdisc(run_installed, "plugins", "list", "--json"))
    }
    acme = plugins["acme"]
    assert (acme["distribution"], acme["version"]) == ("symdisc-acme", "0.1.0")
    assert (acme["status"], acme["built_in"], acme["warnings"]) == ("loaded", False, [])
    assert acme["components"] == {
        "group": ["scalings"],
        "discriminator": ["wide-mlp"],
        "dataset": ["squeeze"],
    }


def test_plugins_check_finds_nothing_wrong(run_installed: RunPython) -> None:
    text = _symdisc(run_installed, "plugins", "check", "acme")
    assert text == "plugins: 1, components: 3, no problem found\n"


def test_its_components_are_listed_beside_the_built_in_ones(run_installed: RunPython) -> None:
    rows = [
        line.split()[:3] for line in _symdisc(run_installed, "list", "discriminator").splitlines()
    ]
    assert ["discriminator", "wide-mlp", "acme"] in rows
    assert ["discriminator", "mlp", "basics"] in rows


def test_show_discriminator_by_its_full_name(run_installed: RunPython) -> None:
    text = _symdisc(run_installed, "show", "discriminator", "acme:wide-mlp")
    assert "symdisc_acme.discriminators:WideMLP" in text
    assert "acme (symdisc-acme 0.1.0)" in text
    assert "discriminator.width  integer  1024     Units in the hidden layer [1]" in text


def test_show_dataset_by_its_short_name(run_installed: RunPython) -> None:
    text = _symdisc(run_installed, "show", "dataset", "squeeze")
    assert "CC0-1.0" in text
    assert "moves every point along its hyperbola" in text
    assert (
        "dataset.noise      number   0.0      Standard deviation added to the target [m^2]" in text
    )


def test_listing_it_imports_no_torch(run_installed: RunPython) -> None:
    code = (
        "import sys, symdisc; names = [o.name for o in symdisc.default_host().components()]; "
        "assert 'acme:squeeze' in names; print(sorted({'torch', 'numpy'} & set(sys.modules)))"
    )
    assert run_installed("-c", code).stdout == "[]\n"


def test_the_group_scales_and_refuses_what_cannot_work(run_installed: RunPython) -> None:
    done = run_installed("-c", USE_THE_GROUP)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "option 'group.n_generators' = 4: vectors of length 3 have at most 3 independent scalings",
        "scalings act on vectors, but the representation is '2*S'",
    ]


def test_the_discriminator_runs_for_many_seeds_at_once(run_installed: RunPython) -> None:
    done = run_installed("-c", USE_THE_DISCRIMINATOR)
    assert (done.stdout, done.stderr) == ("as written for one seed\n", "")


def test_the_dataset_has_the_symmetry_it_states(run_installed: RunPython) -> None:
    done = run_installed("-c", USE_THE_DATASET)
    assert (done.stdout, done.stderr) == ("the truth leaves the target unchanged\n", "")


def test_it_is_typed(run_installed: RunPython) -> None:
    code = (
        "from importlib.resources import files; "
        "print((files('symdisc_acme') / 'py.typed').is_file())"
    )
    assert run_installed("-c", code).stdout == "True\n"
