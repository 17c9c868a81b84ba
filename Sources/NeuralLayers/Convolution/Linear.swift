import SparseKernels
import TensorCore

/// A fully connected layer, `output = weight * input + bias`, computed as a 1x1 convolution of images of one pixel.
///
/// Input `[batch, inputs]`, output `[batch, outputs]`, weights `[outputs, inputs]`.
public final class Linear: WeightedLayer {
  /// The weights, `[outputs, inputs]`.
  public let weight: Parameter
  /// One number per output channel, or nil.
  public let bias: Parameter?

  private let engine: ConvEngine

  /// The bytes of packed weights; see ``WeightedLayer/packedByteCount``.
  public var packedByteCount: Int { engine.packedByteCount }

  /// Creates a layer with random weights; see ``Conv2d/init(_:hasBias:initializer:kernel:using:)``.
  ///
  /// - Precondition: both counts are positive.
  public init(
    _ inputs: Int, _ outputs: Int, hasBias: Bool = true, initializer: Initializer = .inverseRoot,
    kernel: any ConvKernel = DenseConvKernel(), using generator: inout SeededGenerator
  ) {
    let geometry = ConvGeometry.linear(inputs, outputs)
    weight = .random([outputs, inputs], initializer, using: &generator)
    bias = hasBias ? .randomBias(ofWeights: [outputs, inputs], using: &generator) : nil
    engine = ConvEngine("Linear", geometry: geometry, weight: weight, bias: bias, kernel: kernel)
  }

  /// Creates a layer of given weights.
  ///
  /// - Parameters:
  ///   - weights: `[outputs, inputs]`.
  ///   - bias: one value per output, or nil.
  ///   - kernel: what computes.
  /// - Precondition: the weights have two dimensions, and the bias the first as its count.
  public init(weights: Tensor, bias: [Float]? = nil, kernel: any ConvKernel = DenseConvKernel()) {
    precondition(
      weights.shape.rank == 2, "Linear: weights have shape \(weights.shape), expected [outputs, inputs]")
    weight = Parameter(weights)
    self.bias = bias.map { Parameter(Tensor($0, shape: [$0.count])) }
    engine = ConvEngine(
      "Linear", geometry: .linear(weights.shape[1], weights.shape[0]), weight: weight, bias: self.bias, kernel: kernel)
  }

  /// Computes the layer.
  ///
  /// - Precondition: the input is `[batch, inputs]`.
  public func callAsFunction(_ input: Variable) throws -> Variable { try engine.applyToVectors(input) }

  /// A sparse layer of the same function, which stores the weights larger than a threshold; with 0 the nonzero ones.
  ///
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public func sparse(
    threshold: Float = 0, kernel: any ConvKernel = DirectConvKernel()
  ) throws(SparseMatrixError) -> SparseLinear {
    SparseLinear(
      weights: try CSRMatrix(weight.dense(), threshold: threshold), bias: bias?.values, kernel: kernel)
  }
}

extension ConvEngine {
  /// Computes the layer on vectors, as images of one pixel.
  func applyToVectors(_ input: Variable) throws -> Variable {
    precondition(
      input.shape.rank == 2 && input.shape[1] == geometry.inputChannels,
      "Linear: input has shape \(input.shape), expected [batch, \(geometry.inputChannels)]")
    let batch = input.shape[0]
    let output = try apply(to: input.reshaped(to: [batch, geometry.inputChannels, 1, 1]))
    return output.reshaped(to: [batch, geometry.outputChannels])
  }
}
