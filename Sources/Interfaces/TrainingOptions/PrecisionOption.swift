import CommandParsing
import Networks

/// `--precision fixed16|float32`: how the sums over synapses are taken.
package enum PrecisionOption {
    package static func argument(default standard: String = SumPrecision.float32.rawValue)
        -> ArgumentDescription
    {
        .option(
            name: "precision", value: "fixed16|float32",
            help: "Sums over synapses: exact ones of rounded numbers, or in single precision.",
            default: standard)
    }

    package static func value(_ arguments: ParsedArguments) throws -> SumPrecision? {
        try arguments.choice("precision", of: SumPrecision.self)
    }
}
