import BenchmarkShapes
import Foundation
import ModelFormats
import SparseKernels
import TensorCore

/// What will be measured: the options, checked, and every layer with its weights' origin.
package struct BenchPlan {
  package let layers: [BenchLayer]
  /// The sparsities of random weights; a layer with weights of its own has one, which is found.
  let sparsities: [Double]
  package var kernels: [any ConvKernel]
  package let pass: ConvPass
  let threadCount: Int
  let secondsPerCase: Double
  let seed: UInt64

  package init(_ options: BenchOptions) throws {
    let listed = try options.parsedKernels()
    let planMode = try options.parsedPlanMode(kernels: listed)
    pass = try options.parsedPass()
    let threadCount = try options.parsedThreads()
    self.threadCount = threadCount
    kernels = listed.map { kernel in
      kernel.name == AutoConvKernel.name
        ? AutoConvKernel(ConvPlanner(threadCount: threadCount), mode: planMode) : kernel
    }
    secondsPerCase = try options.parsedSeconds()
    seed = try options.parsedSeed()
    sparsities = try options.parsedSparsities()
    let batch = try options.parsedBatch()

    var layers = try ProblemSource.layers(of: options, batch: batch)
    try options.checkOriginOfWeights()
    if let path = options.weightsFile {
      let file = try SafetensorsFile(path: path)
      for index in layers.indices { try layers[index].takeWeights(from: file, path: path) }
    }
    if !options.matrixFiles.isEmpty {
      let matrices = try options.matrixFiles.map { [seed] in ($0, try MatrixSource.matrix(path: $0, seed: seed)) }
      layers = try layers.flatMap { layer in
        try matrices.map { path, matrix in try layer.withWeights(matrix, path: path) }
      }
    }
    for layer in layers { try MemoryNeed(layer.problem, pass: pass, threadCount: threadCount).check(layer) }
    self.layers = layers
  }

  /// The cases of a layer, one per sparsity.
  package func cases(of layer: BenchLayer) throws -> [BenchCase] {
    if let weights = layer.weights {
      return [BenchCase(layer: layer, sparsity: weights.matrix.sparsity, weights: weights)]
    }
    return try sparsities.map { sparsity in
      var generator = SeededGenerator(seed: seed)
      let weights = try ConvWeights.random(for: layer.problem, sparsity: sparsity, using: &generator)
      return BenchCase(layer: layer, sparsity: sparsity, weights: weights)
    }
  }

  /// How many cases there are in all.
  var caseCount: Int { layers.reduce(0) { $0 + ($1.weights == nil ? sparsities.count : 1) } }

  /// The plan as a list of problems that `--problems` takes, with the rest in comments.
  var listing: String {
    var lines = ["# kernels: \(kernels.map(\.name).joined(separator: ", "))", "# pass: \(pass.rawValue)"]
    if layers.contains(where: { $0.weights == nil }) {
      lines.append("# sparsities: \(sparsities.map { "\($0)" }.joined(separator: ", "))")
    }
    var origin: String?
    for layer in layers {
      if layer.origin != origin { lines.append("# \(layer.origin)") }
      origin = layer.origin
      lines.append(layer.problem.benchdnn)
    }
    return lines.joined(separator: "\n")
  }
}

/// One layer at one sparsity.
package struct BenchCase {
  let layer: BenchLayer
  /// As asked for, or as found in a file.
  package let sparsity: Double
  package let weights: ConvWeights

  package var problem: ConvProblem { layer.problem }
}
