/// Work that a ``ComputeContext`` spreads over its threads: a number of independent parts.
///
/// Jobs are structs of pointers and sizes rather than closures because an escaping closure costs an allocation each
/// call, and a warm convolution allocates nothing.
package protocol ParallelJob {
  /// Does part `index`. Parts run in any order, at the same time, each exactly once.
  ///
  /// - Parameters:
  ///   - index: which part, from 0.
  ///   - worker: which thread runs it, in `0..<threadCount`: at any moment no two parts run with the same worker, so
  ///     it selects a private slice of scratch.
  func execute(index: Int, worker: Int) throws
}

extension ParallelJob {
  /// Runs a part of the job at an address. Called through the metatype, which erases the type without a box.
  static func execute(at job: UnsafeRawPointer, index: Int, worker: Int) throws {
    try job.assumingMemoryBound(to: Self.self).pointee.execute(index: index, worker: worker)
  }
}
