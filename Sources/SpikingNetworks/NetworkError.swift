import Diagnostics

/// What is wrong with a network.
public enum NetworkError: DescribedError, Equatable {
    case empty
    case inputs(Int)
    case channels(layer: Int, found: Int)
    case neurons(layer: Int, found: Int)
    case noise(layer: Int)
    case raster(found: String, expected: Int)
    case input(Int, expected: Int)

    public var category: ErrorCategory { .usage }

    public var description: String {
        switch self {
        case .empty: "network: found no layers, expected at least one; add an output population"
        case .inputs(let count): "network: found \(count) inputs, expected 1 to 65536"
        case .channels(let layer, let found):
            "network: layer \(layer) has neurons of \(found) input-output qubits, expected 1; "
                + "choose a circuit with one input-output qubit"
        case .neurons(let layer, let found):
            "network: layer \(layer) has \(found) neurons, expected at most 65536; make it smaller"
        case .noise(let layer):
            "network: layer \(layer) has neurons of a noisy device, which networks do not simulate yet; "
                + "leave out the noise"
        case .raster(let found, let expected):
            "raster: found \(found), expected \(expected) inputs and at least one step; "
                + "encode the input for this network"
        case .input(let number, let count):
            "spikes: found input \(number), expected 0 to \(count - 1); number the inputs as the network does"
        }
    }
}
