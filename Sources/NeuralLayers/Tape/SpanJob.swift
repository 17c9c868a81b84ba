import SparseKernels
import TensorCore

/// A job over a run of elements, cut into spans by size alone.
protocol SpanJob: ParallelJob {
  var count: Int { get }

  /// Computes the elements of a span.
  func execute(_ span: Range<Int>)
}

extension SpanJob {
  /// 64 KB of a tensor: some microseconds of work, and a multiple of every vector.
  static var spanLength: Int { 16384 }

  var partCount: Int { (count + Self.spanLength - 1) / Self.spanLength }

  func execute(index: Int, worker: Int) {
    let start = index * Self.spanLength
    execute(start..<min(start + Self.spanLength, count))
  }
}

extension ComputeContext {
  /// Runs a job that reports no errors.
  func compute(_ job: some ParallelJob, partCount: Int) {
    do {
      try run(job, partCount: partCount)
    } catch {
      preconditionFailure("a job of arithmetic reports no errors: \(error)")
    }
  }

  func compute(_ job: some SpanJob) { compute(job, partCount: job.partCount) }
}

extension Tensor {
  /// Calls `body` with where the elements are, which is valid during the call; not if there are none.
  func withStart(_ body: (UnsafePointer<Float>) throws -> Void) rethrows {
    try withUnsafeBufferPointer { elements in
      guard let start = elements.baseAddress, !elements.isEmpty else { return }
      try body(start)
    }
  }
}
