"""How fast the kernels are: against other ways to compute the same, and against the machine.

``measure_case`` times contenders on one problem, ``rows_of`` adds rates and shares of the machine's
peak, ``scaling_figure`` draws them. Both ``symdisc bench kernels`` and the scripts of the
repository's ``benchmarks/kernels`` stand on these.
"""

from symdisc_kernels.benchmark.cases import DIRECTIONS, Case, Problem, make_problem
from symdisc_kernels.benchmark.contenders import BASELINE, Contender, contenders
from symdisc_kernels.benchmark.figure import scaling_figure
from symdisc_kernels.benchmark.measurement import Measurement, measure_case, threads
from symdisc_kernels.benchmark.peaks import Peaks, peaks_of
from symdisc_kernels.benchmark.records import COLUMNS, rows_of, write_csv

__all__ = [
    "BASELINE",
    "COLUMNS",
    "DIRECTIONS",
    "Case",
    "Contender",
    "Measurement",
    "Peaks",
    "Problem",
    "contenders",
    "make_problem",
    "measure_case",
    "peaks_of",
    "rows_of",
    "scaling_figure",
    "threads",
    "write_csv",
]
