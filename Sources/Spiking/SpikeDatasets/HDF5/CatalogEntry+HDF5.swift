import HDF5Files

extension CatalogEntry {
    /// Reads both parts from one file, which is compared with its digest before HDF5 sees it.
    func read(
        _ images: HDF5Images, at paths: [String: String]
    ) throws(DatasetError) -> DatasetSplits<ImageDataset> {
        let (file, digest) = try images.file.openHDF5(at: paths[images.file.name, default: images.file.name])
        let record = DatasetFile(
            name: images.file.name, path: file.path, contentDigest: digest, verification: .contentMatches)
        let train = try read("train", count: images.trainCount, of: images, in: file)
        if let division = images.division {
            let parts = try train.divided(division)
            return DatasetSplits(train: parts.train, test: parts.test, files: [record], note: note)
        }
        let test = try read("test", count: images.testCount, of: images, in: file)
        return DatasetSplits(train: train, test: test, files: [record], note: note)
    }

    /// One part: the images whose labels are wanted, in the order of the file.
    private func read(
        _ part: String, count: Int, of images: HDF5Images, in file: HDF5File
    ) throws(DatasetError) -> ImageDataset {
        let inputCount = height * width
        func numbers<Number>(
            _ name: String, _ dimensions: [Int], _ read: (HDF5Array) throws(HDF5Error) -> [Number]
        ) throws(DatasetError) -> [Number] {
            try DatasetError.hdf5 { () throws(HDF5Error) in
                try read(file.array(name, dimensions: dimensions))
            }
        }
        let labels = try numbers("\(part)/target", [count]) { array throws(HDF5Error) in
            try file.integers(array)
        }
        let intensities = try numbers("\(part)/data", [count, inputCount]) { array throws(HDF5Error) in
            try file.reals(array)
        }
        var classes: [UInt8] = []
        var pixels: [UInt8] = []
        for (position, label) in labels.enumerated() {
            guard (0..<Int64(images.labelCount)).contains(label) else {
                throw .damaged(
                    path: file.path,
                    .array(
                        "\(part)/target",
                        .outOfRange(
                            value: "\(label)", position: position, expected: "0…\(images.labelCount - 1)")))
            }
            guard let wanted = images.labels.firstIndex(of: Int(label)) else { continue }
            classes.append(UInt8(wanted))
            for element in position * inputCount..<(position + 1) * inputCount {
                let intensity = intensities[element]
                guard let pixel = ImageDataset.pixel(ofIntensity: intensity) else {
                    throw .damaged(
                        path: file.path,
                        .array(
                            "\(part)/data",
                            .outOfRange(value: "\(intensity)", position: element, expected: "0…1")))
                }
                pixels.append(pixel)
            }
        }
        return try ImageDataset(
            name: name, width: width, height: height, classNames: classNames, pixels: pixels, labels: classes)
    }
}

extension ImageDataset {
    /// The pixel nearest to an intensity 0…1, 255 times as large; halves are rounded up. `nil` for any other number.
    ///
    /// The pixel differs from the intensity by at most 1/510 of full scale. Of the 2,001 grey values of USPS,
    /// 0, 0.0005 … 1, it keeps 256.
    static func pixel(ofIntensity intensity: Double) -> UInt8? {
        guard intensity >= 0 && intensity <= 1 else { return nil }
        return UInt8((255 * intensity).rounded())
    }
}
