/// How the losses of the examples become the result.
public enum LossReduction: String, Hashable, Sendable, CaseIterable {
  /// Their mean: the sum of the losses over the sum of the weights of the labels that count, which is their number without weights.
  case mean
  /// Their sum.
  case sum
  /// Each by itself, in the shape of the labels: 0 where the label is ignored. Make a scalar of them, such as by
  /// ``Variable/sum()``, before `Tape.backward(from:)`.
  case none
}
