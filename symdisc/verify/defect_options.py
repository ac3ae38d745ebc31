"""Options of the test on held-out rows and of its verdict."""

from __future__ import annotations

from symdisc.options import Field, Options


class DefectOptions(Options):
    """How held-out rows are moved, blurred, and told from real ones.

    The dither is the resolution of the test: departures from a symmetry that are finer than it
    go unseen. Without it, data that lie on a thin surface could be told from moved ones whatever
    the quality of the generator.
    """

    verifier: str = Field(
        "auto", description="What is tested: auto, which goes by the data, or a name of `list`"
    )
    alpha: float = Field(
        0.05, gt=0, le=0.5, description="Intervals and verdicts hold with confidence 1 − alpha [1]"
    )
    confirmed: float = Field(
        0.2,
        gt=0,
        le=1,
        description="Upper end of a relative defect up to which it is confirmed [1]",
    )
    approximate: float = Field(
        0.6, gt=0, le=1, description="Relative defect up to which a symmetry is approximate [1]"
    )
    confirming_displacement: float = Field(
        0.2, ge=0, le=1, description="Smallest displacement with which one can be confirmed [1]"
    )
    n_elements: int = Field(
        3, ge=0, description="Random elements tested of a span of several generators [1]"
    )
    max_rows: int = Field(8_000, ge=100, description="Most rows that T is computed on [1]")
    min_rows: int = Field(100, ge=20, description="Fewest rows that T is computed on [1]")
    n_references: int = Field(20, ge=5, description="Random generators to compare with [1]")
    displacement: float = Field(
        0.5, gt=0, le=1, description="Median distance moved, over the data's spread [1]"
    )
    min_displacement: float = Field(
        0.05, gt=0, le=1, description="Smallest such distance at which a generator is tested [1]"
    )
    dither: float = Field(
        0.2,
        gt=0,
        description="Noise on each coordinate where data have no targets, over its spread [1]",
    )
    null_dither: float = Field(
        0.5, gt=0, description="The same in directions in which the data hardly vary [1]"
    )
    null_variance: float = Field(
        0.02, gt=0, lt=1, description="Variance below which data hardly vary, over the mean [1]"
    )
    residual_dither: float = Field(
        0.15, gt=0, description="Noise on the residuals of targets, over the targets' spread [1]"
    )
    certain: float = Field(
        0.95,
        gt=0.5,
        lt=1,
        description="Probability of having been moved from which a row is off the support [1]",
    )
    min_support: float = Field(
        0.2,
        ge=0,
        le=1,
        description="Smallest share of moved rows on the support with which a test counts [1]",
    )
    min_reference: float = Field(
        0.001, ge=0, description="What T of random generators must surely exceed [nat]"
    )
    max_reconstruction: float = Field(
        0.01,
        gt=0,
        description="Share of the data's variance that learned coordinates may lose [1]",
    )
    max_condition: float = Field(
        20.0,
        ge=1,
        description="Largest over smallest spread of latent points that a seed may have [1]",
    )
    max_kurtosis: float = Field(
        12.0, ge=1, description="Kurtosis of latent points that a seed may have, normal: 3 [1]"
    )
    min_alignment: float = Field(
        0.9,
        ge=0,
        le=1,
        description="R² of the affine map between the latent points of two seeds that agree [1]",
    )
    max_within_total: float | None = Field(
        None,
        ge=0,
        description="Share of the kept radius's variance within trajectories that a seed may have; "
        "null: any [1]",
    )
    steps: int = Field(120, ge=10, description="Training steps of the classifiers [1]")
    draws: int = Field(4, ge=1, description="Moves and noises averaged for each row [1]")
    resamples: int = Field(2_000, ge=200, description="Bootstrap draws [1]")
