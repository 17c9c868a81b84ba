import Optimizers
import SparseKernels

/// One parameter's update, cut into ranges for the threads of a context.
private struct OptimizerJob<Rule: UpdateRule>: ParallelJob {
  let update: ParameterUpdate<Rule>

  /// Below this a range costs less than handing it out.
  static var rangeLength: Int { 1 << 14 }

  var partCount: Int { (update.count + Self.rangeLength - 1) / Self.rangeLength }

  func execute(index: Int, worker: Int) {
    let start = index * Self.rangeLength
    update.apply(to: start..<min(start + Self.rangeLength, update.count))
  }
}

extension Optimizer {
  /// ``update(_:values:gradient:learningRate:)`` on the threads of a context, with the same bits.
  mutating func update(
    _ name: String, values: UnsafeMutableBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>,
    learningRate: Double, context: ComputeContext
  ) throws {
    try withUpdate(name, values: values, gradient: gradient, learningRate: learningRate) { update in
      let job = OptimizerJob(update: update)
      try context.run(job, partCount: job.partCount)
    }
  }
}
