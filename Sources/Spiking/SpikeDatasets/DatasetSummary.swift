import Files

/// What can be said about a data set in a few lines: the contents of `sqsnn data info`.
public struct DatasetSummary: Sendable, Codable, Hashable {
    /// One of the two parts.
    public struct Part: Sendable, Codable, Hashable {
        /// Samples.
        public let count: Int
        /// Samples of each class, in the order of ``DatasetSummary/classNames``.
        public let classCounts: [Int]
        /// Mean of all pixels, 0…1; nil of samples over time.
        public let meanIntensity: Double?
        /// Events of all samples over time; nil of images and of numbers.
        public let events: Int?

        init(_ data: LabelledDataset) {
            count = data.count
            var counts = [Int](repeating: 0, count: data.classCount)
            for label in data.labels { counts[Int(label)] += 1 }
            classCounts = counts
            switch data {
            case .images(let images): (meanIntensity, events) = (images.meanIntensity, nil)
            case .spikes(let spikes): (meanIntensity, events) = (nil, spikes.eventCount)
            case .series: (meanIntensity, events) = (nil, nil)
            }
        }

        fileprivate var text: String {
            if let events { return "\(count) samples, \(events) events" }
            guard let meanIntensity else { return "\(count) series" }
            return "\(count) images, mean intensity \(String(printf: "%.3f", meanIntensity))"
        }
    }

    public let name: String
    public let summary: String
    public let licence: String
    public let source: String
    /// How the set is divided.
    public let note: String
    /// Pixels of a row; of sounds bands of frequencies, of series dimensions.
    public let width: Int
    /// Rows; of series inputs of a dimension.
    public let height: Int
    public let classNames: [String]
    public let train: Part
    public let test: Part
    public let files: [DatasetFile]

    /// - Complexity: O(pixels) for the mean intensities.
    public init(_ entry: CatalogEntry, _ splits: DatasetSplits<LabelledDataset>) {
        name = entry.name
        summary = entry.summary
        licence = entry.licence
        source = entry.source
        note = splits.note
        width = entry.width
        height = entry.height
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
            "  shape     \(height) × \(width) \(train.events == nil ? "pixels" : "inputs"), \(classNames.count) classes",
            "  train     \(train.text)",
            "  test      \(test.text)",
            "  classes   " + "".padded(to: longest + 4) + "  train    test",
        ]
        let classes = classNames.indices.map { label in
            "            \(label)  \(classNames[label].padded(to: longest + 1))"
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

    private static func column(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: " ", count: max(1, 8 - digits.count)) + digits
    }
}

extension DatasetFile {
    /// What the comparison with the catalogue gave, in words.
    var finding: String {
        switch verification {
        case .contentMatches: "matches the catalogue"
        case .archiveMatches: "the gzip file matches the published digest"
        case .nothingToCompare:
            "NOT VERIFIED: no digest of it as it is here is published"
        }
    }
}
