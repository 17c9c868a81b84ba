import SparseKernels
import TensorCore

/// A convolution whose weights are a sparse matrix: one row per output channel, with column
/// `(inputChannel * kernelHeight + y) * kernelWidth + x`.
///
/// The parameter ``weight`` is the stored values: forward, both gradients and whatever an optimizer keeps are in O(nnz). Set other
/// positions by `weight.setPattern(_:values:)`; the layer then prepares itself anew.
public final class SparseConv2d: WeightedLayer {
  /// The stored weights.
  public let weight: Parameter
  /// One number per output channel, or nil.
  public let bias: Parameter?

  private let engine: ConvEngine

  /// The bytes of packed weights; see ``WeightedLayer/packedByteCount``.
  public var packedByteCount: Int { engine.packedByteCount }

  /// The channels, the kernel and so on.
  public var geometry: ConvGeometry { engine.geometry }

  /// The kernel that computes.
  public var kernel: any ConvKernel { engine.kernel }

  /// Creates a layer with random weights at random places.
  ///
  /// - Parameters:
  ///   - geometry: channels, kernel and so on.
  ///   - sparsity: the fraction of weights that is not stored.
  ///   - hasBias: whether there is a bias.
  ///   - initializer: how the stored weights begin.
  ///   - kernel: what computes; it must have gradients for training.
  ///   - generator: where random numbers come from.
  /// - Precondition: `sparsity` is in 0...1.
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public init(
    _ geometry: ConvGeometry, sparsity: Double, hasBias: Bool = true, initializer: Initializer = .inverseRoot,
    kernel: any ConvKernel = DirectConvKernel(), using generator: inout SeededGenerator
  ) throws(SparseMatrixError) {
    let shape = geometry.weightShape
    weight = try .random(shape, sparsity: sparsity, initializer, using: &generator)
    bias = hasBias ? .randomBias(ofWeights: shape, density: weight.density, using: &generator) : nil
    engine = ConvEngine("SparseConv2d", geometry: geometry, weight: weight, bias: bias, kernel: kernel)
  }

  /// Creates a layer of given weights.
  ///
  /// - Parameters:
  ///   - geometry: channels, kernel and so on.
  ///   - weights: one row per output channel.
  ///   - bias: one value per output channel, or nil.
  ///   - kernel: what computes.
  /// - Precondition: the sizes agree.
  public init(
    _ geometry: ConvGeometry, weights: CSRMatrix, bias: [Float]? = nil, kernel: any ConvKernel = DirectConvKernel()
  ) {
    weight = Parameter(weights, shape: geometry.weightShape)
    self.bias = bias.map { Parameter(Tensor($0, shape: [$0.count])) }
    engine = ConvEngine("SparseConv2d", geometry: geometry, weight: weight, bias: self.bias, kernel: kernel)
  }

  /// Computes the convolution.
  ///
  /// - Precondition: the input has four dimensions and the layer's channels.
  /// - Throws: ``ConvProblemError`` if no window fits the image, ``KernelError`` if the kernel declines.
  public func callAsFunction(_ input: Variable) throws -> Variable { try engine.apply(to: input) }

  /// A dense layer of the same function, zeros included.
  public func dense(kernel: any ConvKernel = DenseConvKernel()) -> Conv2d {
    Conv2d(geometry, weights: weight.dense(), bias: bias?.values, kernel: kernel)
  }
}
