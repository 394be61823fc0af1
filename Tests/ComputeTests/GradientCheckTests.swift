import Compute
import Foundation
import Testing

/// The check that all gradients stand on must itself be able to fail. Derivatives worked by hand.
struct GradientCheckTests {
    private func function(_ point: [Double]) -> Double { sin(point[0]) * point[1] * point[1] }
    private let point = [0.4, -1.5]
    private var gradient: [Double] { [cos(0.4) * 2.25, 2 * sin(0.4) * -1.5] }

    @Test("a right gradient passes to 1e-10")
    func right() {
        #expect(gradientCheck(function: function, at: point, gradient: gradient, tolerance: 1e-10).passed)
    }

    @Test("a wrong entry is found and named")
    func wrong() {
        let check = gradientCheck(
            function: function, at: point, gradient: [gradient[0], gradient[1] + 1e-6], tolerance: 1e-8)
        #expect(!check.passed)
        #expect(check.index == 1)
    }

    @Test("a gradient that is not a number fails")
    func notANumber() {
        let check = gradientCheck(
            function: function, at: point, gradient: [.nan, gradient[1]], tolerance: 1e-8)
        #expect(!check.passed)
        #expect(check.index == 0)
    }
}
