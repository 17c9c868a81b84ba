import SparseKernels
import TensorCore

/// A fully connected layer of sparse weights, one row per output: ``Linear`` with the parameter of a ``SparseConv2d``.
public final class SparseLinear: WeightedLayer {
  /// The stored weights.
  public let weight: Parameter
  /// One number per output channel, or nil.
  public let bias: Parameter?

  private let engine: ConvEngine

  /// The bytes of packed weights; see ``WeightedLayer/packedByteCount``.
  public var packedByteCount: Int { engine.packedByteCount }

  /// Creates a layer with random weights at random places; see
  /// ``SparseConv2d/init(_:sparsity:hasBias:initializer:kernel:using:)``.
  ///
  /// - Precondition: both counts are positive, and `sparsity` is in 0...1.
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(
    _ inputs: Int, _ outputs: Int, sparsity: Double, hasBias: Bool = true, initializer: Initializer = .inverseRoot,
    kernel: any ConvKernel = DirectConvKernel(), using generator: inout SeededGenerator
  ) throws(SparseMatrixError) {
    let geometry = ConvGeometry.linear(inputs, outputs)
    weight = try .random([outputs, inputs], sparsity: sparsity, initializer, using: &generator)
    bias =
      hasBias ? .randomBias(ofWeights: [outputs, inputs], density: weight.density, using: &generator) : nil
    engine = ConvEngine("SparseLinear", geometry: geometry, weight: weight, bias: bias, kernel: kernel)
  }

  /// Creates a layer of given weights.
  ///
  /// - Parameters:
  ///   - weights: one row per output.
  ///   - bias: one value per output, or nil.
  ///   - kernel: what computes.
  /// - Precondition: the sizes agree.
  public init(weights: CSRMatrix, bias: [Float]? = nil, kernel: any ConvKernel = DirectConvKernel()) {
    weight = Parameter(weights, shape: [weights.rows, weights.columns])
    self.bias = bias.map { Parameter(Tensor($0, shape: [$0.count])) }
    engine = ConvEngine(
      "SparseLinear", geometry: .linear(weights.columns, weights.rows), weight: weight, bias: self.bias, kernel: kernel)
  }

  /// Computes the layer.
  ///
  /// - Precondition: the input is `[batch, inputs]`.
  public func callAsFunction(_ input: Variable) throws -> Variable { try engine.applyToVectors(input) }

  /// A dense layer of the same function, zeros included.
  public func dense(kernel: any ConvKernel = DenseConvKernel()) -> Linear {
    Linear(weights: weight.dense(), bias: bias?.values, kernel: kernel)
  }
}
