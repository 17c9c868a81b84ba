import TensorCore

/// The oracle: plain loops in `Double` over the stored weights, written from the formula in ``ConvProblem``.
///
/// It supports every problem, runs on one thread, shares no packing or layout code with another kernel, and rounds to
/// `Float` once, after bias, residual and activation.
public struct ReferenceConvKernel: ConvKernel {
  /// `reference`.
  public let name = "reference"

  /// Creates the kernel.
  public init() {}

  /// Always supported.
  public func support(for problem: ConvProblem) -> KernelSupport { .supported }

  /// Keeps the weights as they are.
  public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    try checkBeforePreparing(problem, weights: weights)
    return PreparedReferenceConv(problem: problem, weights: weights.matrix)
  }
}

struct PreparedReferenceConv: PreparedConv {
  let problem: ConvProblem
  var weights: CSRMatrix

  var weightByteCount: Int { weights.byteCount }

  func scratchByteCount(threadCount: Int) -> Int {
    problem.outputPixels * MemoryLayout<Double>.stride
  }

  mutating func replaceValues(_ values: [Float]) throws {
    precondition(
      values.count == weights.nnz, "replaceValues: \(values.count) values, expected nnz = \(weights.nnz)")
    weights = try weights.replacingValues(values)
  }

  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
  ) throws {
    let bounds = epilogue.activation.bounds
    let (lower, upper) = (Double(bounds.lower), Double(bounds.upper))
    var sums = [Double](repeating: 0, count: problem.outputPixels)
    for image in 0..<problem.batch {
      for channel in 0..<problem.outputChannels {
        addWeightedPlanes(of: input, image: image, outputChannel: channel, to: &sums)
        let bias = epilogue.bias.map { Double($0[channel]) } ?? 0
        let first = (image * problem.outputChannels + channel) * problem.outputPixels
        for pixel in sums.indices {
          let residual = epilogue.residual.map { Double($0[flat: first + pixel]) } ?? 0
          output[first + pixel] = Float((sums[pixel] + bias + residual).clamped(lower: lower, upper: upper))
          sums[pixel] = 0
        }
      }
    }
  }

  private func addWeightedPlanes(
    of input: UnsafePointer<Float>, image: Int, outputChannel: Int, to sums: inout [Double]
  ) {
    forEachWeight(ofOutputChannel: outputChannel) { entry, inputChannel, v, u in
      let weight = Double(weights.values[entry])
      let plane = input + (image * problem.inputChannels + inputChannel) * problem.inputPixels
      forEachPair(v, u) { inputPixel, outputPixel in sums[outputPixel] += weight * Double(plane[inputPixel]) }
    }
  }

  /// Calls `body` with the position in the matrix of each stored weight of an output channel, with its input channel,
  /// counted through all groups, and with its place in the kernel.
  @inline(__always)
  func forEachWeight(
    ofOutputChannel outputChannel: Int, _ body: (_ entry: Int, _ inputChannel: Int, _ v: Int, _ u: Int) -> Void
  ) {
    let firstChannel = outputChannel / problem.outputChannelsPerGroup * problem.inputChannelsPerGroup
    for entry in weights.pattern.entries(ofRow: outputChannel) {
      let (tap, u) = Int(weights.columnIndices[entry]).quotientAndRemainder(dividingBy: problem.kernelSize.width)
      let (i, v) = tap.quotientAndRemainder(dividingBy: problem.kernelSize.height)
      body(entry, firstChannel + i, v, u)
    }
  }

  /// Calls `body` with each input pixel that the weight at `(v, u)` of the kernel multiplies, and the output pixel that the
  /// product goes into.
  @inline(__always)
  func forEachPair(_ v: Int, _ u: Int, _ body: (_ inputPixel: Int, _ outputPixel: Int) -> Void) {
    for y in 0..<problem.outputSize.height {
      let row = y * problem.stride.height + v * problem.dilation.height - problem.padding.top
      if row < 0 || row >= problem.inputSize.height { continue }
      for x in 0..<problem.outputSize.width {
        let column = x * problem.stride.width + u * problem.dilation.width - problem.padding.left
        if column < 0 || column >= problem.inputSize.width { continue }
        body(row * problem.inputSize.width + column, y * problem.outputSize.width + x)
      }
    }
  }
}
