import SpikeDatasets

extension InstallationCheck {
    /// One finding a data set of the catalogue. Any one of them is enough to train on; without one, the first is
    /// missing, which is the one that training takes by default.
    var dataSets: [Finding] {
        let searchPath = DatasetSearchPath(environment: environment)
        let findings = DatasetCatalog.entries.map { finding($0, in: searchPath) }
        guard let first = findings.first, findings.allSatisfy({ $0.status != .ok }) else { return findings }
        return [Finding(first.check, .missing, first.found, remedy: first.remedy)] + findings.dropFirst()
    }

    private func finding(_ entry: CatalogEntry, in searchPath: DatasetSearchPath) -> Finding {
        let check = "data: \(entry.name)"
        do throws(DatasetError) {
            let path = try entry.paths(in: searchPath).values.min() ?? ""
            return Finding(check, .ok, String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        } catch {
            guard case .filesNotFound(_, _, let shortcomings, let remedies) = error else {
                return Finding(check, .warning, "\(error)", remedy: "sqsnn data fetch \(entry.name)")
            }
            let found = shortcomings.isEmpty ? "not found" : shortcomings.joined(separator: "; ")
            return Finding(check, .warning, found, remedy: remedies.joined(separator: ", or "))
        }
    }
}
