import LinearAlgebra

extension MackeyGlass {
    /// Points that train a read-out, and those after them that test it.
    public struct Span: Hashable, Sendable {
        public let training: Int
        public let test: Int

        /// Ten Lyapunov times each: NeuroBench's.
        public static let published = Span(training: 750, test: 750)
        /// The part that trains, halved: what settings are chosen by.
        public static let validation = Span(training: 375, test: 375)

        /// Points of a series, one more than the steps: each step has the next point as its target.
        public var pointCount: Int { training + test + 1 }
    }

    /// Points that a reservoir is given before its read-out is trained: 0.6 Lyapunov times, as NeuroBench's example has it.
    public static let washout = 45

    public static let repetitions = 1...30

    /// The points of one of several repetitions, each half a Lyapunov time after the one before: NeuroBench makes 30.
    ///
    /// - Parameter repetition: 0 for the first.
    public static func window(of values: [Double], repetition: Int, _ span: Span) -> [Double] {
        let start = repetition * pointsPerLyapunovTime / 2
        return Array(values[start..<start + span.pointCount])
    }

    /// Points that so many repetitions take.
    public static func pointCount(repetitions: Int) -> Int {
        (repetitions - 1) * pointsPerLyapunovTime / 2 + Span.published.pointCount
    }

    /// How well a reservoir goes on with a series by itself: the symmetric mean absolute percentage error
    ///
    ///     sMAPE = 200/n Σ_t |p_t − x_t| / (|p_t| + |x_t|),
    ///
    /// 200 at worst. A linear read-out is trained to give the next point from the point before; in the test the reservoir, as the
    /// training left it, is given the first point and from then on its own answer. Points come in as shares of their range in the
    /// training, and an answer beyond it as its end.
    ///
    /// - Parameters:
    ///   - reservoir: one of a single input.
    ///   - values: ``Span/pointCount`` points.
    ///   - shots: runs that each firing probability is estimated from; nil for exact ones. All shots of a step are over
    ///     before the next begins, for its input is their answer.
    public static func error(
        of reservoir: Reservoir, on values: [Double], _ span: Span, shots: Int? = nil, ridge: Double = 1e-9
    ) throws -> Double {
        let trained = values[..<span.training]
        let low = trained.min() ?? 0
        let width = (trained.max() ?? 1) - low
        var run = reservoir.run(shots: shots)
        return try error(on: values, span, ridge: ridge) { points in
            try run.features(
                RealMatrix(
                    rowCount: points.count, columnCount: 1,
                    elements: points.map { min(max(($0 - low) / width, 0), 1) }))
        }
    }

    /// The same for a linear read-out of the last points themselves.
    ///
    /// - Parameter count: points that it sees, the present one included, at most ``washout``.
    public static func errorOfPoints(
        count: Int, on values: [Double], _ span: Span, ridge: Double = 1e-9
    ) throws -> Double {
        var past = [Double](repeating: 0, count: count)
        return try error(on: values, span, ridge: ridge) { points in
            RealMatrix(
                rowCount: points.count, columnCount: count,
                elements: points.flatMap { point in
                    past = past.dropFirst() + [point]
                    return past
                })
        }
    }

    /// - Parameter features: those of points that follow on the points before, `[point][feature]`.
    private static func error(
        on values: [Double], _ span: Span, ridge: Double, features: ([Double]) throws -> RealMatrix
    ) throws -> Double {
        let answer = try LinearReadout(
            try features(Array(values[..<span.training])), training: washout..<span.training, ridge: ridge
        ).trained(on: Array(values[1...span.training]))
        var point = values[span.training]
        let sum = try values[(span.training + 1)...].prefix(span.test).reduce(0) { sum, truth in
            point = answer(try features([point]), row: 0)
            return sum + abs(point - truth) / (abs(point) + abs(truth))
        }
        let error = 200 * sum / Double(span.test)
        // As NeuroBench counts answers that are no numbers.
        return error.isNaN ? 200 : error
    }
}
