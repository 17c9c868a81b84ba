import SparseKernels

/// The forward pass of a ``BatchNorm2d``; a part is a block of channels.
struct BatchNormJob: ParallelJob {
  /// The running statistics, which training moves.
  struct Running {
    let mean: UnsafeMutableBufferPointer<Float>
    let variance: UnsafeMutableBufferPointer<Float>
    let momentum: Float
    let epsilon: Float
  }

  let planes: Planes
  let input: UnsafePointer<Float>
  let residual: UnsafePointer<Float>?
  let output: UnsafeMutablePointer<Float>
  let clips: Bool
  let mean: UnsafeMutablePointer<Float>
  let inverse: UnsafeMutablePointer<Float>
  let scale: UnsafeMutablePointer<Float>
  let weight: UnsafeBufferPointer<Float>
  let bias: UnsafeBufferPointer<Float>
  /// Nil in evaluation, where means, inverse deviations and scales are given.
  let running: Running?

  func execute(index: Int, worker: Int) {
    let channels = planes.channels(ofPart: index)
    if let running { computeStatistics(of: channels, running) }
    switch (residual, clips) {
    case (nil, false): normalize(channels, residual: input, adds: false, clips: false)
    case (nil, true): normalize(channels, residual: input, adds: false, clips: true)
    case (let residual?, false): normalize(channels, residual: residual, adds: true, clips: false)
    case (let residual?, true): normalize(channels, residual: residual, adds: true, clips: true)
    }
  }

  private func computeStatistics(of channels: Range<Int>, _ running: Running) {
    withUnsafeTemporaryAllocation(of: Moments.self, capacity: channels.count) { moments in
      for channel in channels {
        let shift = Moments.mean(of: input + planes.start(image: 0, channel: channel), count: planes.pixels)
        moments.initializeElement(at: channel - channels.lowerBound, to: Moments(shift: shift))
      }
      planes.forEachPiece(of: channels, streams: .init(first: input)) { channel, start, count in
        moments[channel - channels.lowerBound].add(input + start, count: count)
      }
      let count = Double(planes.countPerChannel)
      for channel in channels {
        let (average, variance) = moments[channel - channels.lowerBound].result(count: count)
        mean[channel] = Float(average)
        inverse[channel] = Float(1 / (variance + Double(running.epsilon)).squareRoot())
        scale[channel] = weight[channel] * inverse[channel]
        let unbiased = Float(variance * count / max(count - 1, 1))
        running.mean[channel] += running.momentum * (Float(average) - running.mean[channel])
        running.variance[channel] += running.momentum * (unbiased - running.variance[channel])
      }
    }
  }

  /// The flags are constants, for each of which the loop is compiled.
  @inline(__always)
  private func normalize(_ channels: Range<Int>, residual: UnsafePointer<Float>, adds: Bool, clips: Bool) {
    let streams = Planes.Streams(first: input, second: UnsafePointer(output), third: adds ? residual : nil)
    planes.forEachPlane(of: channels, streams: streams) { channel, start in
      let (x, y, residual) = (input + start, output + start, residual + start)
      let (mean, scale, bias) = (mean[channel], scale[channel], bias[channel])
      let (means, scales, biases) = (Lanes(repeating: mean), Lanes(repeating: scale), Lanes(repeating: bias))
      var index = 0
      while index + Lanes.count <= planes.pixels {
        var result = (Lanes.load(x + index) - means) * scales + biases
        if adds { result += .load(residual + index) }
        if clips { result.replace(with: 0, where: result .< 0) }
        result.store(y + index)
        index += Lanes.count
      }
      while index < planes.pixels {
        var result = (x[index] - mean) * scale + bias
        if adds { result += residual[index] }
        if clips, result < 0 { result = 0 }
        y[index] = result
        index += 1
      }
    }
  }
}

/// Sums over a channel of the differences from a number near its mean, so that the variance loses nothing by cancellation.
private struct Moments {
  let shift: Float
  private var sum = 0.0
  private var squares = 0.0

  init(shift: Float) { self.shift = shift }

  /// - Parameter count: the elements that were added.
  func result(count: Double) -> (mean: Double, variance: Double) {
    let offset = sum / count
    return (Double(shift) + offset, max(0, squares / count - offset * offset))
  }

  @inline(__always)
  mutating func add(_ values: UnsafePointer<Float>, count: Int) {
    let shifts = Lanes(repeating: shift)
    var (sums, moreSums, products, moreProducts) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var index = 0
    while index + 2 * Lanes.count <= count {
      let (first, second) = (.load(values + index) - shifts, .load(values + index + Lanes.count) - shifts)
      sums += first
      products += first * first
      moreSums += second
      moreProducts += second * second
      index += 2 * Lanes.count
    }
    sum += (sums + moreSums).total
    squares += (products + moreProducts).total
    while index < count {
      let difference = Double(values[index]) - Double(shift)
      sum += difference
      squares += difference * difference
      index += 1
    }
  }

  static func mean(of values: UnsafePointer<Float>, count: Int) -> Float {
    var total = 0.0
    for index in 0..<count { total += Double(values[index]) }
    return Float(total / Double(count))
  }
}
