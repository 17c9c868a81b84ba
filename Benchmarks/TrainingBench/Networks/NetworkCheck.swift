import NeuralLayers
import SparseKernels
import TensorCore

/// Whether a sparse network computes what the dense one with the same, zero-filled weights does.
enum NetworkCheck {
  /// Few, since the layers' kernels are checked image by image elsewhere; BatchNorm needs more than one.
  static let batch = 4

  /// How far a parameter's gradient may be from that of the dense network, as a fraction of its norm.
  ///
  /// Both networks sum in float in different orders. That is off by 1e-5 or so after twenty layers, but where it puts a sum on the
  /// other side of a ReLU, or another pixel above its neighbours in a pool, a whole element of the gradient differs, which is about
  /// 1 in the root of a plane's elements. A wrong index makes gradients that have nothing to do with each other, at a distance of 1.
  static let tolerance = 0.02

  /// Compares the loss and all gradients; nil if they agree, or what does not.
  static func fault(
    of variant: NetworkVariant, model: any Layer, network: NetworkKind, context: ComputeContext, seed: UInt64
  ) throws -> String? {
    let dense = try network.model(density: .dense, seed: seed)
    let pairs = Array(zip(model.parameters, dense.parameters))
    for (own, other) in pairs { other.parameter.values = own.parameter.dense().values }
    let images = RandomBatch(network, count: batch, seed: seed)
    let losses = try [model, dense].map { model in
      let tape = Tape(context: context)
      let loss = try CrossEntropyLoss()(model(tape.input(images.images)), labels: images.labels)
      try tape.backward(from: loss)
      return Double(loss.scalar)
    }
    if !(abs(losses[0] - losses[1]) <= tolerance * abs(losses[1])) {
      return "the loss is \(losses[0]), expected about \(losses[1])"
    }
    for (own, other) in pairs {
      let expected = stored(other.parameter.gradient, own.parameter)
      let distance = norm(zip(own.parameter.gradient, expected).map { Double($0) - Double($1) })
      let size = norm(expected.map(Double.init))
      // Before a BatchNorm a gradient may be zero but for rounding: then it is compared with the largest there can be.
      if !(distance <= tolerance * max(size, 1e-3)) {
        return "the gradient of \(own.name) is \(distance) from the expected one, whose norm is \(size)"
      }
    }
    return nil
  }

  /// The elements of a dense gradient at the positions that a parameter stores.
  private static func stored(_ gradient: [Float], _ parameter: Parameter) -> [Float] {
    guard let pattern = parameter.pattern else { return gradient }
    return (0..<pattern.rows).flatMap { row in
      pattern.entries(ofRow: row).map { gradient[row * pattern.columns + Int(pattern.columnIndices[$0])] }
    }
  }

  private static func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
