import Glibc

extension String {
    /// Numbers as C prints them, with a decimal point in every locale. Texts are put together by interpolation, not by `%s`.
    ///
    /// - Parameter format: `%ld` is for `Int`.
    package init(printf format: String, _ numbers: any CVarArg...) {
        // A program that this library is loaded into may have set another; threads have their own.
        let before = uselocale(Self.plainLocale)
        defer { _ = uselocale(before) }
        self = withVaList(numbers) { list in
            withVaList(numbers) { again in
                let count = Int(vsnprintf(nil, 0, format, list))
                return String(unsafeUninitializedCapacity: count + 1) { buffer in
                    buffer.withMemoryRebound(to: CChar.self) { text in
                        Int(vsnprintf(text.baseAddress, count + 1, format, again))
                    }
                }
            }
        }
    }

    // Never written again.
    private nonisolated(unsafe) static let plainLocale = newlocale(1 << LC_NUMERIC, "C", nil)
}
