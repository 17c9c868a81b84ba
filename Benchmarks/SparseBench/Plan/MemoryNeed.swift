import Foundation
import SparseKernels

/// A bound on the memory that measuring a problem takes, so that a problem too large for the machine is refused by a
/// sentence and not by the system.
package struct MemoryNeed {
  /// In `Double`, which holds any product of sizes without overflow.
  package let byteCount: Double

  package init(_ problem: ConvProblem, threadCount: Int) {
    let padding = problem.padding
    let paddedHeight = Double(problem.inputSize.height + padding.top + padding.bottom)
    let paddedWidth = Double(problem.inputSize.width + padding.left + padding.right)
    let paddedInput = Double(problem.batch) * Double(problem.inputChannels) * paddedHeight * paddedWidth
    let input = Double(problem.inputShape.elementCount)
    let output = Double(problem.outputShape.elementCount)
    let outputImage = output / Double(problem.batch)
    let weights = Double(problem.weightShape.elementCount)
    // Floats: input, expected and computed output, dense weights. Doubles: the padded image, a thread's sums.
    // Sparse weights: 12 bytes an entry in CSR's three arrays, up to 24 more in a library's own form.
    byteCount =
      4 * (input + 2 * output + weights) + 8 * (paddedInput + Double(threadCount) * outputImage) + 36 * weights
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
