import ModelFormats
import SparseKernels
import TensorCore

/// One problem to measure, where it came from, and its weights if a file has them.
package struct BenchLayer {
  private(set) var problem: ConvProblem
  /// The suite's name, or `problems`: what the summary groups by.
  let origin: String
  /// Where a person finds it, such as `layers.txt: line 3`, for messages.
  let place: String
  /// The status with which a fault in this layer ends the command: its text came from a flag or from a file.
  let faultStatus: BenchError.Status
  private(set) var weights: ConvWeights?

  init(problem: ConvProblem, origin: String, place: String, faultStatus: BenchError.Status) {
    self.problem = problem
    self.origin = origin
    self.place = place
    self.faultStatus = faultStatus
  }

  /// What tables call it.
  var title: String { problem.name.isEmpty ? problem.benchdnn : problem.name }

  /// Takes the tensor that the problem names, or the sparse matrix of that name.
  mutating func takeWeights(from file: SafetensorsFile, path: String) throws {
    if problem.name.isEmpty {
      throw BenchError(
        status: faultStatus,
        description: "\(place): there is no name in it, expected n\"TENSOR\" with a tensor of \(path)")
    }
    if file.info(problem.name) == nil, file.matrixNames.contains(problem.name) {
      return try take(file.matrix(named: problem.name), from: "\(path): matrix '\(problem.name)'")
    }
    let tensor = try file.tensor(named: problem.name)
    let expected = problem.weightShape
    let isMatrixOf1x1 = tensor.shape == [expected[0], expected[1]] && expected[2] == 1 && expected[3] == 1
    guard tensor.shape == expected || isMatrixOf1x1 else {
      throw BenchError(
        status: .badData,
        description: "\(path): tensor '\(problem.name)' has shape \(tensor.shape), expected \(expected) for \(place)")
    }
    weights = try ConvWeights(oihw: tensor.reshaped(to: expected))
  }

  /// This layer with a matrix of its own, whose file is added to its name.
  func withWeights(_ matrix: CSRMatrix, path: String) throws(BenchError) -> BenchLayer {
    var layer = self
    try layer.take(matrix, from: "\(path): the matrix")
    let fileName = path.split(separator: "/").last.map(String.init) ?? path
    layer.problem.name = [problem.name, fileName].filter { !$0.isEmpty }.joined(separator: " ")
    return layer
  }

  private mutating func take(_ matrix: CSRMatrix, from place: String) throws(BenchError) {
    let (rows, columns) = (problem.outputChannels, problem.weightsPerOutputChannel)
    guard matrix.rows == rows && matrix.columns == columns else {
      throw BenchError(
        status: .badData,
        description: "\(place) is \(matrix.rows) x \(matrix.columns), expected \(rows) x \(columns) for \(self.place)")
    }
    weights = ConvWeights(matrix)
  }
}
