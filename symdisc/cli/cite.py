"""``symdisc cite``: what to cite for a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def cite(run: Annotated[Path, typer.Argument(help="Folder of a run.")]) -> None:
    """Print BibTeX for what RUN used: symdisc, its method, data set and plugins."""
    from symdisc.citation import citations
    from symdisc.registry import default_host
    from symdisc.result import load
    from symdisc.run_folder import RunFolder, read_config

    folder = RunFolder.open(run)
    provenance = load(folder.path).provenance if folder.result.is_dir() else {}
    entries = citations(read_config(folder.config), provenance, default_host())
    typer.echo("\n\n".join(entries))
