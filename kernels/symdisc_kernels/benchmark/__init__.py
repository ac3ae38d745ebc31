"""How fast the kernels are: against other ways to compute the same, and against the machine.

``measure_case`` times contenders on one problem, ``rows_of`` adds rates and shares of the machine's
peak, ``figure.scaling_figure`` draws them (the only part that needs matplotlib). Both
``symdisc bench kernels`` and the scripts of the repository's ``benchmarks/kernels`` stand on these.
"""

from symdisc_kernels.benchmark.cases import DIRECTIONS, Case, Problem, make_problem
from symdisc_kernels.benchmark.contenders import BASELINE, Contender, known_contenders
from symdisc_kernels.benchmark.measurement import Measurement, measure_case, threads
from symdisc_kernels.benchmark.peaks import Peaks, peaks_of
from symdisc_kernels.benchmark.records import COLUMNS, Row, origin, rows_of, write_csv

__all__ = [
    "BASELINE",
    "COLUMNS",
    "DIRECTIONS",
    "Case",
    "Contender",
    "Measurement",
    "Peaks",
    "Problem",
    "Row",
    "known_contenders",
    "make_problem",
    "measure_case",
    "origin",
    "peaks_of",
    "rows_of",
    "threads",
    "write_csv",
]
