extension ComplexMatrix {
    /// The element that differs most from that of the identity; NaN counts as farthest.
    package var farthestFromIdentity: (distance: Double, row: Int, column: Int) {
        var worst = (distance: 0.0, row: 0, column: 0)
        for row in 0..<rowCount {
            for column in 0..<columnCount {
                let difference = self[row, column] - (row == column ? .one : .zero)
                let distance = difference.squaredMagnitude.squareRoot()
                if distance.isNaN { return (.infinity, row, column) }
                if distance > worst.distance { worst = (distance, row, column) }
            }
        }
        return worst
    }
}
