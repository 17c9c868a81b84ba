import Foundation
import SparseKernels
import TensorCore

import SparseBench

/// Reports with made-up times: those of a machine whose every kernel costs a line in the nonzeros.
struct SyntheticReport {
  var problems = [
    "mb1ic4ih6oc8kh3ph1n\"first\"", "mb1ic8ih6oc8kh3ph1n\"second\"", "mb1ic16ih5oc8kh1n\"third\"",
  ]
  var sparsities = [0.5, 0.8, 0.9, 0.99]
  var kernels = ["dense", "cholmod", "graphblas"]
  var pass = ConvPass.forward
  /// The status of a kernel that is not timed, by its name.
  var refusals: [String: String] = [:]
  /// Whether the sparsities count as found in a file, one for each layer.
  var isFound = false
  var isInterrupted = false

  /// Seconds of a kernel on weights with so many nonzeros.
  static func seconds(_ kernel: String, nnz: Int) -> Double {
    switch kernel {
    case "dense": 2e-3
    case "cholmod": 0.5e-3 + 15e-6 * Double(nnz)
    default: 0.2e-3 + 6e-6 * Double(nnz)
    }
  }

  func report() throws -> BenchReport {
    let layers = try problems.enumerated().map { index, line in
      let problem = try ConvProblem(benchdnn: line)
      let ofLayer = isFound ? [sparsities[index % sparsities.count]] : sparsities
      return LayerReport(
        title: problem.name.isEmpty ? problem.benchdnn : problem.name, notation: problem.benchdnn,
        group: "synthetic \(problem.kernelSize)", pass: pass,
        results: try ofLayer.flatMap { try results(problem, sparsity: $0) })
    }
    return BenchReport(
      environment: BenchEnvironment(
        plan: try BenchPlan(BenchOptions(problems: ["mb1ic4ih6oc4kh3ph1"], pass: pass.rawValue))),
      ceilings: try Self.ceilings(), layers: layers, sparsities: isFound ? [] : sparsities,
      isInterrupted: isInterrupted)
  }

  private func results(_ problem: ConvProblem, sparsity: Double) throws -> [BenchResult] {
    var generator = SeededGenerator(seed: 1)
    let weights = try ConvWeights.random(for: problem, sparsity: sparsity, using: &generator)
    func samples(_ kernel: String) -> [Double] {
      let middle = Self.seconds(kernel, nnz: weights.matrix.nnz)
      return [middle * 0.99, middle, middle * 1.01]
    }
    let dense = kernels.contains("dense") && refusals["dense"] == nil ? SampleStatistics(samples("dense")) : nil
    return kernels.map { kernel in
      let timing =
        refusals[kernel] != nil
        ? nil
        : BenchResult.Timing(
          kernel: kernel, samples: samples(kernel), baselines: DenseBaselines(dense: dense, bestMedian: dense?.median),
          problem: problem, weights: weights,
          weightByteCount: kernel == "dense" ? 4 * problem.weightShape.elementCount : weights.matrix.byteCount,
          scratchByteCount: 4096)
      return BenchResult(
        kernel: kernel, problem: problem, threads: 1, pass: pass, sparsity: sparsity, weights: weights,
        status: refusals[kernel] ?? "ok", timing: timing, maxRelativeError: timing == nil ? nil : 1e-7)
    }
  }

  private static func ceilings() throws -> MachineCeilings {
    let rates: [String: Double] = [
      "fmaGflops": 117, "l1FmaGflops": 109, "l2FmaGflops": 59, "l1ReadGBps": 216, "l2ReadGBps": 117, "l3ReadGBps": 68,
      "memoryReadGBps": 19,
    ]
    return try JSONDecoder().decode(MachineCeilings.self, from: JSONEncoder().encode(rates))
  }
}
