import KernelTasks

extension CompiledKernels {
    public static func stepAdam(_ task: AdamTask) {
        let scale = Group(all: task.gradientScale)
        let firstDecay = Group(all: task.firstDecay)
        let firstGain = Group(all: 1 - task.firstDecay)
        let secondDecay = Group(all: task.secondDecay)
        let secondGain = Group(all: 1 - task.secondDecay)
        let rate = Group(all: task.rate)
        let epsilon = Group(all: task.epsilon)
        for offset in stride(from: 0, to: task.count, by: 16) {
            let gradient = Group.load(task.gradient + offset) * scale
            let first = Group.load(task.firstMoment + offset) * firstDecay + gradient * firstGain
            let second =
                Group.load(task.secondMoment + offset) * secondDecay + gradient * gradient * secondGain
            first.store(task.firstMoment + offset)
            second.store(task.secondMoment + offset)
            // √v as v/√v: the vector square root of the standard library is sixteen scalar calls.
            let denominator = second * second.inverseSquareRoot + epsilon
            let parameters = Group.load(task.parameters + offset) - rate * first / denominator
            parameters.store(task.parameters + offset)
        }
    }

    public static func stepMomentum(_ task: MomentumTask) {
        let scale = Group(all: task.gradientScale)
        let momentum = Group(all: task.momentum)
        let rate = Group(all: task.rate)
        for offset in stride(from: 0, to: task.count, by: 16) {
            let gradient = Group.load(task.gradient + offset) * scale
            let velocity = Group.load(task.velocity + offset) * momentum + gradient
            velocity.store(task.velocity + offset)
            (Group.load(task.parameters + offset) - rate * velocity).store(task.parameters + offset)
        }
    }
}
