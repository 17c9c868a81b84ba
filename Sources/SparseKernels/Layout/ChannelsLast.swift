/// Moves pixels between planes of `Float` (channels first, NCHW) and interleaved `Double` (channels last, NHWC), the
/// layout in which SuiteSparse's double-precision products see a pixel as a column.
enum ChannelsLast {
  /// Channels that one pass interleaves: as many planes are read side by side as L1 has ways.
  private static let channelBlock = 8

  /// Writes `interleaved[pixel * pixelStride + channel] = Double(planes[channel * planeStride + pixel])`.
  static func interleave(
    planes: UnsafePointer<Float>, planeStride: Int, channels: Int, pixels: Int,
    into interleaved: UnsafeMutablePointer<Double>, pixelStride: Int
  ) {
    var channel = 0
    while channel + channelBlock <= channels {
      let source = planes + channel * planeStride
      let destination = interleaved + channel
      for pixel in 0..<pixels {
        let from = source + pixel
        let to = destination + pixel * pixelStride
        to[0] = Double(from[0])
        to[1] = Double(from[planeStride])
        to[2] = Double(from[2 * planeStride])
        to[3] = Double(from[3 * planeStride])
        to[4] = Double(from[4 * planeStride])
        to[5] = Double(from[5 * planeStride])
        to[6] = Double(from[6 * planeStride])
        to[7] = Double(from[7 * planeStride])
      }
      channel += channelBlock
    }
    while channel < channels {
      let source = planes + channel * planeStride
      for pixel in 0..<pixels { interleaved[pixel * pixelStride + channel] = Double(source[pixel]) }
      channel += 1
    }
  }

  /// Writes `planes[channel * planeStride + pixel] = activation(interleaved[pixel * channels + channel] + bias + residual)`,
  /// rounded to `Float` at the end.
  ///
  /// - Parameters:
  ///   - planes: in the epilogue's output.
  ///   - firstChannel: the output channel of channel 0, which selects the bias.
  static func deinterleave(
    _ interleaved: UnsafePointer<Double>, channels: Int, pixels: Int,
    into planes: UnsafeMutablePointer<Float>, planeStride: Int, epilogue: RunningEpilogue, firstChannel: Int
  ) {
    let (lower, upper) = (Double(epilogue.bounds.lower), Double(epilogue.bounds.upper))
    for channel in 0..<channels {
      let bias = Double(epilogue.bias(ofChannel: firstChannel + channel))
      let plane = planes + channel * planeStride
      let source = interleaved + channel
      if let residual = epilogue.residual(at: plane) {
        for pixel in 0..<pixels {
          let sum = source[pixel * channels] + bias + Double(residual[pixel])
          plane[pixel] = Float(sum.clamped(lower: lower, upper: upper))
        }
      } else {
        for pixel in 0..<pixels {
          plane[pixel] = Float((source[pixel * channels] + bias).clamped(lower: lower, upper: upper))
        }
      }
    }
  }
}
