/// The standard deviation of a neuron's own numbers at first, where they are no angles, which the recipe knows of.
public enum InitialDeviation {
    public static let range = 0.0...10
    public static let standard = 1.0

    static let setting = ModelSetting(
        "initial_deviation", "D", "Standard deviation of a neuron's own numbers at first, 0 to 10.",
        default: "1")
}
