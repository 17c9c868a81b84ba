import SparseKernels

/// The gradients of a ``BatchNorm2d``; a part is a block of channels.
///
/// With `g` the output gradient where the ReLU let through, `d = x - mean`, `i` the inverse deviation and `n` the elements of a
/// channel: `bias' = sum g`, `weight' = i * sum g d`, and
///
///     x' = weight * i * (g - sum g / n - d * i^2 * (sum g d) / n)
///
/// where in evaluation the two means are absent, as the statistics do not depend on the input.
struct BatchNormGradientJob: ParallelJob {
  let planes: Planes
  let gradient: UnsafePointer<Float>
  let input: UnsafePointer<Float>
  /// The output, if there was a ReLU.
  let clipped: UnsafePointer<Float>?
  let mean: UnsafePointer<Float>
  let inverse: UnsafePointer<Float>
  let scale: UnsafePointer<Float>
  let usesBatch: Bool
  /// Where `g` is to be written, or nil; may be `gradient`.
  let masked: UnsafeMutablePointer<Float>?
  /// Where `x'` is to be written, or nil; may be `gradient`.
  let inputGradient: UnsafeMutablePointer<Float>?
  let weightGradient: UnsafeMutablePointer<Float>
  let biasGradient: UnsafeMutablePointer<Float>

  private struct Sums {
    var gradients = 0.0
    var products = 0.0
  }

  func execute(index: Int, worker: Int) {
    let channels = planes.channels(ofPart: index)
    withUnsafeTemporaryAllocation(of: Sums.self, capacity: channels.count) { sums in
      sums.initialize(repeating: Sums())
      switch (clipped, masked) {
      case (let clipped?, let masked?): addSums(channels, to: sums, clipped, masked, clips: true, writes: true)
      case (let clipped?, nil):
        addSums(channels, to: sums, clipped, UnsafeMutablePointer(mutating: gradient), clips: true, writes: false)
      default:
        addSums(channels, to: sums, gradient, UnsafeMutablePointer(mutating: gradient), clips: false, writes: false)
      }
      for channel in channels {
        let sum = sums[channel - channels.lowerBound]
        weightGradient[channel] = Float(sum.products * Double(inverse[channel]))
        biasGradient[channel] = Float(sum.gradients)
      }
      guard let inputGradient else { return }
      if let clipped, masked == nil {
        finish(channels, sums, gradient, clipped, into: inputGradient, clips: true)
      } else {
        finish(
          channels, sums, masked.map { UnsafePointer($0) } ?? gradient, gradient, into: inputGradient, clips: false)
      }
    }
  }

  /// The first pass. The flags are constants, for each of which the loop is compiled.
  @inline(__always)
  private func addSums(
    _ channels: Range<Int>, to sums: UnsafeMutableBufferPointer<Sums>, _ clipped: UnsafePointer<Float>,
    _ masked: UnsafeMutablePointer<Float>, clips: Bool, writes: Bool
  ) {
    let streams = Planes.Streams(first: gradient, second: input, third: clips ? clipped : nil)
    planes.forEachPiece(of: channels, streams: streams) { channel, start, count in
      let (g, x, y, kept) = (gradient + start, input + start, clipped + start, masked + start)
      let mean = mean[channel]
      let means = Lanes(repeating: mean)
      var (gradients, products) = (Lanes.zero, Lanes.zero)
      var index = 0
      while index + Lanes.count <= count {
        var passed = Lanes.load(g + index)
        if clips { passed.replace(with: 0, where: .load(y + index) .<= 0) }
        if writes { passed.store(kept + index) }
        gradients += passed
        products += passed * (.load(x + index) - means)
        index += Lanes.count
      }
      var sum = Sums(gradients: gradients.total, products: products.total)
      while index < count {
        let passed = clips && y[index] <= 0 ? 0 : g[index]
        if writes { kept[index] = passed }
        sum.gradients += Double(passed)
        sum.products += Double(passed) * Double(x[index] - mean)
        index += 1
      }
      sums[channel - channels.lowerBound].gradients += sum.gradients
      sums[channel - channels.lowerBound].products += sum.products
    }
  }

  /// The second pass.
  @inline(__always)
  private func finish(
    _ channels: Range<Int>, _ sums: UnsafeMutableBufferPointer<Sums>, _ source: UnsafePointer<Float>,
    _ clipped: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, clips: Bool
  ) {
    let count = Double(planes.countPerChannel)
    let streams = Planes.Streams(first: source, second: input, third: clips ? clipped : UnsafePointer(inputGradient))
    planes.forEachPlane(of: channels, streams: streams) { channel, start in
      let (g, x, y, result) = (source + start, input + start, clipped + start, inputGradient + start)
      let sum = sums[channel - channels.lowerBound]
      let (mean, scale, inverse) = (mean[channel], scale[channel], Double(inverse[channel]))
      let average = usesBatch ? Float(sum.gradients / count) : 0
      let slope = usesBatch ? Float(sum.products * inverse * inverse / count) : 0
      let (means, scales) = (Lanes(repeating: mean), Lanes(repeating: scale))
      let (averages, slopes) = (Lanes(repeating: average), Lanes(repeating: slope))
      var index = 0
      while index + Lanes.count <= planes.pixels {
        var passed = Lanes.load(g + index)
        if clips { passed.replace(with: 0, where: .load(y + index) .<= 0) }
        let difference = Lanes.load(x + index) - means
        ((passed - averages - difference * slopes) * scales).store(result + index)
        index += Lanes.count
      }
      while index < planes.pixels {
        let passed = clips && y[index] <= 0 ? 0 : g[index]
        result[index] = (passed - average - (x[index] - mean) * slope) * scale
        index += 1
      }
    }
  }
}
