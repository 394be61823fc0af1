import Compute
import Files
import Foundation
import TestSupport
import Testing

@testable import Campaigns

/// Databases that are not what they should be: each is refused in words, and left as it is.
@Suite("Files of campaigns")
struct CampaignFileTests {
    let folder: TemporaryFolder
    private var file: String { folder.path("campaign.sqlite") }

    init() throws { folder = try TemporaryFolder() }

    private func run(kind: String = "squares") throws {
        let campaign = Campaign(
            kind: kind, cells: [1, 2, 3].map { Square(number: $0) }, formerNames: ["cells"])
        _ = try campaign.run(in: folder.path, parallelism: Parallelism(threadCount: 1)) {
            Square.Result(value: $0.number)
        }
    }

    private func edit(_ statements: String...) throws {
        let database = try SQLiteDatabase(file, isMade: true)
        for statement in statements { try database.run(statement) }
    }

    private func expectRefusal(_ error: CampaignError, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let before = try InputFile.read(file)
        #expect(throws: error, sourceLocation: sourceLocation) { try run() }
        #expect(try InputFile.read(file) == before, sourceLocation: sourceLocation)
    }

    @Test("another kind, another schema, another program's database")
    func foreign() throws {
        try run(kind: "cubes")
        try expectRefusal(.otherKind(file, found: "cubes", expected: "squares"))
        #expect(
            "\(CampaignError.otherKind(file, found: "cubes", expected: "squares"))"
                == "\(file): found a campaign of cubes, expected one of squares; choose another --output")
        try edit("PRAGMA user_version = 2")
        try expectRefusal(.otherSchema(file, found: 2))
        #expect(throws: CampaignError.otherSchema(file, found: 2)) {
            try CampaignSummary(reading: folder.path)
        }
        AtomicFile.remove(file)
        try edit("CREATE TABLE cells (name)")
        try expectRefusal(.foreign(file))
    }

    @Test("a campaign that lacks a table or column is damaged")
    func tables() throws {
        try run()
        try edit("ALTER TABLE cells RENAME COLUMN failure TO reason")
        #expect(throws: CampaignError.self) { try run() }
        try edit("DROP TABLE cells")
        try expectRefusal(.damaged(file, problem: "no such table: cells"))
    }

    @Test("a file that is no database, or was cut, is bad input")
    func noDatabase() throws {
        try folder.write(String(repeating: "no database\n", count: 1000), as: "campaign.sqlite")
        try expectRefusal(.damaged(file, problem: "file is not a database"))
        #expect(CampaignError.damaged(file, problem: "").category == .badInput)
        AtomicFile.remove(file)
        try run()
        let bytes = try InputFile.read(file)
        try folder.write(Array(bytes.prefix(bytes.count / 2)), as: "campaign.sqlite")
        #expect(throws: CampaignError.self) { try run() }
        #expect(throws: CampaignError.self) { try CampaignSummary(reading: folder.path) }
    }

    @Test("a start that was killed leaves nothing that counts")
    func partial() throws {
        try folder.write(String(repeating: "part of a database", count: 100), as: "campaign.sqlite.partial")
        try folder.write("", as: ".worker-gone@\(ProcessInfo.processInfo.hostName)")
        try run()
        #expect(try CampaignSummary(reading: folder.path).done == 3)
        #expect(folder.contents == ["campaign.sqlite"])
        try folder.write("", as: "campaign.sqlite")
        try expectRefusal(.foreign(file))
    }

    @Test("a folder that a process on another host works in is refused")
    func otherHost() throws {
        try run()
        let lock = try FolderLock(folder.path, file: ".worker-1@elsewhere")
        #expect(throws: CampaignError.otherHost(folder.path, "elsewhere")) { try run() }
        withExtendedLifetime(lock) {}
    }

    @Test("damage of any byte is an error in words, or none: it ends no process")
    func damage() throws {
        try run()
        let whole = try InputFile.read(file)
        var refusals = 0
        for trial in 0..<120 {
            var bytes = whole
            // Headers of file and pages, which lie at their starts, and everything else.
            let place = trial < 60 ? 2 * trial : (trial * 7919) % bytes.count
            bytes[place] ^= UInt8(1 << (trial % 8)) | 0x41
            try folder.write(bytes, as: "campaign.sqlite")
            do {
                _ = try CampaignSummary(reading: folder.path)
                try run()
            } catch is CampaignError {
                refusals += 1
            } catch is FileError {
                refusals += 1
            }
        }
        #expect(refusals > 20)
    }

    @Test("a result that is none, or cannot be, is refused by its cell")
    func results() throws {
        try run()
        try edit("UPDATE cells SET result = '{\"value\": -1}' WHERE name = 'square of 2'")
        #expect(throws: CampaignError.malformed(file, cell: "square of 2", problem: "value: found -1")) {
            try run()
        }
        try edit("UPDATE cells SET result = '{' WHERE name = 'square of 2'")
        #expect(throws: CampaignError.self) { try run() }
    }

    @Test("files of an earlier release are not passed over")
    func former() throws {
        try folder.write("", as: "cells/delay-1.jsonl")
        #expect(throws: CampaignError.formerFiles(folder.path, name: "cells")) { try run() }
        #expect(folder.contents == ["cells", "cells/delay-1.jsonl"])
    }

    @Test("a folder that cannot be made or written leaves nothing")
    func unwritable() throws {
        try folder.write("", as: "file")
        #expect(throws: FileError.self) {
            try Campaign(1...2).run(folder.path("file/below"), SquareWork())
        }
        #expect(folder.contents == ["file"])
        // A folder of the database's name.
        try folder.write("", as: "campaign.sqlite/x")
        #expect(throws: FileError.self) { try run() }
    }
}
