import Foundation

/// What can be said about a data set in a few lines: the contents of `sqsnn data info`.
public struct DatasetSummary: Sendable, Codable, Hashable {
    /// One of the two parts.
    public struct Part: Sendable, Codable, Hashable {
        public let count: Int
        /// Images of each class, in the order of ``DatasetSummary/classNames``.
        public let classCounts: [Int]
        /// Mean of all pixels, 0…1.
        public let meanIntensity: Double

        init(_ images: ImageDataset) {
            count = images.count
            classCounts = images.classCounts
            meanIntensity = images.meanIntensity
        }
    }

    public let name: String
    public let summary: String
    public let licence: String
    public let source: String
    /// How the set is divided.
    public let note: String
    public let width: Int
    public let height: Int
    public let classNames: [String]
    public let train: Part
    public let test: Part
    public let files: [DatasetFile]

    /// - Complexity: O(pixels) for the mean intensities.
    public init(_ entry: CatalogEntry, _ splits: DatasetSplits<ImageDataset>) {
        name = entry.name
        summary = entry.summary
        licence = entry.licence
        source = entry.source
        note = splits.note
        width = splits.train.width
        height = splits.train.height
        classNames = splits.train.classNames
        train = Part(splits.train)
        test = Part(splits.test)
        files = splits.files
    }
}

extension DatasetSummary {
    /// The summary as lines of text, at most 100 columns where paths allow.
    public var lines: [String] {
        let longest = classNames.map(\.count).max() ?? 0
        let header = [
            "\(name): \(summary)",
            "  source    \(source)",
            "  licence   \(licence)",
            "  split     \(note)",
            "  shape     \(height) × \(width) pixels, \(classNames.count) classes",
            "  train     \(train.count) images, mean intensity \(Self.thousandths(train.meanIntensity))",
            "  test      \(test.count) images, mean intensity \(Self.thousandths(test.meanIntensity))",
            "  classes   " + Self.padded("", to: longest + 4) + "  train    test",
        ]
        let classes = classNames.indices.map { label in
            "            \(label)  \(Self.padded(classNames[label], to: longest + 1))"
                + Self.column(train.classCounts[label]) + Self.column(test.classCounts[label])
        }
        let digests = files.flatMap { file in
            [
                "  file      \(file.path)", "            SHA-256 \(file.contentDigest)",
                "            \(file.finding)",
            ]
        }
        return header + classes + digests
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func column(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: " ", count: max(1, 8 - digits.count)) + digits
    }

    private static func thousandths(_ value: Double) -> String {
        String(format: "%.3f", value)
    }
}

extension DatasetFile {
    /// What the comparison with the catalogue gave, in words.
    var finding: String {
        switch verification {
        case .contentMatches: "matches the catalogue"
        case .archiveMatches: "the gzip file matches the published digest"
        case .nothingToCompare:
            "NOT VERIFIED: only the digest of the gzip file is published, and this is not it"
        }
    }
}
