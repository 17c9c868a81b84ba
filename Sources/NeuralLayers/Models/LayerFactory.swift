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
    let isSmall = isSmall || isDepthwise
    let density = storedDensity(.init(name: name, weightShape: geometry.weightShape, isSmall: isSmall))
    guard let density else {
      // A product of matrices for each channel has nothing to multiply, so depthwise ones take the kernel without.
      return Conv2d(
        geometry, hasBias: hasBias, initializer: .kaiming(),
        kernel: isDepthwise ? DirectConvKernel() : DenseConvKernel(), using: &generator)
    }
    return try SparseConv2d(
      geometry, sparsity: 1 - density, hasBias: hasBias, initializer: .kaiming(), kernel: kernel, using: &generator)
  }

  /// What computes sparse layers: where weights are pruned later, what suits their density then.
  private var kernel: any ConvKernel { density.isPrunable ? DensityConvKernel() : DirectConvKernel() }

  /// The density of a sparse layer; nil for a dense one.
  private func storedDensity(_ place: WeightDensity.Place) -> Double? {
    let density = density(place)
    return density < 1 || (self.density.isPrunable && !place.isSmall) ? density : nil
  }

  /// A fully connected layer.
  mutating func linear(
    _ name: String, _ inputs: Int, _ outputs: Int, isSmall: Bool = false
  ) throws -> any WeightedLayer {
    let place = WeightDensity.Place(name: name, weightShape: [outputs, inputs], isSmall: isSmall)
    guard let density = storedDensity(place) else { return Linear(inputs, outputs, using: &generator) }
    return try SparseLinear(inputs, outputs, sparsity: 1 - density, kernel: kernel, using: &generator)
  }
}
