import Optimizers
import TensorCore

/// A parameter that is updated with random gradients, for tests that compare bits.
struct Training {
  var optimizer: any Optimizer
  var values: [Float]
  private var generator: SeededGenerator

  init(_ optimizer: any Optimizer, count: Int, seed: UInt64 = 1) {
    self.optimizer = optimizer
    generator = SeededGenerator(seed: seed)
    values = []
    values = randoms(count)
  }

  mutating func randoms(_ count: Int) -> [Float] {
    (0..<count).map { _ in generator.nextFloat(in: -1..<1) }
  }

  mutating func step(name: String = "conv.weight", rate: Double = 0.01) {
    optimizer.step(name, &values, randoms(values.count), rate: rate)
  }

  mutating func steps(_ count: Int) {
    for _ in 0..<count { step() }
  }

  var bits: [UInt32] { values.map(\.bitPattern) }
}

extension Optimizer {
  /// Begins a step and updates one parameter.
  mutating func step(_ name: String, _ values: inout [Float], _ gradient: [Float], rate: Double) {
    beginStep()
    values.withUnsafeMutableBufferPointer { values in
      gradient.withUnsafeBufferPointer { update(name, values: values, gradient: $0, learningRate: rate) }
    }
  }

  /// The same, range by range in the given order.
  mutating func step(
    _ name: String, _ values: inout [Float], _ gradient: [Float], rate: Double, ranges: [Range<Int>]
  ) {
    beginStep()
    values.withUnsafeMutableBufferPointer { values in
      gradient.withUnsafeBufferPointer {
        withUpdate(name, values: values, gradient: $0, learningRate: rate) { update in
          for range in ranges { update.apply(to: range) }
        }
      }
    }
  }
}
