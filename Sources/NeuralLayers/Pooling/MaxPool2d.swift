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
    let output = tape.measured("MaxPool2d", .forward) {
      tape.tensor(windows.outputShape) { output in
        input.value.withStart {
          tape.context.compute(MaxPoolJob(windows: windows, input: $0, output: output), partCount: windows.partCount)
        }
      }
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
    var column = 0
    while column + Lanes.count <= windows.outputSize.width {
      HalfWindows(first + 2 * column, second + 2 * column).largest.store(line + column)
      column += Lanes.count
    }
    while column < windows.outputSize.width {
      let at = 2 * column
      line[column] = greater(greater(greater(first[at], first[at + 1]), second[at]), second[at + 1])
      column += 1
    }
  }

  private func greater(_ best: Float, _ next: Float) -> Float { next > best || next.isNaN ? next : best }
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
      let halves = windows.areHalves
      // Halves write all that they cover; an odd last row or column is covered by none.
      if !halves || 2 * windows.outputSize.width != width || 2 * windows.outputSize.height != windows.inputSize.height {
        result.update(repeating: 0, count: windows.inputPixels)
      }
      for row in 0..<windows.outputSize.height {
        let line = g + row * windows.outputSize.width
        var column = 0
        if halves {
          let (first, second) = (x + 2 * row * width, x + (2 * row + 1) * width)
          let (firstResult, secondResult) = (result + 2 * row * width, result + (2 * row + 1) * width)
          while column + Lanes.count <= windows.outputSize.width {
            HalfWindows(first + 2 * column, second + 2 * column)
              .store(.load(line + column), firstResult + 2 * column, secondResult + 2 * column)
            column += Lanes.count
          }
        }
        while column < windows.outputSize.width {
          if halves {
            let at = 2 * row * width + 2 * column
            (result[at], result[at + 1], result[at + width], result[at + width + 1]) = (0, 0, 0, 0)
          }
          result[windows.largest(row: row, column: column, of: x)] += line[column]
          column += 1
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

/// Eight windows of 2x2 side by side.
private struct HalfWindows {
  /// By row and column.
  private let corners: (Lanes, Lanes, Lanes, Lanes)

  @inline(__always)
  init(_ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>) {
    let (upper, lower) = (
      UnsafeRawPointer(first).loadUnaligned(as: SIMD16<Float>.self),
      UnsafeRawPointer(second).loadUnaligned(as: SIMD16<Float>.self)
    )
    corners = (upper.evenHalf, upper.oddHalf, lower.evenHalf, lower.oddHalf)
  }

  @inline(__always)
  var largest: Lanes {
    var best = corners.0
    best.replace(with: corners.1, where: Self.wins(corners.1, best))
    best.replace(with: corners.2, where: Self.wins(corners.2, best))
    best.replace(with: corners.3, where: Self.wins(corners.3, best))
    return best
  }

  /// Writes a gradient where the largest elements are, and 0 beside them.
  @inline(__always)
  func store(_ gradient: Lanes, _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>) {
    var parts = (gradient, Lanes.zero, Lanes.zero, Lanes.zero)
    var best = corners.0
    var wins = Self.wins(corners.1, best)
    best.replace(with: corners.1, where: wins)
    parts.0.replace(with: 0, where: wins)
    parts.1.replace(with: gradient, where: wins)
    wins = Self.wins(corners.2, best)
    best.replace(with: corners.2, where: wins)
    parts.0.replace(with: 0, where: wins)
    parts.1.replace(with: 0, where: wins)
    parts.2.replace(with: gradient, where: wins)
    wins = Self.wins(corners.3, best)
    parts.0.replace(with: 0, where: wins)
    parts.1.replace(with: 0, where: wins)
    parts.2.replace(with: 0, where: wins)
    parts.3.replace(with: gradient, where: wins)
    Self.storeAlternating(parts.0, parts.1, first)
    Self.storeAlternating(parts.2, parts.3, second)
  }

  @inline(__always)
  private static func wins(_ next: Lanes, _ best: Lanes) -> SIMDMask<SIMD8<Int32>> {
    (next .> best) .| (next .!= next)
  }

  @inline(__always)
  private static func storeAlternating(_ even: Lanes, _ odd: Lanes, _ destination: UnsafeMutablePointer<Float>) {
    var both = SIMD16<Float>()
    both.evenHalf = even
    both.oddHalf = odd
    UnsafeMutableRawPointer(destination).storeBytes(of: both, as: SIMD16<Float>.self)
  }
}
