"""A number that tells whether samples are the same as before."""

from __future__ import annotations

import hashlib

import numpy as np

from symdisc.data.samples import Samples


def fingerprint(samples: Samples) -> str:
    """SHA-256 of all values, shapes and types of the samples, in hexadecimal.

    Names, units and the source do not count: training does not depend on them.
    """
    digest = hashlib.sha256()
    digest.update(f"{samples.representation} {samples.target_representation}".encode())
    for tensor in (samples.states, samples.trajectory, samples.targets):
        if tensor is None:
            digest.update(b"none")
            continue
        array = tensor.cpu().contiguous().numpy()
        digest.update(f"{array.dtype.str} {array.shape}".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
