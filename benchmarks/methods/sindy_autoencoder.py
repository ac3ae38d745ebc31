"""A SINDy autoencoder: coordinates and a sparse equation in them, without any symmetry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import torch
from torch import Tensor

from symdisc import SymmetryResult, default_host
from symdisc.engine.ensemble import Ensemble
from symdisc.engine.module_state import tensors_of
from symdisc.interfaces import Encoder, KeepsStatistics
from symdisc.latent_space import LatentSpace
from symdisc.options import parse_options
from symdisc.use.recordings import Recordings
from symdisc_laligan.sindy.equation import SparseEquation, equations
from symdisc_laligan.sindy.library import FunctionLibrary
from symdisc_laligan.sindy.objective import equation_terms
from symdisc_laligan.terms import reconstruction

STEPS, BATCH, RATE = 2000, 128, 3e-3
WEIGHTS = {"equation": 0.1, "decoded_equation": 0.1, "equation_size": 1e-3}
CUT, CUT_EVERY = 0.05, 500


def sindy_autoencoder(
    result: SymmetryResult, data: Recordings, degree: int, seed: int
) -> SymmetryResult:
    """The result with an encoder of the same kind and size, trained on another objective.

    Reconstruction, latent velocities and decoded velocities, with a polynomial equation whose
    small coefficients are set to zero (Champion, Lusch, Kutz and Brunton, PNAS 116, 2019,
    arXiv:1904.02107).

    Args:
        result: Where the kind of encoder is taken from; it has learned coordinates.
        data: Trajectories.
        degree: Of the equation.
        seed: Of its start and of its batches.
    """
    if result.latent is None:
        raise RuntimeError("the result has no learned coordinates")
    torch.manual_seed(seed)
    windows = torch.cat([path.unfold(0, 3, 1).mT for path in data.train]).float()
    encoder = Ensemble([_encoder(result.latent, windows[:, 1])])
    latent_size = result.latent.representation.size
    library = FunctionLibrary(latent_size, degree)
    equation = equations(library, latent_size, 1, torch.device("cpu"))
    _train(encoder, equation, windows, data.time_step)
    trained = encoder.member(0)
    tensors = {name: value.detach().clone() for name, value in tensors_of(trained).items()}
    nowhere = torch.zeros(latent_size, dtype=torch.float64)
    return replace(result, latent=replace(result.latent, tensors=tensors, centre=nowhere))


def _encoder(latent: LatentSpace, states: Tensor) -> Encoder:
    component = default_host().get("encoder", latent.component)
    encoder: Encoder = component(
        parse_options(component.Options, dict(latent.options), "encoder"), latent.shapes
    )
    if isinstance(encoder, KeepsStatistics):
        encoder.fit(states)
    return encoder


def _train(encoder: Ensemble, equation: Ensemble, windows: Tensor, time_step: float) -> None:
    scale = windows.flatten(0, 1).std(0)
    parameters = [*encoder.parameters(), *equation.parameters()]
    optimizer = torch.optim.Adam(parameters, RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for step, batch in enumerate(_batches(windows), 1):
        decoded = encoder.call("decode", encoder.call("encode", batch))
        terms = equation_terms(batch, time_step, scale, encoder, equation)
        loss = reconstruction(batch, decoded, scale).sum()
        loss = loss + sum(weight * terms[name].sum() for name, weight in WEIGHTS.items())
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
        if isinstance(encoder.prototype, KeepsStatistics):
            encoder.call("update_statistics", batch)
        if step % CUT_EVERY == 0:
            cast("SparseEquation", equation.body).cut(torch.full((1,), CUT))


def _batches(windows: Tensor) -> Iterator[Tensor]:
    for _ in range(STEPS):
        yield windows[torch.randint(len(windows), (BATCH,))][None]
