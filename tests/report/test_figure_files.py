from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from latent_toy import found_in, toy_host, trajectories

from symdisc.errors import DataError, OutputError
from symdisc.report.figure_files import write_figures
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.run_folder import RunFolder


def test_every_figure_is_a_png_with_a_caption(run: Path) -> None:
    files = write_figures(run)
    assert [(file.section, file.path.name) for file in files] == [
        ("generators", "generators.png"),
        ("tested", "references.png"),
        ("tested", "power.png"),
        ("kept", "kept_form.png"),
        ("orbits", "orbits.png"),
        ("seeds", "agreement.png"),
        ("seeds", "seeds.png"),
        ("training", "losses_liegan.png"),
    ]
    for file in files:
        assert file.path.read_bytes().startswith(b"\x89PNG")
        assert file.caption.endswith(".")
        assert "{" not in file.caption


def test_stages_are_shown_in_the_order_in_which_they_trained(run: Path) -> None:
    (first,) = (run / "metrics").glob("*.csv")
    header, *rows = first.read_text().splitlines()
    for name, begun in (("a", 9.0), ("z", 0.1), ("c", 4.0)):
        late = [row.replace(",0.5,", f",{begun},") for row in rows]
        (run / "metrics" / f"{name}.csv").write_text("\n".join([header, *late]) + "\n")
    (run / "metrics" / "b.csv").write_text(header + "\n")
    shown = [file.path.stem for file in write_figures(run) if file.section == "training"]
    assert shown == [f"losses_{name}" for name in ("b", "z", "liegan", "c", "a")]


def names(result: SymmetryResult, path: Path) -> list[str]:
    folder = RunFolder.create(path)
    folder.write_config({})
    result.save(folder.result)
    return [file.path.name for file in write_figures(folder.path)]


def test_several_generators_have_files_of_their_own_and_one_picture_of_space(
    full_algebra: SymmetryResult, tmp_path: Path
) -> None:
    seeds = [f"seeds_{i}.png" for i in (1, 2, 3)]
    space = ["generators.png", "kept_form.png", "orbits_in_space.png"]
    assert names(full_algebra, tmp_path / "run") == [*space, "agreement.png", *seeds]


def test_blocks_of_other_lengths_are_shown_in_planes_as_well(
    full_algebra: SymmetryResult, tmp_path: Path
) -> None:
    matrix = torch.zeros(1, 5, 5, dtype=torch.float64)
    matrix[0, :3, :3] = full_algebra.generators[0]
    matrix[0, 3:, 3:] = full_algebra.generators[0, :2, :2]
    mixed = replace(
        full_algebra,
        generators=matrix,
        seed_generators=matrix[None],
        mask=torch.ones(5, 5, dtype=torch.float64),
        blocks=((0, 1, 2), (3, 4)),
        representation=Representation.vector(5),
        preview=torch.randn(20, 1, 5, generator=torch.Generator().manual_seed(0)),
        names=(),
        units=(),
    )
    found = names(mixed, tmp_path / "run")
    assert {"orbits_in_space.png", "orbits.png"} <= set(found)


def test_images_have_strips_and_a_field(images: SymmetryResult, tmp_path: Path) -> None:
    assert names(images, tmp_path / "run") == [
        "generators.png",
        "field.png",
        "orbits.png",
        "agreement.png",
        "seeds.png",
    ]


def test_a_form_that_is_not_kept_has_no_picture(
    full_algebra: SymmetryResult, tmp_path: Path
) -> None:
    scaling = replace(full_algebra, generators=torch.eye(3, dtype=torch.float64)[None])
    assert "kept_form.png" not in names(scaling, tmp_path / "run")


def test_writing_again_replaces(run: Path) -> None:
    first = [file.path.read_bytes() for file in write_figures(run)]
    assert [file.path.read_bytes() for file in write_figures(run)] == first


def test_no_run_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a run folder"):
        write_figures(tmp_path)


def test_figures_that_cannot_be_written(run: Path) -> None:
    (run / "figures").write_text("in the way")
    with pytest.raises(OutputError, match=r"cannot write figures to .*figures: File exists"):
        write_figures(run)


def test_learned_coordinates_have_pictures_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, _ = found_in(trajectories(20, 30))
    every = ["generators.png", "kept_form.png", "latent_orbits.png", "decoded_orbits.png"]
    without = [name for name in every if name != "decoded_orbits.png"]
    assert names(result, tmp_path / "a") == [*without, "agreement.png", "seeds.png"]
    monkeypatch.setattr("symdisc.latent_space.default_host", toy_host)
    assert names(result, tmp_path / "b") == [*every, "agreement.png", "seeds.png"]


def test_latent_points_of_single_rows_are_shown_as_points(tmp_path: Path) -> None:
    result, _ = found_in(np.concatenate(trajectories(20, 30)))
    assert "orbits.png" in names(result, tmp_path / "a")
