import Compute
import Neurons
import SpikeTrains

/// Spikes as they arrive at a population: delayed, pooled, and channel by channel.
extension NetworkSimulator {
    /// Prepares the spikes of all steps along a projection, listed by pattern where it is full, or the numbers that are given in
    /// their place.
    func bringAllSteps(_ index: Int, firstStep: Int = 0) {
        if projections[index].source == nil, case .values(let series) = input {
            return projections[index].values.set(
                series, delay: projections[index].delay, parallelism: parallelism)
        }
        if !projections[index].isDirect {
            let source = source(index)
            if projections[index].arriving.first?.sampleCount != source.sampleCount {
                projections[index].arriving = (0..<projections[index].sourceChannelCount).map { _ in
                    SpikeRaster(
                        sampleCount: source.sampleCount, stepCount: stepCount,
                        neuronCount: projections[index].inputCount)
                }
            }
            for channel in projections[index].arriving.indices {
                let rows = projections[index].arriving[channel].words.mutableView()
                fill(rows, index, channel, steps: 0..<stepCount, firstStep: firstStep)
            }
        }
        for channel in projections[index].patterns.indices {
            let raster = arrivingRaster(index, channel)
            projections[index].patterns[channel].list(raster, parallelism: parallelism)
        }
    }

    /// Likewise the spikes of one step, inside a cycle.
    func bringStep(_ index: Int, _ step: Int, firstStep: Int) {
        let source = source(index)
        if projections[index].arrivingStep.first?.sampleCount != source.sampleCount {
            projections[index].arrivingStep = (0..<projections[index].sourceChannelCount).map { _ in
                SpikeRaster(
                    sampleCount: source.sampleCount, stepCount: 1,
                    neuronCount: projections[index].inputCount)
            }
        }
        for channel in projections[index].arrivingStep.indices {
            let rows = projections[index].arrivingStep[channel].words.mutableView()
            fill(rows, index, channel, steps: step..<step + 1, firstStep: firstStep)
            guard channel < projections[index].stepPatterns.count else { continue }
            projections[index].stepPatterns[channel].list(
                projections[index].arrivingStep[channel], parallelism: parallelism)
        }
    }

    /// The spikes of all steps along a projection, of one channel of its source, after ``bringAllSteps(_:firstStep:)``.
    func arrivingRaster(_ index: Int, _ channel: Int) -> SpikeRaster {
        projections[index].isDirect ? source(index) : projections[index].arriving[channel]
    }

    private func source(_ index: Int) -> SpikeRaster { raster(ofSource: projections[index].source) }

    /// Spikes of a population, of the input for nil.
    func raster(ofSource node: Int?) -> SpikeRaster {
        if let node { return populations[node].raster }
        guard case .spikes(let raster) = input else { preconditionFailure("numbers do not arrive as spikes") }
        return raster
    }

    /// Takes one channel of the source's rows of some steps, as late as they arrive and pooled, into a raster of that channel.
    private func fill(
        _ rows: MutableBufferView<UInt64>, _ index: Int, _ channel: Int, steps: Range<Int>, firstStep: Int
    ) {
        let source = source(index)
        let words = source.words.view
        let before = lastRows[projections[index].source.map { $0 + 1 } ?? 0].view
        let (sourceWidth, stride) = (source.wordsPerRow, source.channelCount)
        let width = Population.tileCount(projections[index].inputCount)
        let (delay, plane) = (projections[index].delay, projections[index].pooling?.plane)
        let (stepCount, sampleCount, kernels) = (stepCount, source.sampleCount, kernels)
        parallelism.forEach(sampleCount.dividedRoundingUp(by: Shares.samplesPerShare)) { share, _ in
            let first = share * Shares.samplesPerShare
            for sample in first..<min(first + Shares.samplesPerShare, sampleCount) {
                for step in steps {
                    let row = rows.part(
                        sample * steps.count + step - steps.lowerBound, size: width)
                    let sent = step - delay
                    guard sent >= 0 || firstStep > 0 else {
                        row.fill(with: 0)
                        continue
                    }
                    let spikes =
                        sent >= 0
                        ? words.part(sample * stepCount + sent, size: sourceWidth)
                        : before.part(sample, size: sourceWidth).view
                    if let plane {
                        kernels.poolSpikes(
                            PoolingTask(
                                plane: plane, spikes: spikes[channel...].pointer, wordStride: stride,
                                pooled: row.pointer))
                    } else {
                        for word in 0..<width { row[word] = spikes[channel + word * stride] }
                    }
                }
            }
        }
    }
}
