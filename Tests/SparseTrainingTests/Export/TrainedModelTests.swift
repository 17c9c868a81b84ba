import ModelFormats
import NeuralLayers
import SparseKernels
import TensorCore
import TestSupport
import Testing

@testable import SparseTraining

@Suite struct TrainedModelTests {
  @Test func theListNamesEveryConvolutionWithItsWeights() throws {
    let folder = try TemporaryFolder()
    let settings = TrainingSettings.small(.fixed)
    let model = try SparseModel(settings) {
      try ResNet20(inputChannels: 1, classCount: 4, density: $0, seed: 1)
    }
    let data = DataDescription(imageCount: 4, imageShape: [1, 12, 20], classCount: 4, normalization: .halves)
    let list = try TrainedModel.write(model.model, data: data, to: folder.file("m.safetensors"))
    #expect(list == folder.file("m.shapes"))
    let text = String(decoding: try contents(of: list), as: UTF8.self)
    let problems = try ConvProblem.lines(benchdnn: text).map(\.problem)
    // Nineteen convolutions on the way, two shortcuts and the classifier.
    #expect(problems.count == 22)
    #expect(problems.first?.inputSize == Size2D(height: 12, width: 20))
    #expect(problems.allSatisfy { $0.batch == 1 })
    let file = try SafetensorsFile(path: folder.file("m.safetensors"))
    for problem in problems {
      let weights =
        file.matrixNames.contains(problem.name)
        ? ConvWeights(try file.matrix(named: problem.name))
        : try ConvWeights(oihw: try file.tensor(named: problem.name))
      #expect(weights.matrix.rows == problem.outputChannels)
      #expect(weights.matrix.columns == problem.weightsPerOutputChannel)
    }
    #expect(file.metadata["sparsenn.data"]?.contains("standardDeviation") == true)
  }
}
