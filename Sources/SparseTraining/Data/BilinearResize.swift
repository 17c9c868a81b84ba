import ModelFormats
import TensorCore

/// Resizes images from one size to another, bilinearly.
///
/// Pixels are squares, and their values stand at the centres. Where an image grows, a new pixel is a mean of the two
/// nearest along each axis, weighted by nearness; where it shrinks, of all pixels nearer than one new pixel's width, as
/// otherwise most would be left out. Pillow's bilinear filter is the same, but rounds to bytes after each axis.
struct BilinearResize {
  /// For each new place along an axis, which old ones it is made of.
  private struct Axis {
    var starts: [Int] = []
    /// The weights of all new places, one after the other; each one's add up to 1.
    var weights: [Float] = []
    /// Where each new place's weights begin, and their end.
    var offsets: [Int] = [0]

    init(from old: Int, to new: Int) {
      let scale = Double(old) / Double(new)
      let support = max(scale, 1)
      for place in 0..<new {
        let centre = (Double(place) + 0.5) * scale
        let first = max(0, Int((centre - support + 0.5).rounded(.down)))
        let last = min(old, Int((centre + support + 0.5).rounded(.down)))
        let nearness = (first..<last).map { max(0, 1 - abs(Double($0) + 0.5 - centre) / support) }
        let sum = nearness.reduce(0, +)
        starts.append(first)
        weights += nearness.map { Float($0 / sum) }
        offsets.append(weights.count)
      }
    }

    @inline(__always)
    func mean(at place: Int, _ value: (Int) -> Float) -> Float {
      var sum: Float = 0
      for offset in offsets[place]..<offsets[place + 1] {
        sum += weights[offset] * value(starts[place] + offset - offsets[place])
      }
      return sum
    }
  }

  private let old: Size2D
  private let new: Size2D
  private let rows: Axis
  private let columns: Axis

  init(from old: Size2D, to new: Size2D) {
    (self.old, self.new) = (old, new)
    rows = Axis(from: old.height, to: new.height)
    columns = Axis(from: old.width, to: new.width)
  }

  /// Writes planes of `pixel / 255`.
  ///
  /// - Parameters:
  ///   - image: an image of the old size.
  ///   - channels: how many planes are wanted; more than the image has are copies of its only one.
  ///   - planes: room for `channels` planes of the new size.
  func write(_ image: PixelImage, channels: Int, into planes: UnsafeMutableBufferPointer<Float>) {
    let planeCount = new.height * new.width
    var narrow = [Float](repeating: 0, count: old.height * new.width)
    image.pixels.withUnsafeBufferPointer { pixels in
      for channel in 0..<min(channels, image.channels) {
        for y in 0..<old.height {
          let row = y * old.width
          for x in 0..<new.width {
            narrow[y * new.width + x] = columns.mean(at: x) { Float(pixels[(row + $0) * image.channels + channel]) }
          }
        }
        for y in 0..<new.height {
          for x in 0..<new.width {
            planes[channel * planeCount + y * new.width + x] =
              rows.mean(at: y) { narrow[$0 * new.width + x] } / 255
          }
        }
      }
    }
    for copy in min(channels, image.channels)..<channels {
      for index in 0..<planeCount { planes[copy * planeCount + index] = planes[index] }
    }
  }
}
