import SparseKernels
import TensorCore

/// The mean of each window, by channel.
public struct AvgPool2d: Layer {
  private let geometry: PoolGeometry
  private let countsPadding: Bool

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - kernelSize: rows and columns of a window.
  ///   - stride: the step between windows; as large as they are if nil.
  ///   - padding: rows above and below, columns before and after.
  ///   - ceilMode: whether a last window that reaches beyond the image is kept, as PyTorch does.
  ///   - countsPadding: whether zeros of the padding count as elements, PyTorch's `count_include_pad`.
  /// - Precondition: sizes are positive, and the padding at most half of the windows.
  public init(
    kernelSize: Size2D, stride: Size2D? = nil, padding: Size2D = Size2D(0), ceilMode: Bool = false,
    countsPadding: Bool = true
  ) {
    geometry = PoolGeometry(
      kernelSize: kernelSize, stride: stride ?? kernelSize, padding: padding, ceilMode: ceilMode)
    self.countsPadding = countsPadding
  }

  /// Creates the layer with square windows.
  ///
  /// - Precondition: as ``init(kernelSize:stride:padding:ceilMode:countsPadding:)-(Size2D,_,_,_,_)``.
  public init(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countsPadding: Bool = true
  ) {
    self.init(
      kernelSize: Size2D(kernelSize), stride: stride.map { Size2D($0) }, padding: Size2D(padding), ceilMode: ceilMode,
      countsPadding: countsPadding)
  }

  /// Computes the means.
  ///
  /// - Precondition: the input is `[batch, channels, height, width]`, and a window fits.
  public func callAsFunction(_ input: Variable) -> Variable {
    let tape = input.tape
    let windows = geometry.windows(of: input.shape, "AvgPool2d")
    let countsPadding = countsPadding
    let output = tape.output("AvgPool2d", windows.outputShape, of: input.value) { input, output in
      let job = AvgPoolJob(windows: windows, countsPadding: countsPadding, input: input, output: output)
      tape.context.compute(job, partCount: windows.partCount)
    }
    guard let node = input.node else { return tape.input(output) }
    let shape = input.shape
    return tape.variable(output, "AvgPool2d", needsGradient: true) { gradient in
      tape.addGradient(to: node, shape: shape) { inputGradient in
        gradient.withStart { gradient in
          let job = AvgPoolGradientJob(
            windows: windows, countsPadding: countsPadding, gradient: gradient, inputGradient: inputGradient)
          tape.context.compute(job, partCount: windows.partCount)
        }
      }
    }
  }
}

private struct AvgPoolJob: ParallelJob {
  let windows: PoolWindows
  let countsPadding: Bool
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func execute(index: Int, worker: Int) {
    for plane in windows.planes(ofPart: index) {
      let (x, y) = (input + plane * windows.inputPixels, output + plane * windows.outputPixels)
      for row in 0..<windows.outputSize.height {
        for column in 0..<windows.outputSize.width {
          var sum: Float = 0
          for line in windows.rows(row) {
            for place in windows.columns(column) { sum += x[line * windows.inputSize.width + place] }
          }
          y[row * windows.outputSize.width + column] =
            sum / windows.divisor(row: row, column: column, countsPadding: countsPadding)
        }
      }
    }
  }
}

private struct AvgPoolGradientJob: ParallelJob {
  let windows: PoolWindows
  let countsPadding: Bool
  let gradient: UnsafePointer<Float>
  let inputGradient: UnsafeMutablePointer<Float>

  func execute(index: Int, worker: Int) {
    for plane in windows.planes(ofPart: index) {
      let (g, result) = (gradient + plane * windows.outputPixels, inputGradient + plane * windows.inputPixels)
      result.update(repeating: 0, count: windows.inputPixels)
      for row in 0..<windows.outputSize.height {
        for column in 0..<windows.outputSize.width {
          let share =
            g[row * windows.outputSize.width + column]
            / windows.divisor(row: row, column: column, countsPadding: countsPadding)
          for line in windows.rows(row) {
            for place in windows.columns(column) { result[line * windows.inputSize.width + place] += share }
          }
        }
      }
    }
  }
}

extension PoolWindows {
  fileprivate func divisor(row: Int, column: Int, countsPadding: Bool) -> Float {
    Float(countsPadding ? paddedCount(row: row, column: column) : rows(row).count * columns(column).count)
  }
}
