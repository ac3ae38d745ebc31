"""What the documents promise: links that lead somewhere and code that runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from made_elements import judged_as, mirrored
from made_results import make

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "kernels" / "README.md",
    ROOT / "benchmarks" / "kernels" / "README.md",
    ROOT / "benchmarks" / "methods" / "README.md",
    ROOT / "benchmarks" / "algebra" / "README.md",
    ROOT / "benchmarks" / "data" / "README.md",
    ROOT / "benchmarks" / "verify" / "README.md",
    ROOT / "plugins" / "symdisc_atlasd" / "README.md",
    ROOT / "plugins" / "symdisc_basics" / "README.md",
    ROOT / "plugins" / "symdisc_laligan" / "README.md",
    ROOT / "plugins" / "symdisc_liegan" / "README.md",
    ROOT / "plugins" / "symdisc_vector_field" / "README.md",
    ROOT / "benchmarks" / "fields" / "README.md",
]
README = DOCUMENTS[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!http)([^)#]+)", text)
    assert [link for link in links if not (document.parent / link).exists()] == []
    assert "@@" not in text


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def run(code: str, folder: Path, path: Path | None = None) -> str:
    environment = os.environ | {"PYTHONPATH": str(path or "")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_kernel_example_runs(tmp_path: Path) -> None:
    (code,) = [block for block in blocks("python") if "group_action" in block]
    assert run(code + "print(tuple(y.shape))\n", tmp_path) == "(10000, 1, 4)\n"


def test_the_python_example_runs(tmp_path: Path) -> None:
    (code,) = [block for block in blocks("python") if "discover(x, y, n_generators" in block]
    code = code.replace("n_generators=1)", "n_generators=1, seeds=2, steps=20)")
    setting = (
        "import numpy as np; x = np.random.default_rng(0).normal(size=(200, 2)); "
        "y = (x**2).sum(1)\n"
    )
    run(setting + code, tmp_path)
    assert (tmp_path / "my-result" / "result.json").is_file()


def test_the_example_with_a_table_runs(tmp_path: Path) -> None:
    (code,) = [block for block in blocks("python") if "pd.DataFrame" in block]
    code = code.replace('standardise="scale")', 'standardise="scale", seeds=2, steps=20)')
    setting = (
        "from symdisc import discover; import numpy as np; "
        "x = np.random.default_rng(0).normal(size=(60, 2)); y = (x**2).sum(1)\n"
    )
    shown = run(setting + code + "print(result.names, result.units)\n", tmp_path)
    assert shown == "('q', 'p') ('km', 'kg m/s')\n"


def test_the_example_with_vector_fields_runs(tmp_path: Path) -> None:
    (code,) = [block for block in blocks("python") if "discover_in" in block]
    setting = (
        "from symdisc import discover; import numpy as np; "
        "x = np.random.default_rng(0).normal(size=(1500, 2)); y = x[:, 0] ** 2 + 4 * x[:, 1] ** 2\n"
        "model = lambda x: x[:, 0] ** 2 + 4 * x[:, 1] ** 2\n"
    )
    shown = run(setting + code + "print(result.fields.text(), result.holds)\n", tmp_path)
    assert "∂/∂x1" in shown
    assert shown.endswith("True\n")


def test_the_example_with_discrete_elements_runs(tmp_path: Path) -> None:
    (code,) = [block for block in blocks("python") if "result.discrete.held" in block]
    make(discrete=mirrored().tested(judged_as("confirmed"))).save(tmp_path / "found")
    setting = "import symdisc; import numpy as np; result = symdisc.load('found'); x = np.eye(2)\n"
    shown = run(setting + code + "print(result.discrete.group, result.discrete.names)\n", tmp_path)
    assert shown == "Z2 ('identity', 'reflection')\n"


def test_the_command_with_columns_runs(tmp_path: Path) -> None:
    (line,) = [line for line in README.splitlines() if "--columns" in line]
    values = np.random.default_rng(0).normal(size=(60, 4))
    header = "q1,q2,other,energy"
    np.savetxt(tmp_path / "orbits.csv", values, delimiter=",", header=header, comments="")
    command = [*shlex.split(line)[1:], "--seeds", "2", "--steps", "20", "--quiet", "--out", "run"]
    code = f"from symdisc.cli import main; raise SystemExit(main({command}))"
    assert "Report:" in run(code, tmp_path)
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "orbits.csv (states q1, q2; targets energy)" in page


def test_the_plugin_example_works(tmp_path: Path) -> None:
    """Installed as pip would: the modules and the entry point in one folder on the path."""
    sources = [block for block in blocks("python") if block.startswith("# acme")]
    (table,) = blocks("toml")
    for source in sources:
        (tmp_path / source.splitlines()[0].removeprefix("# ")).write_text(source)
    info = tmp_path / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    entry = table.splitlines()[1].replace('"', "")
    (info / "entry_points.txt").write_text(f"[symdisc.plugins]\n{entry}\n")
    np.save(tmp_path / "rows.npy", np.random.default_rng(0).normal(size=(200, 2)))
    command = ["discover", "rows.npy", "--discriminator", "acme:linear", "--seeds", "2"]
    command += ["--steps", "20", "--quiet", "--out", "run"]
    code = f"from symdisc.cli import main; raise SystemExit(main({command}))"
    assert "Report:" in run(code, tmp_path, tmp_path)
    assert "acme" in run(
        "from symdisc.cli import main; main(['plugins', 'list'])", tmp_path, tmp_path
    )
