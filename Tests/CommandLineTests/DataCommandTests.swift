import Foundation
import TestSupport
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
                usps: 9,298 handwritten digits of US postal codes, 16×16 grey pixels, 10 classes
                  the published split: 7,291 images to learn from, 2,007 to judge by
                  not here
                usps-1v7-full: the digits 1 and 7 of USPS, 16×16 grey pixels, 2 classes
                  the published split, digits 1 and 7 alone: 1,650 images to learn from, 411 to judge by; \
                class 0 is digit 1, class 1 is digit 7
                  not here
                usps-1v7: 625 digits 1 and 7 of USPS, 16×16 grey pixels, 2 classes
                  not the published split: 625 of the 1,650 USPS training images of digits 1 and 7, divided \
                into 500 to learn from and 125 to judge by, each class its share, always the same; class 0 is \
                digit 1, class 1 is digit 7
                  not here
                n-mnist: 70,000 handwritten digits before a moving event camera, 34×34 pixels, ON and OFF, 10 classes
                  the published split, 60,000 recordings to learn from, 10,000 to judge by
                  not here
                n-mnist-direction: recordings of N-MNIST played forward and backward, which are the 2 classes
                  of both parts of N-MNIST each recording twice
                  not here
                n-mnist-saccades: the three saccades of recordings of N-MNIST in all orders, which are the 6 classes
                  of both parts of N-MNIST each recording six times
                  not here
                mnist-dvs: 10,000 digits that move on a screen before an event camera, scale 4, 128×128 pixels, ON and OFF, \
                10 classes
                  no split is published; of each digit every tenth recording is to judge by
                  not here
                mnist-dvs-scale8: 10,000 digits that move on a screen before an event camera, scale 8, 128×128 pixels, ON and \
                OFF, 10 classes
                  no split is published; of each digit every tenth recording is to judge by
                  not here
                mnist-dvs-scale16: 10,000 digits that move on a screen before an event camera, scale 16, 128×128 pixels, ON \
                and OFF, 10 classes
                  no split is published; of each digit every tenth recording is to judge by
                  not here
                mnist-dvs-simulated: simulated: digits of MNIST as MNIST-DVS would show them, 128×128 pixels, ON and OFF, 10 classes
                  simulated; images to learn from are of MNIST's training part, those to judge by of its test part
                  not here
                dvs128-gesture: 1,464 recordings of 11 gestures by an event camera, 128×128 pixels, ON and OFF, 11 classes
                  the published split by persons, 1,176 gestures to learn from, 288 to judge by
                  not here
                shd: 10,420 spoken digits in English and German as spikes of 700 channels of an ear, 20 classes
                  the published split, 8,156 samples to learn from, 2,264 to judge by
                  not here
                ssc: 105,829 spoken words as spikes of 700 channels of an ear, 35 classes
                  the published split, 20,382 samples to judge by; of the 85,447 to learn from the last 9,981 are the published \
                ones to validate by
                  not here
                spoken-digits: 3,000 sounds of spoken digits, six speakers, 8 kHz, 10 classes
                  the published split, of each digit and speaker 45 sounds to learn from, 5 to judge by
                  not here
                spoken-digits-without-george: 3,000 sounds of spoken digits, six speakers, 8 kHz, 10 classes
                  not the published split: all sounds of george to judge by, those of the other five speakers to learn from
                  not here
                spoken-digits-without-jackson: 3,000 sounds of spoken digits, six speakers, 8 kHz, 10 classes
                  not the published split: all sounds of jackson to judge by, those of the other five speakers to learn from
                  not here
                spoken-digits-without-lucas: 3,000 sounds of spoken digits, six speakers, 8 kHz, 10 classes
                  not the published split: all sounds of lucas to judge by, those of the other five speakers to learn from
                  not here
                spoken-digits-without-nicolas: 3,000 sounds of spoken digits, six speakers, 8 kHz, 10 classes
                  not the published split: all sounds of nicolas to judge by, those of the other five speakers to learn from
                  not here
                spoken-digits-without-theo: 3,000 sounds of spoken digits, six speakers, 8 kHz, 10 classes
                  not the published split: all sounds of theo to judge by, those of the other five speakers to learn from
                  not here
                spoken-digits-without-yweweler: 3,000 sounds of spoken digits, six speakers, 8 kHz, 10 classes
                  not the published split: all sounds of yweweler to judge by, those of the other five speakers to learn from
                  not here
                japanese-vowels: 640 series of 12 coefficients of two spoken vowels, 7 to 29 steps, 9 speakers as classes
                  the published split, 270 series to learn from, 370 to judge by
                  not here
                mnist-rows: the images of mnist from above, a row of 28 numbers a step, 10 classes
                  the published split: 60,000 images to learn from, 10,000 to judge by
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
        #expect(listing.datasets.map(\.name) == knownDatasets)
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
                + "replace it by an intact copy")
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
                        + "76fbd229ce87db80dd281af5e6670de4ad0e42fb30a7bd643972994c47c1f42e; "
                        + "only that file is taken, put it in the place of this one\n"
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
                        "sqsnn data \(command): \(CommandLineTests.unknownDataset("nist")) (did you mean 'mnist'?)\n"
                        + "See 'sqsnn data \(command) --help'.\n"
                ))
    }
}

/// What USPS says when its file is missing or another.
@Suite("sqsnn data on USPS")
struct PostalDataCommandTests {
    private let files = "usps.h5, the HDF5 file with train/data, train/target, test/data and test/target"

    @Test("a missing file is told with what to get and where to put it", arguments: ["usps", "usps-1v7"])
    func missing(name: String) throws {
        let images = try ImageFolder()
        let home = "\(images.folder.path)/home/sqsnn"
        #expect(
            try runCommand("data", "info", name, environment: images.environment)
                == CommandResult(
                    status: 3, output: "",
                    error: "sqsnn data info: \(name) was not found in \(images.folder.path), \(home), "
                        + "/usr/share/datasets; get \(files), and put it into \(home)/usps, "
                        + "or name the folder that holds usps/ in SQSNN_DATA\n"))
    }

    @Test("fetch has no address for it, says so, and writes nothing")
    func fetch() throws {
        let images = try ImageFolder()
        let result = try runCommand("data", "fetch", "usps", environment: images.environment)
        #expect(result.status == 2 && result.output == "")
        #expect(
            result.error.hasSuffix(
                "sqsnn data fetch: usps: no address to fetch it from is known; get \(files), and put it into "
                    + "\(images.folder.path)/home/sqsnn/usps, or name a server of your own with --url\n"
                    + "See 'sqsnn data fetch --help'.\n"))
        #expect(images.folder.contents == [])
    }

    @Test("what is no HDF5 file, and another HDF5 file, are refused in one line")
    func wrongFile() throws {
        let images = try ImageFolder()
        let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
        let cases: [([UInt8], String)] = [
            (
                Array("<html></html>".utf8),
                "starts with 0x3c68746d6c3e3c2f, an HDF5 file with 0x894844460d0a1a0a; "
                    + "check that it is the right file"
            ),
            // The SHA-256 in the catalogue; that of the signature is Python's hashlib's.
            (
                signature,
                "SHA-256 is 4ca2915fde0a9d1d5dd59e6f6e535c04337c9b4f05dbb4b38af0a5db3c50f933, the catalogue says "
                    + "734f88c541104a956d88be2c95d03b4a463ffd74ccc2ba9c80841fb98e3fcb36; "
                    + "only that file is taken, put it in the place of this one"
            ),
        ]
        for (bytes, message) in cases {
            try images.folder.write(bytes, as: "usps/usps.h5")
            for name in ["usps", "usps-1v7-full", "usps-1v7"] {
                #expect(
                    try runCommand("data", "info", name, environment: images.environment)
                        == CommandResult(
                            status: 3, output: "",
                            error: "sqsnn data info: \(images.path("usps/usps.h5")): \(message)\n"))
            }
        }
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

    @Test(
        "preview writes its picture whole or not at all",
        .enabled(if: isGnuplotInstalled, "gnuplot is not installed"))
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
