import TensorCore

/// What the elements of a test are.
enum Numbers {
  /// Small integers, so that every order of summation gives the same `Float`.
  case integers
  /// Such integers, and NaN here and there.
  case integersAndNaN
  /// Numbers in -1..<1.
  case floats

  /// The next element.
  func next(using generator: inout SeededGenerator) -> Float {
    switch self {
    case .integers: Float(generator.nextIndex(below: 9) - 4)
    case .integersAndNaN:
      generator.nextIndex(below: 50) == 0 ? .nan : Float(generator.nextIndex(below: 9) - 4)
    case .floats: generator.nextFloat(in: -1..<1)
    }
  }
}
