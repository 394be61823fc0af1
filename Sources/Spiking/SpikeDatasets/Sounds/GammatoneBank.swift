import Glibc

/// Filters as the places of the inner ear, each for a band of frequencies: gammatone filters of fourth order, as cascades of complex
/// one-pole filters (Hohmann 2002, Acta Acustica 88, 433–442). Bands are as wide as the ear's (ERB, Glasberg and Moore 1990), their
/// centres evenly spaced on its scale.
struct GammatoneBank {
    /// Hz, ascending.
    let centers: [Double]
    private let poles: [(real: Float, imaginary: Float)]
    private let gains: [Float]

    static let order = 4

    init(channelCount: Int, lowest: Double, highest: Double, sampleRate: Double) {
        func scale(_ frequency: Double) -> Double { 21.4 * log10(1 + 0.00437 * frequency) }
        func frequency(_ scale: Double) -> Double { (pow(10, scale / 21.4) - 1) / 0.00437 }
        let (first, last) = (scale(lowest), scale(highest))
        centers = (0..<channelCount).map { channel in
            channelCount == 1
                ? lowest : frequency(first + (last - first) * Double(channel) / Double(channelCount - 1))
        }
        // exp(−2π · 1.019 · ERB / rate): of a filter of fourth order with that equivalent rectangular bandwidth.
        let radii = centers.map { exp(-2 * .pi * 1.019 * 24.7 * (0.00437 * $0 + 1) / sampleRate) }
        poles = zip(centers, radii).map { center, radius in
            let angle = 2 * Double.pi * center / sampleRate
            return (Float(radius * cos(angle)), Float(radius * sin(angle)))
        }
        // A tone of amplitude 1 at the centre has an envelope of 1: of its two halves one passes.
        gains = radii.map { Float(2 * pow(1 - $0, Double(Self.order))) }
    }

    /// Envelopes of all channels, `[channel][sample]`, one channel at a time.
    func forEachEnvelope(of samples: [Float], _ body: (_ channel: Int, _ envelope: [Float]) -> Void) {
        var envelope = [Float](repeating: 0, count: samples.count)
        for channel in centers.indices {
            let (pole, gain) = (poles[channel], gains[channel])
            var (real, imaginary) = (SIMD4<Float>(), SIMD4<Float>())
            for index in samples.indices {
                // Each stage takes what the one before gives at the same sample.
                var (inReal, inImaginary) = (gain * samples[index], Float(0))
                for stage in 0..<Self.order {
                    let newReal = inReal + pole.real * real[stage] - pole.imaginary * imaginary[stage]
                    let newImaginary =
                        inImaginary + pole.real * imaginary[stage] + pole.imaginary * real[stage]
                    (real[stage], imaginary[stage]) = (newReal, newImaginary)
                    (inReal, inImaginary) = (newReal, newImaginary)
                }
                envelope[index] = (inReal * inReal + inImaginary * inImaginary).squareRoot()
            }
            body(channel, envelope)
        }
    }
}
