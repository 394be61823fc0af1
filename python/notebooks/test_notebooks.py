"""Every notebook runs from top to bottom, in a folder of its own; its last cell asserts what its text says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

import sqsnn

FOLDER = Path(__file__).parent
#: What each needs beside NumPy and matplotlib.
PACKAGES = {
    "from-qiskit": ["qiskit", "sklearn", "torch"],
    "from-snntorch": ["nir", "sklearn", "snntorch", "torch"],
    "looking-inside": [],
    "pytorch-layer": ["sklearn", "torch"],
    "scikit-learn": ["joblib", "sklearn", "statsmodels"],
}
DATASETS = {"looking-inside": "fashion-mnist"}
LARGEST_SIZE = 300_000
SECONDS = 300


def test_all_are_listed():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(PACKAGES)


@pytest.mark.parametrize("name", PACKAGES)
def test_notebook(name, tmp_path):
    needed = ["ipykernel", "matplotlib", *PACKAGES[name]]
    missing = [package for package in needed if importlib.util.find_spec(package) is None]
    if missing:
        pytest.skip(f"{name}: not installed: {', '.join(missing)}")
    if name in DATASETS:
        try:
            sqsnn.datasets.load(DATASETS[name])
        except ValueError as error:
            pytest.skip(f"{name}: {error}")
    path = FOLDER / f"{name}.ipynb"
    assert path.stat().st_size < LARGEST_SIZE
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    assert not list(tmp_path.iterdir()), "files left behind"
