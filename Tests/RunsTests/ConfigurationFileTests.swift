import Baselines
import EventRecordings
import Files
import Foundation
import Learning
import Neurons
import SpikeDatasets
import Testing

@testable import Runs

@Suite("The file of a run's configuration")
struct ConfigurationFileTests {
    @Test("holds every field that there is, and gives back what was written")
    func everyField() throws {
        var configuration = try RunExamples.configuration()
        configuration.input = EventInput(
            sound: SoundEncoding(), series: .population(8), transforms: try EventPipeline(["crop=26x26"]),
            bins: .span(25_000))
        configuration.trainingLimit = 7
        configuration.validationCount = 3
        configuration.noise = try .init(loading: "eagle", scale: 5)
        configuration.backend = "aer"
        configuration.graph = try configuration.recipe.graph(
            inputCount: 4, classCount: 2, model: configuration.neuronModel())
        configuration.qnn = try QNN()
        configuration.datasetDigests = ["file": "digest"]

        let bytes = try RunFolder.encoded(configuration)
        let written = try #require(
            JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let names = Mirror(reflecting: configuration).children.compactMap(\.label)
        #expect(names.count > 10 && written.count == names.count)
        #expect(try JSONDocument.decode(RunConfiguration.self, from: bytes) == configuration)
    }
}
