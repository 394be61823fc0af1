"""Figures by matplotlib: rasters of spikes, what neurons remember, learning curves.

Each function draws on ``ax``, or on a new figure without it, and returns the axes. Colours are
those of Okabe and Ito, which people with colour blindness tell apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe and Ito (2008): black, orange, sky blue, bluish green, blue, vermillion, reddish purple;
#: the yellow of the eight is left out, which is too light for lines on white.
OKABE_ITO = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7")

#: What curves of ``metrics.jsonl`` are called and measured in, and by how much numbers are
#: multiplied.
CURVES = {
    "loss": ("Loss (nats)", 1.0),
    "regulariser": ("Regulariser", 1.0),
    "train_accuracy": ("Accuracy (%)", 100.0),
    "test_accuracy": ("Accuracy (%)", 100.0),
    "validation_accuracy": ("Accuracy (%)", 100.0),
    "spikes_per_step": ("Spikes per sample and step", 1.0),
    "seconds": ("Time of an epoch (s)", 1.0),
}


def raster(
    spikes: np.ndarray | str | Path,
    ax: Axes | None = None,
    *,
    population: str | None = None,
    step_ms: float | None = None,
) -> Axes:
    """A mark for each spike, time to the right and neurons upwards.

    Parameters
    ----------
    spikes
        Shape (steps, neurons), or (steps, neurons, channels), whose channels lie one above the
        other in each neuron and have colours; not 0 where there is a spike. Or an ``.npz`` file of
        ``sqsnn network run --output`` or ``sqsnn activity --output``.
    ax
        What to draw on.
    population
        Of a file: whose spikes.
    step_ms
        Milliseconds of a step, for an axis of time; by default the axis counts steps.
    """
    array = _activity(spikes, population, "spikes", "spikes")
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3:
        raise ValueError(
            f"spikes: found shape {array.shape}, expected (steps, neurons[, channels])"
        )
    ax = _axes(ax)
    steps, neurons, channels = array.shape
    for channel in range(channels):
        times, places = np.nonzero(array[:, :, channel])
        rows = places + (channel + 0.5) / channels - 0.5
        ax.scatter(
            times * _duration(step_ms), rows, s=12, marker="|" if channels == 1 else ".",
            color=_color(channel), label=f"channel {channel}")  # fmt: skip
    ax.set_xlim(-0.5 * _duration(step_ms), (steps - 0.5) * _duration(step_ms))
    ax.set_ylim(-0.5, neurons - 0.5)
    _label_time(ax, step_ms)
    ax.set_ylabel("Neuron")
    if channels > 1:
        ax.legend()
    return ax


def memory(
    values: np.ndarray | str | Path,
    ax: Axes | None = None,
    *,
    population: str | None = None,
    neuron: int = 0,
    labels: Sequence[str] | None = None,
    step_ms: float | None = None,
) -> Axes:
    """What a neuron remembers over time: Bloch components of its memory qubits, or its potential.

    Parameters
    ----------
    values
        Shape (steps, quantities), of one neuron; (steps, neurons, quantities), of which ``neuron``
        is drawn. Or an ``.npz`` file as of :func:`raster`, written with ``--record memory``.
    ax
        What to draw on.
    population, neuron
        Whose memory.
    labels
        Names of the quantities, shape (quantities,); a file has its own.
    step_ms
        As in :func:`raster`.
    """
    array = _activity(values, population, "memory", "values")
    if isinstance(values, str | Path):
        with np.load(values) as arrays:
            labels = [
                name.decode() for name in arrays[f"{_found(arrays, population)}/memory_labels"]
            ]
    if array.ndim == 3:
        if not 0 <= neuron < array.shape[1]:
            raise ValueError(f"neuron: found {neuron}, expected 0 to {array.shape[1] - 1}")
        array = array[:, neuron]
    if array.ndim != 2:
        raise ValueError(
            f"values: found shape {array.shape}, expected (steps[, neurons], quantities)"
        )
    labels = (
        list(labels) if labels is not None else [f"quantity {k}" for k in range(array.shape[1])]
    )
    if len(labels) != array.shape[1]:
        raise ValueError(f"labels: found {len(labels)}, expected {array.shape[1]}, one a quantity")
    ax = _axes(ax)
    times = np.arange(len(array)) * _duration(step_ms)
    for index, (label, curve) in enumerate(zip(labels, array.T, strict=True)):
        # Colours come again after seven curves; then other lines tell them apart.
        style = ("-", "--", ":", "-.")[index // len(OKABE_ITO) % 4]
        ax.plot(times, curve, style, color=_color(index), label=_spoken(label))
    _label_time(ax, step_ms)
    is_potential = all(label == "potential" for label in labels)
    ax.set_ylabel(
        "Membrane potential (dimensionless)"
        if is_potential
        else "Expectation value"
    )
    if not is_potential:
        ax.set_ylim(-1.05, 1.05)
    if len(labels) > 1:
        ax.legend()
    return ax


def bloch(vectors: np.ndarray, ax: Axes | None = None, *, step_ms: float | None = None) -> Axes:
    """The Bloch vectors of one neuron's memory qubits over time.

    Parameters
    ----------
    vectors
        Shape (steps, memory qubits, 3), ⟨X⟩, ⟨Y⟩ and ⟨Z⟩: ``memory_bloch`` of a case of ``sqsnn
        neuron trace --json``.
    ax
        What to draw on.
    step_ms
        As in :func:`raster`.
    """
    array = np.asarray(vectors)
    if array.ndim != 3 or array.shape[2] != 3:
        raise ValueError(f"vectors: found shape {array.shape}, expected (steps, memory qubits, 3)")
    labels = [f"memory_{qubit}_{axis}" for qubit in range(array.shape[1]) for axis in "xyz"]
    return memory(array.reshape(len(array), -1), ax, labels=labels, step_ms=step_ms)


def learning_curves(
    metrics: str | Path | Sequence[Mapping[str, Any]],
    ax: Axes | None = None,
    *,
    curves: Sequence[str] = ("train_accuracy", "validation_accuracy", "test_accuracy"),
) -> Axes:
    """How a training went, epoch by epoch.

    Parameters
    ----------
    metrics
        Folder of a run, its ``metrics.jsonl``, or the objects of its lines.
    ax
        What to draw on.
    curves
        Fields of the lines, all of one unit (:data:`CURVES`). Fields that no line has are left out
        where another one is there: a run measures on validation samples or on test samples.

    Raises
    ------
    ValueError
        For fields of several units, unknown ones, and where no line has any.
    """
    lines = _metrics(metrics)
    for curve in curves:
        if curve not in CURVES:
            raise ValueError(f"curves: found {curve!r}, expected some of {', '.join(CURVES)}")
    units = {CURVES[curve] for curve in curves}
    if len(units) != 1:
        names = ", ".join(sorted(name for name, _ in units)) or "none"
        raise ValueError(
            f"curves: found the units {names}, expected fields of one; draw one ax each"
        )
    [(unit, factor)] = units
    found = [curve for curve in curves if any(line.get(curve) is not None for line in lines)]
    if not found:
        raise ValueError(f"metrics: found {len(lines)} lines without {', '.join(curves)}")
    ax = _axes(ax)
    from matplotlib.ticker import MaxNLocator

    for index, curve in enumerate(found):
        points = [(line["epoch"], line[curve]) for line in lines if line.get(curve) is not None]
        epochs, numbers = np.array(points, float).T
        label = curve.removesuffix("_accuracy").replace("_", " ")
        marker = ("o", "s", "^")[index % 3]
        ax.plot(epochs, factor * numbers, color=_color(index + 4), marker=marker, label=label)
    ax.set_xlabel("Epoch")
    ax.set_ylabel(unit)
    # Between two epochs there is none.
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(found) > 1:
        ax.legend()
    return ax


def _activity(
    values: np.ndarray | str | Path, population: str | None, quantity: str, argument: str
) -> np.ndarray:
    """An array as it is, or the one of a population in a file."""
    if not isinstance(values, str | Path):
        if population is not None:
            raise ValueError(
                f"population: found {population!r} with an array, expected it with a file"
            )
        return np.asarray(values)
    with np.load(values) as arrays:
        name = f"{_found(arrays, population)}/{quantity}"
        if name not in arrays:
            raise ValueError(f"{argument}: found no {name!r} in {values}, only {', '.join(arrays)}")
        return arrays[name]


def _found(arrays: Mapping[str, np.ndarray], population: str | None) -> str:
    names = sorted({name.rpartition("/")[0] for name in arrays})
    if population not in names:
        raise ValueError(f"population: found {population!r}, expected one of {', '.join(names)}")
    return population


def _metrics(metrics: str | Path | Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    if not isinstance(metrics, str | Path):
        return metrics
    path = Path(metrics)
    if path.is_dir():
        path /= "metrics.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _axes(ax: Axes | None) -> Axes:
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError("matplotlib is not installed: pip install sqsnn[plot]") from error
    return pyplot.figure(layout="constrained").add_subplot() if ax is None else ax


def _color(index: int) -> str:
    return OKABE_ITO[index % len(OKABE_ITO)]


def _duration(step_ms: float | None) -> float:
    """Of a step, in the unit of the axis."""
    return 1.0 if step_ms is None else step_ms


def _label_time(ax: Axes, step_ms: float | None) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.set_xlabel("Time (steps)" if step_ms is None else "Time (ms)")
    if step_ms is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def _spoken(label: str) -> str:
    """Of a Bloch component as files call it, ``memory_0_x``, the expectation value."""
    parts = label.split("_")
    if len(parts) == 3 and parts[0] == "memory" and parts[2] in ("x", "y", "z"):
        return f"⟨{parts[2].upper()}⟩ of memory qubit {parts[1]}"
    return label
