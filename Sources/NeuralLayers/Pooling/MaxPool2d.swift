import SparseKernels
import TensorCore

/// The largest element of each window, by channel; the gradient goes to the first of them, row by row.
///
/// Padding is never the largest. A NaN in a window is its result, and the last NaN gets the gradient.
public struct MaxPool2d: Layer {
  private let geometry: PoolGeometry

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - kernelSize: rows and columns of a window.
  ///   - stride: the step between windows; as large as they are if nil.
  ///   - padding: rows above and below, columns before and after.
  ///   - ceilMode: whether a last window that reaches beyond the image is kept, as PyTorch does.
  /// - Precondition: sizes are positive, and the padding at most half of the windows.
  public init(kernelSize: Size2D, stride: Size2D? = nil, padding: Size2D = Size2D(0), ceilMode: Bool = false) {
    geometry = PoolGeometry(
      kernelSize: kernelSize, stride: stride ?? kernelSize, padding: padding, ceilMode: ceilMode)
  }

  /// Creates the layer with square windows.
  ///
  /// - Precondition: as ``init(kernelSize:stride:padding:ceilMode:)-(Size2D,_,_,_)``.
  public init(kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false) {
    self.init(
      kernelSize: Size2D(kernelSize), stride: stride.map { Size2D($0) }, padding: Size2D(padding), ceilMode: ceilMode)
  }

  /// Computes the largest elements.
  ///
  /// - Precondition: the input is `[batch, channels, height, width]`, and a window fits.
  public func callAsFunction(_ input: Variable) -> Variable {
    let tape = input.tape
    let windows = geometry.windows(of: input.shape, "MaxPool2d")
    let output = tape.output("MaxPool2d", windows.outputShape, of: input.value) { input, output in
      tape.context.compute(MaxPoolJob(windows: windows, input: input, output: output), partCount: windows.partCount)
    }
    guard let node = input.node else { return tape.input(output) }
    let value = input.value
    return tape.variable(output, "MaxPool2d", needsGradient: true) { gradient in
      tape.addGradient(to: node, shape: value.shape) { inputGradient in
        value.withStart { input in
          gradient.withStart { gradient in
            let job = MaxPoolGradientJob(
              windows: windows, input: input, gradient: gradient, inputGradient: inputGradient)
            tape.context.compute(job, partCount: windows.partCount)
          }
        }
      }
    }
  }
}

private struct MaxPoolJob: ParallelJob {
  let windows: PoolWindows
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  func execute(index: Int, worker: Int) {
    for plane in windows.planes(ofPart: index) {
      let (x, y) = (input + plane * windows.inputPixels, output + plane * windows.outputPixels)
      for row in 0..<windows.outputSize.height {
        let line = y + row * windows.outputSize.width
        if windows.areHalves {
          poolHalves(x + 2 * row * windows.inputSize.width, into: line)
        } else {
          for column in 0..<windows.outputSize.width {
            line[column] = x[windows.largest(row: row, column: column, of: x)]
          }
        }
      }
    }
  }

  private func poolHalves(_ first: UnsafePointer<Float>, into line: UnsafeMutablePointer<Float>) {
    let second = first + windows.inputSize.width
    HalfWindows.forEachStart(of: windows.outputSize.width) { column in
      HalfWindows(first + 2 * column, second + 2 * column).largest(into: line + column)
    }
  }
}

private struct MaxPoolGradientJob: ParallelJob {
  let windows: PoolWindows
  let input: UnsafePointer<Float>
  let gradient: UnsafePointer<Float>
  let inputGradient: UnsafeMutablePointer<Float>

  func execute(index: Int, worker: Int) {
    let width = windows.inputSize.width
    for plane in windows.planes(ofPart: index) {
      let (x, result) = (input + plane * windows.inputPixels, inputGradient + plane * windows.inputPixels)
      let g = gradient + plane * windows.outputPixels
      // Halves write all that they cover; an odd last row or column is covered by none.
      if !windows.areHalves || 2 * windows.outputSize.width != width
        || 2 * windows.outputSize.height != windows.inputSize.height
      {
        result.update(repeating: 0, count: windows.inputPixels)
      }
      for row in 0..<windows.outputSize.height {
        let line = g + row * windows.outputSize.width
        if windows.areHalves {
          let (upper, lower) = (2 * row * width, (2 * row + 1) * width)
          HalfWindows.forEachStart(of: windows.outputSize.width) { column in
            HalfWindows(x + upper + 2 * column, x + lower + 2 * column)
              .spread(line + column, into: result + upper + 2 * column, result + lower + 2 * column)
          }
        } else {
          for column in 0..<windows.outputSize.width {
            result[windows.largest(row: row, column: column, of: x)] += line[column]
          }
        }
      }
    }
  }
}

extension PoolWindows {
  /// Where the largest element of a window is.
  fileprivate func largest(row: Int, column: Int, of plane: UnsafePointer<Float>) -> Int {
    let (rows, columns) = (rows(row), columns(column))
    var best = rows.lowerBound * inputSize.width + columns.lowerBound
    for row in rows {
      for column in columns {
        let place = row * inputSize.width + column
        if plane[place] > plane[best] || plane[place].isNaN { best = place }
      }
    }
    return best
  }
}
