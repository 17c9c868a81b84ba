import TensorCore

/// The windows of a pooling layer, by PyTorch's rules: the last window that does not fit is left out, or with `ceilMode` kept if it
/// starts inside the image or its padding at the start.
struct PoolGeometry: Hashable, Sendable {
  let kernelSize: Size2D
  let stride: Size2D
  let padding: Size2D
  let ceilMode: Bool

  init(kernelSize: Size2D, stride: Size2D, padding: Size2D, ceilMode: Bool) {
    precondition(
      kernelSize.height > 0 && kernelSize.width > 0 && stride.height > 0 && stride.width > 0,
      "pooling: windows of \(kernelSize) at stride \(stride), expected positive sizes")
    precondition(
      (0...kernelSize.height / 2).contains(padding.height) && (0...kernelSize.width / 2).contains(padding.width),
      "pooling: padding \(padding), expected at most half of the windows, which are \(kernelSize)")
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
    self.ceilMode = ceilMode
  }

  /// The problem of an input.
  ///
  /// - Precondition: the input is `[batch, channels, height, width]`, and a window fits.
  func windows(of shape: Shape, _ layer: String) -> PoolWindows {
    precondition(shape.rank == 4, "\(layer): input has shape \(shape), expected [batch, channels, height, width]")
    let (height, width) = (
      count(shape[2], kernelSize.height, stride.height, padding.height),
      count(shape[3], kernelSize.width, stride.width, padding.width)
    )
    precondition(height > 0 && width > 0, "\(layer): windows of \(kernelSize) do not fit an input of shape \(shape)")
    return PoolWindows(
      geometry: self, planes: shape[0] * shape[1], inputSize: Size2D(height: shape[2], width: shape[3]),
      outputSize: Size2D(height: height, width: width), outputShape: [shape[0], shape[1], height, width])
  }

  private func count(_ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
    let room = input + 2 * padding - kernel
    if !ceilMode { return room < 0 ? 0 : room / stride + 1 }
    let count = room <= -stride ? 0 : (room + stride - 1) / stride + 1
    return count > 0 && (count - 1) * stride >= input + padding ? count - 1 : count
  }
}

/// The windows of a pooling layer on images of one size.
struct PoolWindows: Sendable {
  let geometry: PoolGeometry
  /// Images times channels.
  let planes: Int
  let inputSize: Size2D
  let outputSize: Size2D
  let outputShape: Shape

  var inputPixels: Int { inputSize.height * inputSize.width }
  var outputPixels: Int { outputSize.height * outputSize.width }

  /// Planes of a part: by size alone, some microseconds of work.
  private var planesPerPart: Int { max(1, 16384 / max(inputPixels, 1)) }
  var partCount: Int { (planes + planesPerPart - 1) / planesPerPart }

  func planes(ofPart part: Int) -> Range<Int> { part * planesPerPart..<min((part + 1) * planesPerPart, planes) }

  /// The rows of the image that a row of windows covers.
  func rows(_ row: Int) -> Range<Int> {
    let start = row * geometry.stride.height - geometry.padding.height
    return max(0, start)..<min(inputSize.height, start + geometry.kernelSize.height)
  }

  /// The columns of the image that a column of windows covers.
  func columns(_ column: Int) -> Range<Int> {
    let start = column * geometry.stride.width - geometry.padding.width
    return max(0, start)..<min(inputSize.width, start + geometry.kernelSize.width)
  }

  /// The elements of a window with the padding that it covers, but not beyond it.
  func paddedCount(row: Int, column: Int) -> Int {
    let (kernel, stride, padding) = (geometry.kernelSize, geometry.stride, geometry.padding)
    let (top, left) = (row * stride.height - padding.height, column * stride.width - padding.width)
    return (min(top + kernel.height, inputSize.height + padding.height) - top)
      * (min(left + kernel.width, inputSize.width + padding.width) - left)
  }

  /// Whether windows are 2x2 side by side and all inside, and enough for a vector, which has loops of its own.
  var areHalves: Bool {
    outputSize.width >= HalfWindows.count && geometry.kernelSize == Size2D(2) && geometry.stride == Size2D(2)
      && geometry.padding == Size2D(0)
      && 2 * outputSize.height <= inputSize.height && 2 * outputSize.width <= inputSize.width
  }
}
