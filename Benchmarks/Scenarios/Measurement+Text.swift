extension Measurement {
    /// What the tables write of a measurement.
    var medianText: String { Quantity.seconds(timing.median) }
    var minimumText: String { Quantity.seconds(timing.minimum) }
    func rateText(_ unit: String) -> String { "\(Quantity.text(rate)) \(unit)/s" }
    var allocationsText: String { allocations.map(String.init) ?? "–" }
    /// The first cells of a row: name, median, minimum, rate.
    func cells(_ name: String, unit: String) -> [String] {
        [name, medianText, minimumText, rateText(unit)]
    }
    var peakMemoryText: String { peakMemoryBytes.map(Quantity.megabytes) ?? "–" }
}

extension Goal {
    /// The goal, and whether it was met where that is known.
    func text(isMet: Bool?) -> String { text + (isMet.map { $0 ? ": met" : ": missed" } ?? "") }
}
