"""Which packages are installed, without the seconds that it takes to import them."""

from __future__ import annotations

import importlib.metadata

from .failures import Failure

NEEDED = ["qiskit", "qiskit-aer", "qiskit-ibm-runtime", "qiskit-qasm3-import"]


class PackagesTarget:
    def versions(self) -> dict[str, str]:
        versions = {}
        for name in NEEDED:
            try:
                versions[name] = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                raise Failure("unavailable", f"the package {name} is not installed beside the bridge") from None
        return versions
