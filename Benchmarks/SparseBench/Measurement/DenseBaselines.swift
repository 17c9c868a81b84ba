import SparseKernels

/// What the dense kernels of a case took: what the others are measured against.
package struct DenseBaselines: Sendable {
  /// The kernels that multiply zeros too: their time does not depend on the sparsity.
  static let kernelNames = Set(ConvKernelList.candidates.filter(\.isDense).map(\.name))

  /// The named baseline, `dense`; nil where it was not measured.
  let dense: SampleStatistics?
  /// The median of the fastest dense kernel; nil where none was measured.
  let bestMedian: Double?

  /// - Parameters:
  ///   - dense: what `dense` took.
  ///   - bestMedian: the least median of all dense kernels.
  package init(dense: SampleStatistics?, bestMedian: Double?) {
    self.dense = dense
    self.bestMedian = bestMedian
  }

  init(_ outcomes: [Outcome]) {
    var medians: [Double] = []
    var dense: SampleStatistics?
    for case .contender(let contender) in outcomes where !contender.samples.isEmpty {
      guard Self.kernelNames.contains(contender.kernelName) else { continue }
      let statistics = SampleStatistics(contender.samples)
      medians.append(statistics.median)
      if contender.kernelName == DenseConvKernel().name { dense = statistics }
    }
    self.init(dense: dense, bestMedian: medians.min())
  }
}
