import Compute

/// The circuits of a ``QNN`` side by side, for a batch of samples.
///
/// Quantities of qubits are stored `[circuit][qubit][sample]`, with as many samples as ``paddedCount(_:)``.
package struct CircuitLayer<Real: ExpectationReal>: Sendable {
    let program: CircuitProgram
    private let parallelism: Parallelism
    private let kernels: any KernelSet.Type
    /// State and covector of each thread.
    private let states: WorkingBuffer<Real>
    private let rotationErrors: WorkingBuffer<Real>

    /// Samples of a share: circuits that are few are shared out by samples too.
    private static var shareSize: Int { 64 }

    package init(_ qnn: QNN, parallelism: Parallelism, instructionSet: InstructionSet = .current) {
        program = CircuitProgram(qnn)
        self.parallelism = parallelism
        kernels = instructionSet.kernels
        states = WorkingBuffer(count: parallelism.threadCount * Self.statesSize(program))
        rotationErrors = WorkingBuffer(count: parallelism.threadCount * Self.errorSize(program))
    }

    private static func statesSize(_ program: CircuitProgram) -> Int {
        2 * program.stateSize(laneCount: Real.laneCount)
    }

    private static func errorSize(_ program: CircuitProgram) -> Int {
        3 * Real.laneCount * program.rotations.count
    }

    /// Samples with those that fill the last vector.
    package static func paddedCount(_ sampleCount: Int) -> Int {
        (sampleCount + Real.laneCount - 1) / Real.laneCount * Real.laneCount
    }

    /// - Parameters:
    ///   - features: φ/π, `[circuit][qubit][sample]`.
    ///   - angles: θ, radians, `[circuit][angle]`.
    ///   - expectations: ⟨Z⟩, `[circuit][qubit][sample]`.
    package func run(
        features: BufferView<Real>, angles: BufferView<Real>, sampleCount: Int,
        expectations: MutableBufferView<Real>
    ) {
        forEachShare(sampleCount, features, angles, expectations) { share, task in
            share.forEachGroup(task) { group, _ in Real.run(group, kernels) }
        }
    }

    /// The way back, which runs the circuits once more.
    ///
    /// - Parameters:
    ///   - features, angles: as they were run with.
    ///   - errors: ∂L/∂⟨Z⟩; ∂L/∂φ on return. Those of the samples that only fill up are 0.
    ///   - expectations: overwritten.
    /// - Returns: ∂L/∂θ, `[circuit][angle]`.
    package func reverse(
        features: BufferView<Real>, angles: BufferView<Real>, sampleCount: Int,
        expectations: MutableBufferView<Real>, errors: MutableBufferView<Real>
    ) -> [Double] {
        let qnn = program.qnn
        let shareCount = Self.shareCount(sampleCount)
        // A part for each share, added up in their order.
        let parts = WorkingBuffer<Double>(count: shareCount * qnn.circuitCount * qnn.anglesPerCircuit)
        forEachShare(sampleCount, features, angles, expectations) { share, task in
            let own = rotationErrors.part(share.thread, size: Self.errorSize(program))
            let ownErrors = errors.part(share.circuit, size: share.circuitSize)
            own.fill(with: 0)
            share.forEachGroup(task) { group, first in
                Real.run(group, kernels)
                Real.run(
                    ExpectationAdjointTask(
                        forward: group, errors: ownErrors.pointer + first, rotationErrors: own.pointer),
                    kernels)
            }
            program.pullBack(
                own.view, angles.part(share.circuit, size: qnn.anglesPerCircuit),
                to: parts.part(share.circuit * shareCount + share.number, size: qnn.anglesPerCircuit))
        }
        var gradient = [Double](repeating: 0, count: qnn.circuitCount * qnn.anglesPerCircuit)
        for circuit in 0..<qnn.circuitCount {
            for share in 0..<shareCount {
                let part = parts.part(circuit * shareCount + share, size: qnn.anglesPerCircuit)
                for angle in part.indices { gradient[circuit * qnn.anglesPerCircuit + angle] += part[angle] }
            }
        }
        return gradient
    }

    // MARK: Shares

    private struct Share {
        let circuit: Int
        let number: Int
        let thread: Int
        /// Elements of one circuit in a quantity of qubits.
        let circuitSize: Int
        let samples: Range<Int>

        /// Calls `body` with the task of each group of samples that fill a vector, and the first of them.
        func forEachGroup(
            _ task: ExpectationTask<Real>, _ body: (_ group: ExpectationTask<Real>, _ first: Int) -> Void
        ) {
            for first in stride(from: samples.lowerBound, to: samples.upperBound, by: Real.laneCount) {
                var group = task
                group.features += first
                group.expectations += first
                body(group, first)
            }
        }
    }

    private static func shareCount(_ sampleCount: Int) -> Int {
        (sampleCount + shareSize - 1) / shareSize
    }

    /// Calls `body` with each share and the task of its circuit.
    private func forEachShare(
        _ sampleCount: Int, _ features: BufferView<Real>, _ angles: BufferView<Real>,
        _ expectations: MutableBufferView<Real>, _ body: @Sendable (Share, ExpectationTask<Real>) -> Void
    ) {
        let qnn = program.qnn
        let sampleStride = Self.paddedCount(sampleCount)
        let shareCount = Self.shareCount(sampleCount)
        let circuitSize = qnn.qubitCount * sampleStride
        precondition(
            features.count == qnn.circuitCount * circuitSize && expectations.count == features.count
                && angles.count == qnn.circuitCount * qnn.anglesPerCircuit, "as many as there are circuits")
        parallelism.forEach(qnn.circuitCount * shareCount) { index, thread in
            let (circuit, number) = index.quotientAndRemainder(dividingBy: shareCount)
            let first = number * Self.shareSize
            let share = Share(
                circuit: circuit, number: number, thread: thread, circuitSize: circuitSize,
                samples: first..<min(first + Self.shareSize, sampleCount))
            let memory = states.part(thread, size: Self.statesSize(program))
            let (state, scratch) = (
                memory.part(0, size: memory.count / 2), memory.part(1, size: memory.count / 2)
            )
            let gates = AlignedBuffer(program.gates(angles.part(circuit, size: qnn.anglesPerCircuit)))
            let (rotations, order, gateView) = (program.rotations.view, program.order.view, gates.view)
            body(
                share,
                ExpectationTask(
                    qubitCount: qnn.qubitCount, embedding: program.embedding, rotations: rotations.pointer,
                    rotationCount: rotations.count, gates: gateView.pointer, order: order.pointer,
                    features: features.part(circuit, size: circuitSize).pointer,
                    expectations: expectations.part(circuit, size: circuitSize).pointer,
                    sampleStride: sampleStride, state: state.pointer,
                    scratch: scratch.pointer))
            withExtendedLifetime((gates, features)) {}
        }
    }
}

extension CircuitLayer {
    /// Bytes of working memory at most.
    static func bytes(_ qnn: QNN, sampleCount: Int, threadCount: Int) -> Count {
        let program = CircuitProgram(qnn)
        let real = MemoryLayout<Real>.size
        return Count.of(real, threadCount, statesSize(program) + errorSize(program))
            + Count.of(8, shareCount(sampleCount) + 2, qnn.circuitCount, qnn.anglesPerCircuit)
    }
}
