/// The arithmetic of one step of an optimizer, with its constants worked out.
public protocol UpdateRule: Sendable {
  /// How many arrays the rule keeps for each parameter.
  var slotCount: Int { get }

  /// Changes `count` values by their gradients.
  ///
  /// Elements must not influence each other, and each must be computed in the same way wherever a range starts or
  /// ends: plain arithmetic does, on whose results vectors and scalars agree.
  ///
  /// - Parameters:
  ///   - values: the first value, read and written.
  ///   - gradient: the first gradient.
  ///   - state: the first element of slot 0; not to be touched by a rule without slots.
  ///   - slotStride: from an element of one slot to the same element of the next.
  ///   - count: how many elements, 1 or more.
  func apply(
    values: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    slotStride: Int, count: Int)
}

/// The update of one parameter in one step, which may be applied range by range and by several threads at once.
///
/// `@unchecked Sendable`: ranges that do not overlap touch different memory, which is the caller's to see to.
public struct ParameterUpdate<Rule: UpdateRule>: @unchecked Sendable {
  let rule: Rule
  let values: UnsafeMutableBufferPointer<Float>
  let gradient: UnsafeBufferPointer<Float>
  let state: UnsafeMutablePointer<Float>

  /// The number of values.
  public var count: Int { values.count }

  /// Updates the values of a range; each index must be updated once.
  ///
  /// - Precondition: the range is inside `0..<count`.
  public func apply(to range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "ParameterUpdate: range \(range) is outside 0..<\(count)")
    guard !range.isEmpty, let values = values.baseAddress, let gradient = gradient.baseAddress else { return }
    rule.apply(
      values: values + range.lowerBound, gradient: gradient + range.lowerBound, state: state + range.lowerBound,
      slotStride: count, count: range.count)
  }
}
