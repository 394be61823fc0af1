import Foundation
import Testing

/// What `sqsnn data list --json` prints, as far as the tests need it.
struct DatasetListing: Decodable {
    struct Dataset: Decodable {
        let name: String
        let folder: String?
    }
    let datasets: [Dataset]
}

/// A folder with the KMNIST test pair as these tests want it: the smallest set of the catalogue, two files.
private struct ImageFolder {
    let folder: TemporaryFolder
    let imagesName = "kmnist/t10k-images-idx3-ubyte"
    let labelsName = "kmnist/t10k-labels-idx1-ubyte"

    init() throws { folder = try TemporaryFolder() }

    var environment: [String: String] {
        ["SQSNN_DATA": folder.path, "XDG_DATA_HOME": "\(folder.path)/home", "HOME": folder.path]
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// Black images, of the right number and size.
    func writeImages(magic: UInt32 = 0x803) throws {
        let header = [magic, 10_000, 28, 28].flatMap(bigEndian)
        try folder.write(header + [UInt8](repeating: 0, count: 10_000 * 784), as: imagesName)
    }

    func writeLabels(_ labels: [UInt8]) throws {
        try folder.write([0x801, UInt32(labels.count)].flatMap(bigEndian) + labels, as: labelsName)
    }

    private func bigEndian(_ word: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
    }

    /// Checks that looking at the set and training on it say the same one line, and that nothing is written.
    func expectRefused(_ message: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = folder.contents
        let calls = [
            (["data", "info", "kmnist-8k2k"], "sqsnn data info"),
            (["train", "--dataset", "kmnist-8k2k", "--output", path("run")], "sqsnn train"),
            (["data", "preview", "kmnist-8k2k", "--figure", path("figure.svg")], "sqsnn data preview"),
        ]
        for (arguments, name) in calls {
            #expect(
                try runCommand(arguments, environment: environment)
                    == CommandResult(status: 3, output: "", error: "\(name): \(message)\n"),
                sourceLocation: sourceLocation)
        }
        #expect(folder.contents == before, sourceLocation: sourceLocation)
    }
}

/// `sqsnn data` as a user calls it.
@Suite("sqsnn data")
struct DataCommandTests {
    @Test("list names every set of the catalogue, how it is divided, and that it is not here")
    func list() throws {
        let images = try ImageFolder()
        let result = try runCommand("data", "list", environment: images.environment)
        // Fashion-MNIST may be installed on this machine; the others cannot be found.
        #expect(result.status == 0 && result.error == "")
        #expect(
            result.output.hasPrefix(
                "fashion-mnist: 70,000 articles of clothing, 28×28 grey pixels, 10 classes\n"))
        #expect(
            result.output.hasSuffix(
                """
                mnist: 70,000 handwritten digits, 28×28 grey pixels, 10 classes
                  the published split: 60,000 images to learn from, 10,000 to judge by
                  not here
                kmnist: 70,000 handwritten hiragana, 28×28 grey pixels, 10 classes
                  the published split: 60,000 images to learn from, 10,000 to judge by
                  not here
                kmnist-8k2k: the 10,000 test images of KMNIST alone, divided anew
                  not the published split: the 10,000 KMNIST test images divided into 8,000 to learn from and \
                2,000 to judge by, 800 and 200 a class, always the same
                  not here

                """))
    }

    @Test("list --json says in which folder a set lies")
    func listJSON() throws {
        let images = try ImageFolder()
        try images.folder.write("", as: images.imagesName)
        try images.folder.write("", as: images.labelsName + ".gz")
        let result = try runCommand("data", "list", "--json", environment: images.environment)
        let listing = try decodeJSON(DatasetListing.self, result.output)
        #expect(listing.datasets.map(\.name) == ["fashion-mnist", "mnist", "kmnist", "kmnist-8k2k"])
        #expect(listing.datasets[1].folder == nil)
        #expect(listing.datasets[3].folder == images.path("kmnist"))
    }

    @Test("a gzip file that stops before its end is refused")
    func truncatedGzip() throws {
        let images = try ImageFolder()
        try images.writeLabels([UInt8](repeating: 0, count: 10_000))
        // RFC 1952: a header, and a stored block that announces 16 bytes but brings 4.
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        let block: [UInt8] = [1, 16, 0, 0xEF, 0xFF, 0, 0, 8, 3]
        try images.folder.write(header + block, as: images.imagesName + ".gz")
        try images.expectRefused(
            "\(images.path(images.imagesName)).gz: the gzip stream stops before its end, after 4 inflated bytes; "
                + "fetch the file again")
    }

    @Test("a file with the magic number of another kind is refused")
    func wrongMagic() throws {
        let images = try ImageFolder()
        try images.writeImages(magic: 0x801)
        try images.writeLabels([UInt8](repeating: 0, count: 10_000))
        try images.expectRefused(
            "\(images.path(images.imagesName)): starts with 0x00000801, an IDX file of this kind with 0x00000803; "
                + "check that it is the right file")
    }

    @Test("a label file of another length is refused")
    func labelCount() throws {
        let images = try ImageFolder()
        try images.writeImages()
        try images.writeLabels([UInt8](repeating: 0, count: 9_999))
        try images.expectRefused(
            "\(images.path(images.labelsName)): holds 9999 labels for 10000 images; "
                + "check that both files belong together")
    }

    @Test("images other than those of the catalogue are refused by their digest")
    func otherContents() throws {
        let images = try ImageFolder()
        try images.writeImages()
        try images.writeLabels([UInt8](repeating: 0, count: 10_000))
        let result = try runCommand("data", "info", "kmnist-8k2k", environment: images.environment)
        // The SHA-256 in the catalogue; that of the black images is Python's hashlib's.
        #expect(
            result
                == CommandResult(
                    status: 3, output: "",
                    error: "sqsnn data info: \(images.path(images.imagesName)): SHA-256 is "
                        + "cfd1127d014c27e98f9e456fd8c48a2dd1b837950c181e2038a513bc1c89f1d6, the catalogue says "
                        + "76fbd229ce87db80dd281af5e6670de4ad0e42fb30a7bd643972994c47c1f42e; fetch the file again\n"
                ))
    }

    @Test("a folder that is missing, or lacks a file, is told with what would help")
    func missingFolder() throws {
        let images = try ImageFolder()
        let searched = "\(images.folder.path), \(images.folder.path)/home/sqsnn, /usr/share/datasets"
        let remedies = "run sqsnn data fetch kmnist-8k2k, or name the folder that holds kmnist/ in SQSNN_DATA"
        try images.expectRefused("kmnist-8k2k was not found in \(searched); \(remedies)")
        try images.writeImages()
        try images.expectRefused(
            "kmnist-8k2k was not found in \(searched); \(images.path("kmnist")) lacks t10k-labels-idx1-ubyte; "
                + remedies)
    }

    @Test("an unknown data set lists the known ones", arguments: ["info", "preview", "fetch"])
    func unknownDataset(command: String) throws {
        #expect(
            try runCommand("data", command, "nist")
                == CommandResult(
                    status: 2, output: "",
                    error:
                        "sqsnn data \(command): no data set is called 'nist'; known are fashion-mnist, mnist, "
                        + "kmnist, kmnist-8k2k\nSee 'sqsnn data \(command) --help'.\n"))
    }
}

/// What needs the real images.
@Suite("sqsnn data on Fashion-MNIST", .enabled(if: isFashionMNISTInstalled, "Fashion-MNIST is not installed"))
struct InstalledDataCommandTests {
    @Test("info counts the images of each class and compares every file with the catalogue")
    func info() throws {
        let result = try runCommand("data", "info", "fashion-mnist")
        #expect(result.status == 0 && result.error == "")
        let lines = result.output.split(separator: "\n")
        // The class sizes and the first class are those of the paper of the data set.
        #expect(lines.contains("  train     60000 images, mean intensity 0.286"))
        #expect(lines.contains("            0  T-shirt/top     6000    1000"))
        #expect(lines.filter { $0 == "            matches the catalogue" }.count == 4)
    }

    @Test("preview writes its picture whole or not at all")
    func preview() throws {
        let folder = try TemporaryFolder()
        let written = try runCommand(
            "data", "preview", "fashion-mnist", "--steps", "3", "--figure", "spikes.svg", folder: folder.path)
        #expect(written.status == 0 && written.output.hasSuffix("picture in spikes.svg\n"))
        #expect(folder.contents == ["spikes.svg"])
        let refused = try runCommand(
            "data", "preview", "fashion-mnist", "--figure", "spikes.svg/below.svg", folder: folder.path)
        #expect(refused.status == 1)
        #expect(
            refused.error
                == "sqsnn data preview: spikes.svg/below.svg: cannot be written (Not a directory); nothing was changed; "
                + "choose a folder that is writable and has space\n")
        #expect(folder.contents == ["spikes.svg"])
    }
}
