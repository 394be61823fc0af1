import Foundation
import Testing

@testable import Files

/// Expected values from RFC 8259 and from the files that crashed or misled Foundation's decoder.
struct JSONDocumentTests {
    private struct Neuron: Codable, Equatable {
        enum Model: String, Codable, CaseIterable {
            case sqs
            case lastSpikeFeedback = "last-spike-feedback"
        }

        var firingRate: Double
        var model: Model?
        var fileDigests: [String: Int]?
        var inner: [Neuron]?
    }

    private func problem(_ text: String, _ reading: JSONDocument.Reading = []) -> String? {
        do throws(JSONDocument.Problem) {
            _ = try JSONDocument.decode(Neuron.self, from: text.utf8, reading)
            return nil
        } catch {
            return error.text
        }
    }

    @Test("properties are written and read in snake case, keys of dictionaries as they stand")
    func snakeCase() throws {
        let neuron = Neuron(
            firingRate: 0.5, model: .lastSpikeFeedback, fileDigests: ["trainImages-idx3": 7],
            inner: [Neuron(firingRate: 1)])
        let text = try JSONDocument.encode(neuron)
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"file_digests":{"trainImages-idx3":7},"firing_rate":0.5,"#
                + #""inner":[{"firing_rate":1}],"model":"last-spike-feedback"}"#)
        #expect(try JSONDocument.decode(Neuron.self, from: text) == neuron)
    }

    @Test("names in camel case are read only where earlier releases wrote them")
    func oldNames() {
        let old = #"{"firingRate": 1, "fileDigests": {"aB": 1}}"#
        #expect(problem(old, .oldNames) == nil)
        #expect(problem(old) == "firing_rate: the field is missing; found 'firingRate'")
        let both = #"{"firing_rate": 1, "firingRate": 2}"#
        #expect(problem(both, .oldNames)?.hasPrefix("firingRate: there is no such field here") == true)
    }

    @Test("a field that no property has is refused with its path and the nearest name")
    func unknownFields() {
        #expect(
            problem(#"{"firing_rate": 1, "inner": [{"firing_rate": 1, "modle": "sqs"}]}"#)
                == "inner[0].modle: there is no such field here; expected one of file_digests, firing_rate, inner, model "
                + "(did you mean 'model'?)")
        #expect(problem(#"{"firing_rate": 1, "modle": 1}"#, .ignoringUnknownFields) == nil)
    }

    @Test("a word that the enumeration does not have is refused with those it has")
    func words() {
        #expect(
            problem(#"{"firing_rate": 1, "model": "sqn"}"#)
                == "model: found 'sqn', expected one of sqs, last-spike-feedback (did you mean 'sqs'?)")
    }

    @Test(
        "a value of another type is refused with its place",
        arguments: [
            (#"{"firing_rate": "1"}"#, "firing_rate: found a string, expected a number"),
            (#"{"firing_rate": null}"#, "firing_rate: found null, expected a number"),
            (
                #"{"firing_rate": 1e999}"#,
                "firing_rate: found 1e999, expected at most 1.7976931348623157e+308"
            ),
            (#"{"firing_rate": 1, "inner": {}}"#, "inner: found an object, expected a list"),
            (
                #"{"firing_rate": 1, "file_digests": {"a": 1.5}}"#,
                "file_digests.a: found 1.5, expected an integer"
            ),
            (
                #"{"firing_rate": 1, "file_digests": {"a": 9223372036854775808}}"#,
                "file_digests.a: found 9223372036854775808, expected an integer from -9223372036854775808 to "
                    + "9223372036854775807"
            ),
            ("[]", "found a list, expected an object"),
        ])
    func types(text: String, expected: String) { #expect(problem(text) == expected) }

    @Test("integers may be written as numbers with a point or an exponent")
    func integers() throws {
        #expect(try JSONDocument.decode([Int].self, from: "[3.0, 1e3, -0]".utf8) == [3, 1000, 0])
        #expect(try JSONDocument.decode(UInt64.self, from: "18446744073709551615".utf8) == .max)
    }

    @Test("all escapes are read, also those of characters beyond the first plane")
    func escapes() throws {
        let text = #""\"\\\/\b\f\n\r\t\u0061\ud83d\ude00é""#
        #expect(try JSONDocument.decode(String.self, from: text.utf8) == "\"\\/\u{8}\u{C}\n\r\ta😀é")
    }

    @Test(
        "what is not JSON is refused with line and column",
        arguments: [
            ("", "line 1, column 1): found the end of the text, expected a value"),
            ("{\n  \"a\": 1,\n  \"a\": 2}", "line 3, column 3): the field 'a' is given twice"),
            (#"{"a": 1, "\u0061": 2}"#, "line 1, column 10): the field 'a' is given twice"),
            ("[1,]", "line 1, column 4): found ']', expected a value"),
            ("[1", "line 1, column 3): found the end of the text, expected ',' or ']'"),
            ("[01]", "line 1, column 3): found '1', expected ',' or ']'"),
            ("[1.]", "line 1, column 4): found ']', expected a digit"),
            ("[NaN]", "found 'N', expected a value; note that JSON has no NaN and no infinite numbers"),
            ("[1] x", "line 1, column 5): found more after the end of the value"),
            ("\"\u{1}\"", "found the byte 1, expected control characters written as \\u00XX"),
            (#""\ud83d""#, "found half a character"), (#""\ude00""#, "found half a character"),
            (#""\u+061""#, "expected four hexadecimal digits"),
            (#""\u00"#, "expected four hexadecimal digits"),
            ("\"", "expected the quote that ends the string"),
            ("{1: 2}", "found '1', expected a field's name in double quotes"),
            (#"{"a" 2}"#, "found '2', expected ':' after the field's name"),
            ("\u{FEFF}1", "found the byte ef, expected a value"),
        ])
    func syntax(text: String, expected: String) {
        #expect(problem(text)?.contains(expected) == true, "\(problem(text) ?? "none")")
    }

    @Test("bytes that are not UTF-8, and other encodings, are refused")
    func encodings() {
        let broken: [[UInt8]] = [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], Array("{}".utf16.flatMap { [UInt8($0 & 0xFF), 0] }),
            [0xFF, 0xFE, 0x7B, 0],
        ]
        for bytes in broken {
            #expect(throws: JSONDocument.Problem.self) {
                try JSONDocument.decode(String.self, from: bytes)
            }
        }
    }

    @Test("any number of opening brackets is refused, and none crashes", arguments: ["[", #"{"a":"#])
    func depth(bracket: String) {
        for count in [1, 100, 101, 513, 100_000] {
            let problem = problem(String(repeating: bracket, count: count))
            #expect(
                problem?.contains(
                    count > 100 ? "more than 100 levels of brackets" : "found the end of the text") == true)
        }
    }

    @Test("a text cut off anywhere is refused")
    func truncation() throws {
        let text = Array(#"{"firing_rate":1.5e-3,"inner":[{"firing_rate":-2}],"model":"sqs"}"#.utf8)
        _ = try JSONDocument.decode(Neuron.self, from: text)
        for length in text.indices {
            #expect(throws: JSONDocument.Problem.self) {
                try JSONDocument.decode(Neuron.self, from: text[..<length])
            }
        }
    }

    @Test("numbers that are not finite are not written")
    func notFinite() {
        #expect(throws: EncodingError.self) { try JSONDocument.encode(["a": Double.nan]) }
    }

    @Test("two values are compared field by field")
    func fields() throws {
        #expect(
            try JSONDocument.fields(of: Neuron(firingRate: 2, model: .sqs, inner: [Neuron(firingRate: 1)]))
                == ["firing_rate": "2", "model": "\"sqs\"", "inner": #"[{"firing_rate":1}]"#])
    }
}
