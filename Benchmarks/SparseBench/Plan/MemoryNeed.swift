import Foundation
import SparseKernels

/// A bound on the memory that measuring a problem takes, so that a problem too large for the machine is refused by a
/// sentence and not by the system.
package struct MemoryNeed {
  /// In `Double`, which holds any product of sizes without overflow.
  package let byteCount: Double

  package init(_ problem: ConvProblem, pass: ConvPass, threadCount: Int) {
    let padding = problem.padding
    let paddedHeight = Double(problem.inputSize.height + padding.top + padding.bottom)
    let paddedWidth = Double(problem.inputSize.width + padding.left + padding.right)
    let paddedInput = Double(problem.batch) * Double(problem.inputChannels) * paddedHeight * paddedWidth
    let input = Double(problem.inputShape.elementCount)
    let output = Double(problem.outputShape.elementCount)
    let weights = Double(problem.weightShape.elementCount)
    // Floats: what the pass reads, its result, expected and computed, dense weights. Doubles: the padded image, a thread's
    // sums. Sparse weights: 12 bytes an entry in CSR's three arrays, up to 24 more in a library's own form.
    let (read, result, sums) =
      switch pass {
      case .forward: (input, output, output / Double(problem.batch))
      case .inputGradient: (output, input, input / Double(problem.batch))
      case .weightGradient: (input + output, weights, weights)
      }
    byteCount =
      4 * (read + 2 * result + weights) + 8 * (paddedInput + Double(threadCount) * sums) + 36 * weights
  }

  /// Refuses a layer that needs more than the machine has.
  func check(
    _ layer: BenchLayer, physicalMemory: UInt64 = ProcessInfo.processInfo.physicalMemory
  ) throws(BenchError) {
    if byteCount <= Double(physicalMemory) { return }
    func gibibytes(_ bytes: Double) -> String { String(format: "%.1f GiB", bytes / 0x1p30) }
    throw BenchError(
      status: layer.faultStatus,
      description:
        "\(layer.place): needs about \(gibibytes(byteCount)) of memory, expected at most the machine's \(gibibytes(Double(physicalMemory)))"
    )
  }
}
