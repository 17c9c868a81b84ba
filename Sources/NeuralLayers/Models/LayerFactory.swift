import SparseKernels
import TensorCore

/// Makes the layers of a model, dense or sparse as a rule says, with random weights from one seed.
struct LayerFactory {
  let density: WeightDensity
  private var generator: SeededGenerator

  init(density: WeightDensity, seed: UInt64) {
    self.density = density
    generator = SeededGenerator(seed: seed)
  }

  /// A convolution without bias, as before a BatchNorm, or with one.
  mutating func conv(
    _ name: String, _ geometry: ConvGeometry, hasBias: Bool = false, isSmall: Bool = false
  ) throws -> any WeightedLayer {
    let isDepthwise = geometry.groups > 1
    let density = density(.init(name: name, weightShape: geometry.weightShape, isSmall: isSmall || isDepthwise))
    if density == 1 {
      // A product of matrices for each channel has nothing to multiply, so depthwise ones take the kernel without.
      return Conv2d(
        geometry, hasBias: hasBias, initializer: .kaiming(),
        kernel: isDepthwise ? DirectConvKernel() : DenseConvKernel(), using: &generator)
    }
    return try SparseConv2d(
      geometry, sparsity: 1 - density, hasBias: hasBias, initializer: .kaiming(), using: &generator)
  }

  /// A fully connected layer.
  mutating func linear(
    _ name: String, _ inputs: Int, _ outputs: Int, isSmall: Bool = false
  ) throws -> any WeightedLayer {
    let density = density(.init(name: name, weightShape: [outputs, inputs], isSmall: isSmall))
    if density == 1 { return Linear(inputs, outputs, using: &generator) }
    return try SparseLinear(inputs, outputs, sparsity: 1 - density, using: &generator)
  }
}
