import Files
import Runs

/// A random search with successive halving: trials with options drawn at random are trained for a few epochs, the best of them
/// anew for more, and so on, judged by images that are held out from the training images.
///
/// Test images have no part in it: it is given training images only.
public struct Search: Sendable {
    static let campaignKind = "search"

    public let space: SearchSpace
    /// Each model on each data set.
    public let subjects: [SearchSubject]
    /// Of the space, as the search's folder has it.
    public let spaceDigest: String

    /// Draws the trials, and sees to it that the options can be: each at every value of its list, or at both ends of its range.
    ///
    /// - Parameters:
    ///   - path: of the space's file, for messages.
    ///   - configure: what options of `sqsnn train`, by name without dashes, make of a run; it refuses options that there are not, or
    ///     that do not go together.
    /// - Throws: ``SearchError/space(_:problem:)`` with the place of the option.
    public init(
        _ space: SearchSpace, path: String, configure: ([String: String]) throws -> RunConfiguration
    ) throws {
        if let problem = space.problem { throw SearchError.space(path, problem: problem.text) }
        self.space = space
        spaceDigest = SHA256Digest.hex(of: try JSONDocument.encode(space))
        let datasets: [String?] = space.datasets ?? [nil]
        let models = space.models ?? [.init(name: "")]
        do throws(JSONDocument.Problem) {
            var subjects: [SearchSubject] = []
            for dataset in datasets {
                for (index, model) in models.enumerated() {
                    let place = space.models == nil ? "" : "models[\(index)]."
                    let options = SubjectOptions(space, model, dataset: dataset, place: place)
                    try options.check(configure)
                    subjects.append(SearchSubject(options, configure))
                }
            }
            self.subjects = subjects
        } catch {
            throw SearchError.space(path, problem: error.text)
        }
    }
}
