import TensorCore

/// One convolution: what comes in, the kernel's geometry, what comes out.
///
/// Convolution here is cross-correlation, as in every neural-network library:
///
///     output[b][o][y][x] = sum over i, v, u of
///       weight[o][i][v][u] * input[b][g * I + i][y * stride.height + v * dilation.height - padding.top]
///                                               [x * stride.width + u * dilation.width - padding.left]
///
/// with zero outside the image, `I = inputChannels / groups`, and `g` the group of output channel `o`. Along each axis
/// `outputSize = (inputSize + padding - (dilation * (kernelSize - 1) + 1)) / stride + 1`, rounded down.
public struct ConvProblem: Hashable, Sendable {
  /// Images per call.
  public let batch: Int
  /// Groups: output channels of a group see the input channels of that group only. `inputChannels` for a depthwise one.
  public let groups: Int
  /// Channels of the input, over all groups.
  public let inputChannels: Int
  /// Channels of the output, over all groups.
  public let outputChannels: Int
  /// Rows and columns of one input plane.
  public let inputSize: Size2D
  /// Rows and columns of the kernel.
  public let kernelSize: Size2D
  /// The step between neighbouring outputs, in input elements.
  public let stride: Size2D
  /// Zeros around the image. At the end of an axis, only those that a window reads: the rest changes nothing.
  public let padding: Padding2D
  /// The step between neighbouring kernel elements, in input elements; 1 is the ordinary, dense kernel.
  public let dilation: Size2D
  /// Rows and columns of one output plane.
  public let outputSize: Size2D
  /// What people call this layer; empty if nothing. Takes part in equality.
  ///
  /// The notation has no escapes, so a double quote that is assigned becomes an apostrophe and each character of a line
  /// break a space: every problem prints as one line that reads back as the same problem.
  public var name: String {
    didSet { name = Self.printable(name) }
  }

  /// Creates a problem whose output size follows from the padding.
  ///
  /// - Throws: ``ConvProblemError`` naming the field if a size is not positive, a padding is negative, the groups do not
  ///   divide the channels, no window fits, the windows of an axis need more padding at the end than
  ///   `max(dilation * (kernelSize - 1), padding at the start) + stride - 1`, or a tensor would have more elements than
  ///   memory has addresses.
  public init(
    batch: Int = 1, groups: Int = 1, inputChannels: Int, outputChannels: Int, inputSize: Size2D, kernelSize: Size2D,
    stride: Size2D = Size2D(1), padding: Padding2D = .none, dilation: Size2D = Size2D(1), name: String = ""
  ) throws(ConvProblemError) {
    let rows = ConvAxis(
      input: inputSize.height, kernel: kernelSize.height, stride: stride.height, dilation: dilation.height)
    let columns = ConvAxis(
      input: inputSize.width, kernel: kernelSize.width, stride: stride.width, dilation: dilation.width)
    try self.init(
      batch: batch, groups: groups, inputChannels: inputChannels, outputChannels: outputChannels,
      rows: rows, columns: columns, paddingTop: padding.top, paddingLeft: padding.left,
      outputHeight: rows.outputCount(axis: "h", start: padding.top, end: padding.bottom),
      outputWidth: columns.outputCount(axis: "w", start: padding.left, end: padding.right), name: name)
  }

  /// Creates a problem whose padding at the end follows from the output size, which is how benchdnn states it.
  init(
    batch: Int, groups: Int, inputChannels: Int, outputChannels: Int, rows: ConvAxis, columns: ConvAxis,
    paddingTop: Int, paddingLeft: Int, outputHeight: Int, outputWidth: Int, name: String
  ) throws(ConvProblemError) {
    let counts = [("g", groups), ("mb", batch), ("ic", inputChannels), ("oc", outputChannels)]
    for (field, value) in counts { try ConvAxis.checkRange(field, value, from: 1) }
    for (field, value) in [("ic", inputChannels), ("oc", outputChannels)] where value % groups != 0 {
      throw ConvProblemError(field: field, reason: "\(value) channels cannot be divided into \(groups) groups")
    }
    let bottom = try rows.endPadding(axis: "h", start: paddingTop, output: outputHeight)
    let right = try columns.endPadding(axis: "w", start: paddingLeft, output: outputWidth)

    self.batch = batch
    self.groups = groups
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    inputSize = Size2D(height: rows.input, width: columns.input)
    kernelSize = Size2D(height: rows.kernel, width: columns.kernel)
    stride = Size2D(height: rows.stride, width: columns.stride)
    dilation = Size2D(height: rows.dilation, width: columns.dilation)
    padding = Padding2D(top: paddingTop, bottom: bottom, left: paddingLeft, right: right)
    outputSize = Size2D(height: outputHeight, width: outputWidth)
    self.name = Self.printable(name)

    let paddedHeight = rows.input + paddingTop + bottom
    let paddedWidth = columns.input + paddingLeft + right
    let tensors = [
      ("input", [batch, inputChannels, paddedHeight, paddedWidth]),
      ("output", [batch, outputChannels, outputHeight, outputWidth]),
      ("weights", [outputChannels, inputChannels / groups, rows.kernel, columns.kernel]),
    ]
    for (tensor, dimensions) in tensors {
      do throws(ShapeError) {
        _ = try Shape(validating: dimensions)
      } catch {
        throw ConvProblemError(field: tensor, reason: error.description)
      }
    }
  }

  /// The shape of the input: `[batch, inputChannels, height, width]`.
  public var inputShape: Shape { [batch, inputChannels, inputSize.height, inputSize.width] }
  /// The shape of the output: `[batch, outputChannels, height, width]`.
  public var outputShape: Shape { [batch, outputChannels, outputSize.height, outputSize.width] }
  /// The shape of the weights: `[outputChannels, inputChannels / groups, kernelHeight, kernelWidth]`.
  public var weightShape: Shape {
    [outputChannels, inputChannelsPerGroup, kernelSize.height, kernelSize.width]
  }

  /// Whether a shape is that of the input; allocates nothing.
  func hasInputShape(_ shape: Shape) -> Bool {
    shape.matches(batch, inputChannels, inputSize.height, inputSize.width)
  }

  /// Whether a shape is that of the output; allocates nothing.
  func hasOutputShape(_ shape: Shape) -> Bool {
    shape.matches(batch, outputChannels, outputSize.height, outputSize.width)
  }

  /// Input channels that one output channel sees.
  public var inputChannelsPerGroup: Int { inputChannels / groups }
  /// Output channels of one group.
  public var outputChannelsPerGroup: Int { outputChannels / groups }
  /// Weights of one output channel: the columns of the weight matrix.
  public var weightsPerOutputChannel: Int { inputChannelsPerGroup * kernelSize.height * kernelSize.width }
  /// Elements of one output plane.
  public var outputPixels: Int { outputSize.height * outputSize.width }
  /// Elements of one input plane.
  public var inputPixels: Int { inputSize.height * inputSize.width }

  /// Whether each output pixel is made of exactly the input pixel at the same place: 1x1, stride 1, no padding.
  public var isPointwise: Bool {
    kernelSize == Size2D(1) && stride == Size2D(1) && padding == .none
  }

  /// Floating-point operations if every weight were nonzero: two for each weight and output pixel.
  public var denseOperationCount: Double {
    operationCount(nnz: outputChannels * weightsPerOutputChannel)
  }

  /// Floating-point operations on `nnz` nonzero weights: two for each of them and output pixel.
  public func operationCount(nnz: Int) -> Double {
    2 * Double(nnz) * Double(batch) * Double(outputPixels)
  }

  /// The same problem for another number of images.
  ///
  /// - Throws: ``ConvProblemError`` as the initializer does.
  public func withBatch(_ newBatch: Int) throws(ConvProblemError) -> ConvProblem {
    try ConvProblem(
      batch: newBatch, groups: groups, inputChannels: inputChannels, outputChannels: outputChannels,
      rows: rowAxis, columns: columnAxis, paddingTop: padding.top, paddingLeft: padding.left,
      outputHeight: outputSize.height, outputWidth: outputSize.width, name: name)
  }

  private static func printable(_ name: String) -> String {
    let scalars = name.unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar == "\"" ? "'" : Character(scalar).isNewline ? " " : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }

  var rowAxis: ConvAxis {
    ConvAxis(input: inputSize.height, kernel: kernelSize.height, stride: stride.height, dilation: dilation.height)
  }

  var columnAxis: ConvAxis {
    ConvAxis(input: inputSize.width, kernel: kernelSize.width, stride: stride.width, dilation: dilation.width)
  }
}

/// Why a convolution cannot be: which field, and what was expected of it.
public struct ConvProblemError: Error, Equatable, CustomStringConvertible {
  /// The field in benchdnn's notation (`ic`, `oh`, ...), or the tensor whose size is refused.
  public let field: String
  /// What is wrong with it and what was expected.
  public let reason: String

  /// One sentence.
  public var description: String { "\(field): \(reason)" }

  package init(field: String, reason: String) {
    self.field = field
    self.reason = reason
  }
}
