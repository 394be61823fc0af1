import Files
import Testing

@Suite("Secrets in messages")
struct SecretsTests {
    private func redacted(_ text: String, environment: [String: String] = [:]) -> String {
        Secrets.redacted(text, environment: environment)
    }

    @Test("user and password of an address are taken out, the address stays")
    func addresses() {
        #expect(
            redacted("GET https://ann:pass%20word@proxy.example:8080/a refused")
                == "GET https://***@proxy.example:8080/a refused")
        #expect(redacted("postgres://ann@db/x and http://a:b@c") == "postgres://***@db/x and http://***@c")
        // A mark that joins to the character before hides nothing.
        #expect(redacted("https://ann:pa\u{301}@\u{301}host") == "https://***@\u{301}host")
        #expect(
            redacted("see https://example.org/a@b or mail ann@example.org")
                == "see https://example.org/a@b or mail ann@example.org")
    }

    @Test("values that stand after a secret's name are taken out")
    func named() {
        #expect(redacted("?access_token=abc123&x=1") == "?access_token=***&x=1")
        #expect(redacted(#"{"apikey": "q w e", "name": "x"}"#) == #"{"apikey": ***, "name": "x"}"#)
        #expect(redacted("API-Key: abc") == "API-Key: ***")
        #expect(redacted("password='a b'; user=c") == "password=***; user=c")
        #expect(redacted("Authorization: Bearer abc.def-123456") == "Authorization: *** ***")
        #expect(redacted("sent bearer abcdef123456") == "sent bearer ***")
        #expect(redacted("token Zm9vYmFyMTIzNDU2Nzg5 is not valid") == "token *** is not valid")
        #expect(redacted("the token is not valid") == "the token is not valid")
    }

    @Test("keys are known by their form")
    func forms() {
        let key = "aB3_" + String(repeating: "xY9-", count: 10)
        #expect(redacted("key \(key)!") == "key ***!")
        #expect(redacted(String(repeating: "0a", count: 64)) == "***")
        #expect(redacted("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN") == "***")
        // A digest of 64 is none, nor are long names.
        let digest = String(repeating: "0a", count: 32)
        #expect(redacted(digest) == digest)
        let name = "a_long_function_name_of_some_library_module_xy"
        #expect(redacted(name) == name)
    }

    @Test("what the environment says is secret is taken out, wherever it stands")
    func environment() {
        let variables = ["QISKIT_IBM_TOKEN": "plainword", "HOME": "/home/ann", "SHORT_TOKEN": "a"]
        #expect(redacted("a plainword in /home/ann", environment: variables) == "a *** in /home/ann")
    }

    @Test("a text of a hundred thousand characters without spaces is looked through in a moment")
    func long() {
        for character in ["a", "A", "0", ":", "/", "@", "token="] {
            let text = String(repeating: character, count: 100_000 / character.count)
            #expect(redacted(text).count <= text.count)
        }
    }
}
