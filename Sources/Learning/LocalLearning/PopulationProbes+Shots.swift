import Compute
import Neurons

/// Frequencies of a neuron's own spikes in the shots of its probes.
struct ShotFrequencies {
    /// Estimates of p(s_t | s^{t−1}), 0 ... 1, `[tile][row][64]`; −1 where no shot has told.
    var values: [Float]
    /// The probabilities themselves, at each scale of the noise.
    var likelihoods: [WorkingBuffer<Float>]
}

extension PopulationProbes {
    /// Where the random numbers of some shots are: no two shots of an update share a number.
    struct ShotAddress {
        let batch: LocalBatch
        let node: Int
        let thread: Int
        /// First tile, and all tiles that have shots of this population.
        let tile: Int
        let tileCount: Int
    }

    /// Draws the shots of a share whose likelihoods have been found, at every scale of the noise.
    func draw(
        _ share: ProbeShare, likelihoods: [WorkingBuffer<Float>], _ address: ShotAddress
    ) -> ShotFrequencies {
        frequencies(share, likelihoods: likelihoods) { scale, counts in
            count(share, likelihoods[scale].view.view, address, scale: scale, to: counts)
        }
    }

    /// Frequencies from the numbers of shots that gave each neuron's spikes.
    ///
    /// - Parameter count: fills in the numbers at one scale of the noise, `[tile][row][64]`: of post-selected shots, those
    ///   that gave the spikes of all steps so far.
    func frequencies(
        _ share: ProbeShare, likelihoods: [WorkingBuffer<Float>],
        count: (_ scale: Int, _ counts: MutableBufferView<Float>) -> Void
    ) -> ShotFrequencies {
        var values = [Float](repeating: 0, count: share.size)
        let counts = WorkingBuffer<Float>(count: share.size).view
        let weights = extrapolationWeights
        for scale in weights.indices {
            count(scale, counts)
            for run in 0..<share.runs.count * share.plan.tilesPerNeuron {
                for step in 0..<share.runLength {
                    let first = (run * share.runLength + step) * tileWidth
                    for index in first..<first + tileWidth {
                        let tried =
                            rule.estimator == .postselected && step > 0
                            ? counts[index - tileWidth] : Float(rule.shotCount)
                        if tried == 0 {
                            values[index] = -.infinity
                        } else {
                            values[index] += weights[scale] * counts[index] / tried
                        }
                    }
                }
            }
        }
        for index in values.indices {
            values[index] = values[index] == -.infinity ? -1 : min(max(values[index], 0), 1)
        }
        return ShotFrequencies(values: values, likelihoods: likelihoods)
    }

    /// Circuits of one length with their shots, at every scale of the noise.
    func entry(circuits: Int) -> ShotLedger.Entry {
        rule.entry(circuits: Count(circuits))
    }

    private func count(
        _ share: ProbeShare, _ probabilities: BufferView<Float>, _ address: ShotAddress, scale: Int,
        to counts: MutableBufferView<Float>
    ) {
        let batch = address.batch
        let stream =
            scale < 2
            ? RandomStream(
                seed: batch.seed, purpose: .probeShot, population: address.node * 2 + scale,
                epoch: batch.epoch)
            : RandomStream(
                seed: batch.seed, purpose: .thirdProbeShot, population: address.node, epoch: batch.epoch)
        let kernels = InstructionSet.current.kernels
        let size = share.runLength * tileWidth
        let words = WorkingBuffer<UInt32>(count: size).view
        for tile in 0..<share.plan.tilesPerNeuron {
            for run in 0..<share.runs.count {
                let first = (share.runs.lowerBound + run) * share.runLength
                let place = tile * share.runs.count + run
                kernels.countShots(
                    ShotTask(
                        probabilities: probabilities.part(place, size: size).pointer,
                        counts: counts.part(place, size: size).pointer, firstStep: first % batch.stepCount,
                        stepCount: share.runLength, shotCount: rule.shotCount,
                        isPostselected: rule.estimator == .postselected, tile: address.tile + tile,
                        tileCount: address.tileCount, key: stream.key,
                        sample: batch.identities[first / batch.stepCount], tag: stream.tag,
                        randomWords: words.pointer))
            }
        }
    }
}
