import SparseKernels
import TensorCore

/// A dense convolution of images; the formula is at `ConvProblem`.
///
/// Input `[batch, inputChannels, height, width]`, weights `[outputChannels, inputChannels / groups, kernelHeight, kernelWidth]`.
public final class Conv2d: WeightedLayer {
  /// The weights, OIHW.
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

  /// Creates a layer with random weights.
  ///
  /// - Parameters:
  ///   - geometry: channels, kernel and so on.
  ///   - hasBias: whether there is a bias, which begins evenly within `1 / sqrt(inputs)`.
  ///   - initializer: how the weights begin.
  ///   - kernel: what computes; it must have gradients for training.
  ///   - generator: where random numbers come from.
  public init(
    _ geometry: ConvGeometry, hasBias: Bool = true, initializer: Initializer = .inverseRoot,
    kernel: any ConvKernel = DenseConvKernel(), using generator: inout SeededGenerator
  ) {
    let shape = geometry.weightShape
    weight = .random(shape, initializer, using: &generator)
    bias = hasBias ? .randomBias(ofWeights: shape, using: &generator) : nil
    engine = ConvEngine("Conv2d", geometry: geometry, weight: weight, bias: bias, kernel: kernel)
  }

  /// Creates a layer of given weights.
  ///
  /// - Parameters:
  ///   - geometry: channels, kernel and so on.
  ///   - weights: of the geometry's ``ConvGeometry/weightShape``.
  ///   - bias: one value per output channel, or nil.
  ///   - kernel: what computes.
  /// - Precondition: the shapes are as said.
  public init(
    _ geometry: ConvGeometry, weights: Tensor, bias: [Float]? = nil, kernel: any ConvKernel = DenseConvKernel()
  ) {
    precondition(
      weights.shape == geometry.weightShape,
      "Conv2d: weights have shape \(weights.shape), expected \(geometry.weightShape)")
    weight = Parameter(weights)
    self.bias = bias.map { Parameter(Tensor($0, shape: [$0.count])) }
    engine = ConvEngine("Conv2d", geometry: geometry, weight: weight, bias: self.bias, kernel: kernel)
  }

  /// Computes the convolution.
  ///
  /// - Precondition: the input has four dimensions and the layer's channels.
  /// - Throws: ``ConvProblemError`` if no window fits the image, ``KernelError`` if the kernel declines.
  public func callAsFunction(_ input: Variable) throws -> Variable { try engine.apply(to: input) }

  /// A sparse layer of the same function, which stores the weights larger than a threshold; with 0 the nonzero ones, so that the
  /// output is the same.
  ///
  /// - Throws: ``SparseMatrixError/tooLarge(_:count:)`` if a count does not fit in `Int32`.
  public func sparse(
    threshold: Float = 0, kernel: any ConvKernel = DirectConvKernel()
  ) throws(SparseMatrixError) -> SparseConv2d {
    SparseConv2d(
      geometry, weights: try CSRMatrix(weight.dense(), threshold: threshold), bias: bias?.values, kernel: kernel)
  }
}
