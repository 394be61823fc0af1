"""Which qubits of a device a circuit is put on."""

from __future__ import annotations

from typing import Any

# The same circuit is put on the same qubits by the same gates every time.
SEED = 1


def transpiled(circuit: Any, backend: Any) -> Any:
    """The circuit in the gates of a backend: of two qubits on the best pair, larger ones where the transpiler puts them."""
    from qiskit.transpiler import generate_preset_pass_manager

    options: dict[str, Any] = {"optimization_level": 3}
    if circuit.num_qubits == 2:
        options = {"optimization_level": 1, "initial_layout": best_pair(backend.target)}
    return generate_preset_pass_manager(backend=backend, seed_transpiler=SEED, **options).run(circuit)


def best_pair(target: Any) -> list[int]:
    """The coupled pair with the smallest error of its gate and of reading its first qubit, the one that is measured."""
    gates = [name for name in ("ecr", "cz", "cx") if name in target.operation_names]
    best = None
    for name in gates:
        for pair, properties in target[name].items():
            error = getattr(properties, "error", None)
            if error is None or error >= 1:
                continue
            for first, second in (pair, pair[::-1]):
                reading = target["measure"].get((first,)) if "measure" in target.operation_names else None
                total = error + (getattr(reading, "error", None) or 0)
                if best is None or total < best[0]:
                    best = (total, [first, second])
    return best[1] if best else [0, 1]
