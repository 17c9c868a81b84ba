import SparseKernels
import TensorCore

/// Sums of tensors, element by element.
enum Elementwise {
  /// `left + right`, written over one of them if nobody else has it.
  static func sum(_ left: consuming Tensor, _ right: consuming Tensor, tape: Tape) -> Tensor {
    precondition(left.shape == right.shape, "sum: shapes \(left.shape) and \(right.shape), expected equal ones")
    if left.isUniquelyReferenced() { return add(right, into: left, context: tape.context) }
    if right.isUniquelyReferenced() { return add(left, into: right, context: tape.context) }
    return tape.tensor(left.shape) { sum in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          guard let first = left.baseAddress, let second = right.baseAddress else { return }
          tape.context.compute(SumJob(count: left.count, left: first, right: second, sum: sum))
        }
      }
    }
  }

  private static func add(_ term: Tensor, into sum: consuming Tensor, context: ComputeContext) -> Tensor {
    var sum = sum
    sum.withUnsafeMutableBufferPointer { sum in
      term.withUnsafeBufferPointer { term in
        guard let start = sum.baseAddress, let term = term.baseAddress else { return }
        context.compute(SumJob(count: sum.count, left: UnsafePointer(start), right: term, sum: start))
      }
    }
    return sum
  }
}

/// A sum of two floats is the same in either order, so it does not matter which of them is written over.
private struct SumJob: SpanJob {
  let count: Int
  let left: UnsafePointer<Float>
  let right: UnsafePointer<Float>
  let sum: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    var index = span.lowerBound
    while index + Lanes.count <= span.upperBound {
      (Lanes.load(left + index) + Lanes.load(right + index)).store(sum + index)
      index += Lanes.count
    }
    while index < span.upperBound {
      sum[index] = left[index] + right[index]
      index += 1
    }
  }
}

extension Variable {
  /// The sum of two variables of one shape: where a skip joins. Both get the sum's gradient, without a copy.
  ///
  /// - Precondition: the shapes are equal, and both are on one tape.
  public static func + (left: Variable, right: Variable) -> Variable {
    precondition(left.shape == right.shape, "+: shapes \(left.shape) and \(right.shape), expected equal ones")
    precondition(left.tape === right.tape, "+: the variables are on different tapes")
    let tape = left.tape
    let sum = tape.measured("Add", .forward) { Elementwise.sum(left.value, right.value, tape: tape) }
    let nodes = [left.node, right.node]
    return tape.variable(sum, "Add", needsGradient: left.needsGradient || right.needsGradient) { gradient in
      for case let node? in nodes { tape.addGradient(gradient, to: node) }
    }
  }
}

extension Tensor {
  /// Calls `body` with the elements and with where to write what replaces them: the same place if nobody else has the tensor,
  /// which then becomes what was written.
  ///
  /// `body` computes each element from the one at the same place, and may read and write in pieces.
  mutating func rewrite(
    pool: TensorPool, _ body: (_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) -> Void
  ) {
    if isUniquelyReferenced() {
      withUnsafeMutableBufferPointer { elements in
        guard let start = elements.baseAddress else { return }
        body(UnsafePointer(start), start)
      }
    } else {
      let old = self
      self = Tensor(uninitialized: shape, pool: pool) { elements in
        old.withUnsafeBufferPointer { source in
          guard let source = source.baseAddress, let start = elements.baseAddress else { return }
          body(source, start)
        }
      }
    }
  }
}
