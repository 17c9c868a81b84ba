import TensorCore

/// The uses of layers in a pass, and gradients of their weights at all positions, each until the last of its uses has been gone back
/// through.
struct DenseGradientSums {
  private var useCounts: [ObjectIdentifier: Int] = [:]
  private var sums: [ObjectIdentifier: Tensor] = [:]

  mutating func addUse(of weight: Parameter) { useCounts[ObjectIdentifier(weight), default: 0] += 1 }

  /// Adds the gradient of one use.
  mutating func add(_ gradient: Tensor, of weight: Parameter, sum: (Tensor, Tensor) -> Tensor) {
    let key = ObjectIdentifier(weight)
    sums[key] = sums.removeValue(forKey: key).map { sum($0, gradient) } ?? gradient
  }

  /// Counts a use as done.
  ///
  /// - Returns: the sum over all uses after the last, if any of them had a gradient.
  mutating func finishUse(of weight: Parameter) -> Tensor? {
    let key = ObjectIdentifier(weight)
    let left = useCounts.removeValue(forKey: key).map { $0 - 1 } ?? 0
    if left == 0 { return sums.removeValue(forKey: key) }
    useCounts[key] = left
    return nil
  }

  mutating func removeAll() {
    useCounts.removeAll(keepingCapacity: true)
    sums.removeAll(keepingCapacity: true)
  }
}
