import SparseKernels
import TensorCore

/// What a convolution layer is, whatever the images' size: a `ConvProblem` without batch and image.
public struct ConvGeometry: Hashable, Sendable {
  /// Channels of the input, over all groups.
  public var inputChannels: Int
  /// Channels of the output, over all groups.
  public var outputChannels: Int
  /// Rows and columns of the kernel.
  public var kernelSize: Size2D
  /// The step between neighbouring outputs.
  public var stride: Size2D
  /// Zeros around the image.
  public var padding: Padding2D
  /// The step between neighbouring kernel elements; 1 is the ordinary kernel.
  public var dilation: Size2D
  /// Groups; `inputChannels` for a depthwise convolution.
  public var groups: Int

  /// Creates a geometry.
  ///
  /// - Precondition: channels, groups and kernel are positive, and the groups divide the channels.
  public init(
    inputChannels: Int, outputChannels: Int, kernelSize: Size2D, stride: Size2D = Size2D(1), padding: Padding2D = .none,
    dilation: Size2D = Size2D(1), groups: Int = 1
  ) {
    precondition(
      groups > 0 && inputChannels > 0 && outputChannels > 0 && inputChannels % groups == 0
        && outputChannels % groups == 0,
      "ConvGeometry: \(inputChannels) to \(outputChannels) channels cannot be divided into \(groups) groups")
    precondition(kernelSize.height > 0 && kernelSize.width > 0, "ConvGeometry: a kernel of \(kernelSize)")
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// Creates a geometry of square sizes.
  ///
  /// - Precondition: as ``init(inputChannels:outputChannels:kernelSize:stride:padding:dilation:groups:)``.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) {
    self.init(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: Size2D(kernelSize),
      stride: Size2D(stride), padding: Padding2D(padding), dilation: Size2D(dilation), groups: groups)
  }

  /// The geometry of a fully connected layer: a 1x1 convolution of images of one pixel.
  static func linear(_ inputs: Int, _ outputs: Int) -> ConvGeometry { ConvGeometry(inputs, outputs, kernelSize: 1) }

  /// `[outputChannels, inputChannels / groups, kernelHeight, kernelWidth]`.
  public var weightShape: Shape { [outputChannels, inputChannels / groups, kernelSize.height, kernelSize.width] }

  /// The columns of the weights as a matrix.
  var weightsPerOutputChannel: Int { inputChannels / groups * kernelSize.height * kernelSize.width }

  /// The problem for a batch of images.
  ///
  /// - Throws: ``ConvProblemError`` if no window fits the image.
  func problem(batch: Int, inputSize: Size2D) throws(ConvProblemError) -> ConvProblem {
    try ConvProblem(
      batch: batch, groups: groups, inputChannels: inputChannels, outputChannels: outputChannels, inputSize: inputSize,
      kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation)
  }
}
