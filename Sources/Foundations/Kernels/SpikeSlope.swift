import KernelTasks

/// A ``SpikeSurrogate`` as the adjoints take it: a type, so that no choice is made inside their loops.
protocol SpikeSlope {
    /// ∂S/∂x at `margin` = x.
    static func slope(_ margin: Group, width: Group) -> Group
}

enum ArctanSlope: SpikeSlope {
    @inline(__always) static func slope(_ margin: Group, width: Group) -> Group {
        let scaled = margin * width * Group(all: .pi / 2)
        return width * Group(all: 0.5) * (Group(all: 1) + scaled * scaled).reciprocal
    }
}

enum FastSigmoidSlope: SpikeSlope {
    @inline(__always) static func slope(_ margin: Group, width: Group) -> Group {
        let share = (Group(all: 1) + width * margin.magnitude).reciprocal
        return share * share
    }
}

enum SigmoidSlope: SpikeSlope {
    @inline(__always) static func slope(_ margin: Group, width: Group) -> Group {
        let fall = (Group() - width * margin.magnitude).exponentialOfNegative
        let share = (Group(all: 1) + fall).reciprocal
        return width * fall * share * share
    }
}
