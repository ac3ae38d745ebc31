"""Pictures of handwritten digits, each turned by a random angle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.extras import needed

_SIDE = 8
_FULL_INK = 16
_ORDERS: dict[str, Literal[1, 3]] = {"linear": 1, "cubic": 3}


class DigitsRotatedOptions(Options):
    """Options of ``digits-rotated``."""

    copies: int = Field(1, ge=1, description="Turned copies of each of the 1,797 pictures [1]")
    max_angle: float = Field(
        45.0, ge=0, le=180, description="Largest angle, to either side [degree]"
    )
    interpolation: Literal["linear", "cubic"] = Field(
        "linear", description="How values between pixels are found [1]"
    )
    blur: float = Field(
        0.0,
        ge=0,
        description="Width of the Gaussian that turned pictures are blurred by, for methods that "
        "look at differences of neighbouring pixels [pixel]",
    )
    seed: int = Field(0, ge=0, description="Seed of the random angles [1]")


@final
class DigitsRotated(Dataset):
    """Handwritten digits on 8×8 pixels, labelled 0 to 9, each turned about its centre.

    A state is a picture, row by row from the top, with ink from 0 to 1 (cubic interpolation may
    overshoot a little). A point (x, y) of the picture, x to the right and y down, is at
    exp(α L)(x, y, 1) after the turn, with the true generator L =
    [[0, −1, 0], [1, 0, 0], [0, 0, 0]] and α uniform in ±``max_angle``; positive angles turn
    clockwise. What comes in from outside is blank. All copies of a picture are turned
    independently; with more than one, copies of a picture come into different parts of a split,
    and held-out rows are no longer independent of those that were trained on.

    A turn by a small angle leaves the digit as it is, and the pictures' law nearly so: within
    ±45° the symmetry is that of the digit given the picture; a 6 turned upside down is a 9.

    The pictures are the test set of Alpaydin and Kaynak, Optical Recognition of Handwritten
    Digits, UCI Machine Learning Repository (1998), doi:10.24432/C50P49, as scikit-learn brings
    them along.
    """

    Options: ClassVar[type[Options]] = DigitsRotatedOptions
    recommended: ClassVar[Mapping[str, Any]] = {"discriminator": "conv"}
    licence: ClassVar[str] = "CC BY 4.0, from the UCI Machine Learning Repository."
    cache_version: ClassVar[int | None] = 1
    symmetry: ClassVar[str] = "SO(2): rotation of the picture, within 45 degrees"
    shape: ClassVar[tuple[int, ...]] = (1797, 64)
    description: ClassVar[str] = (
        "Small grey pictures of handwritten digits, each turned by a random angle, and which "
        "digit it is. Turning the picture a little does not change what is written on it: the "
        "symmetry is a rotation of the picture's plane."
    )

    def __init__(self, options: DigitsRotatedOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`.

        Raises:
            DataError: scikit-learn is not installed.
        """
        digits = needed("sklearn.datasets", "digits-rotated").load_digits()
        pictures = np.repeat(digits.images / _FULL_INK, self.options.copies, axis=0)
        labels = np.repeat(digits.target, self.options.copies)
        rng = np.random.default_rng(self.options.seed)
        angles = np.deg2rad(self.options.max_angle) * rng.uniform(-1, 1, len(pictures))
        turned = turn(pictures, angles, _ORDERS[self.options.interpolation])
        if self.options.blur > 0:
            width = (0, self.options.blur, self.options.blur)
            turned = ndimage.gaussian_filter(turned, width, mode="constant")
        return RawData(
            states=turned.reshape(len(turned), -1),
            targets=labels.astype(np.int64),
            representation=f"G{_SIDE}x{_SIDE}",
            names=tuple(f"row{i}col{j}" for i in range(_SIDE) for j in range(_SIDE)),
            units=("ink",) * _SIDE**2,
            truth=np.array([[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]]),
        )


def turn(pictures: NDArray[Any], angles: NDArray[Any], order: Literal[1, 3]) -> NDArray[np.float64]:
    """Turn pictures ``(N, rows, columns)`` clockwise about their centres.

    Args:
        pictures: Grey values.
        angles: ``(N,)`` in radians.
        order: Order of the interpolating spline.

    Returns:
        The turned pictures; what comes in from outside is 0.
    """
    centre = (np.array(pictures.shape[1:]) - 1) / 2
    turned = np.empty(pictures.shape)
    for picture, angle, out in zip(pictures, angles, turned, strict=True):
        # The value at a place comes from where the place was before; coordinates are (y, x).
        back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        ndimage.affine_transform(picture, back, centre - back @ centre, output=out, order=order)
    return turned
