import QuantumCircuits

/// Products of Pauli matrices on some qubits by number: digits 0 to 3 in base 4 for 1, X, Y, Z, qubit 0 the most
/// significant. The order of a ``PauliTransferMatrix``.
struct PauliIndex {
    let qubitCount: Int

    /// Products, 4^n.
    var count: Int { 1 << (2 * qubitCount) }

    private func shift(_ qubit: Int) -> Int { 2 * (qubitCount - 1 - qubit) }

    func digit(_ index: Int, _ qubit: Int) -> Int { (index >> shift(qubit)) & 3 }

    func replacing(_ index: Int, _ qubit: Int, by digit: Int) -> Int {
        (index & ~(3 << shift(qubit))) | digit << shift(qubit)
    }

    /// The product that a generator turns a product A into: B with i A P = B, or nil where i A P is −B or A commutes
    /// with P.
    ///
    /// - Parameter generator: digits of P on the qubits it acts on.
    func partner(of index: Int, generator: [(qubit: Int, digit: Int)]) -> Int? {
        var (power, product) = (1, index)
        for (qubit, digit) in generator {
            let found = self.digit(index, qubit)
            product = replacing(product, qubit, by: found ^ digit)
            guard found != 0, found != digit else { continue }
            // X Y = i Z and cyclically.
            power += digit == found % 3 + 1 ? 1 : 3
        }
        return power % 4 == 0 ? product : nil
    }
}
