import SparseKernels
import TensorCore

/// Images cut into blocks of channels, each of which one thread computes from the first image to the last: sums over a channel have
/// one order, and what a first pass over a channel has read, the second finds in the cache.
struct Planes {
  let batch: Int
  let channels: Int
  let pixels: Int

  /// Neighbouring channels of a part: enough that an image's planes of them are a run that memory delivers at speed.
  let channelsPerPart: Int

  private static let leastRun = 1024
  private static let mostChannels = 64

  /// - Parameter shape: `[batch, channels, height, width]`.
  init(_ shape: Shape) {
    batch = shape[0]
    channels = shape[1]
    pixels = shape[2] * shape[3]
    channelsPerPart = min(Self.mostChannels, max(1, (Self.leastRun + pixels - 1) / max(pixels, 1)))
  }

  var partCount: Int { (channels + channelsPerPart - 1) / channelsPerPart }

  /// The elements of one channel.
  var countPerChannel: Int { batch * pixels }

  func channels(ofPart part: Int) -> Range<Int> {
    part * channelsPerPart..<min((part + 1) * channelsPerPart, channels)
  }

  /// Where the plane of an image and a channel begins.
  func start(image: Int, channel: Int) -> Int { (image * channels + channel) * pixels }

  /// Calls `body` for every plane of some channels, image after image, with where it begins.
  ///
  /// - Parameter streams: tensors of which the next image's planes are asked for ahead: planes are too short and too far apart for the
  ///   hardware to see where they lead.
  @inline(__always)
  func forEachPlane(of channels: Range<Int>, streams: Streams, _ body: (_ channel: Int, _ start: Int) -> Void) {
    for image in 0..<batch {
      if image + 1 < batch {
        let count = min(Self.mostFetched, channels.count * pixels)
        streams.fetch(from: start(image: image + 1, channel: channels.lowerBound), count: count)
      }
      for channel in channels { body(channel, start(image: image, channel: channel)) }
    }
  }

  /// Calls `body` for every plane, cut into pieces short enough that sums in `Float` over one stay good.
  @inline(__always)
  func forEachPiece(
    of channels: Range<Int>, streams: Streams, _ body: (_ channel: Int, _ start: Int, _ count: Int) -> Void
  ) {
    forEachPlane(of: channels, streams: streams) { channel, start in
      var offset = 0
      while offset < pixels {
        let count = min(4096, pixels - offset)
        body(channel, start + offset, count)
        offset += count
      }
    }
  }

  /// Floats that are asked for ahead; the hardware has seen where longer planes lead.
  private static let mostFetched = 1536

  /// Up to three tensors that a loop over planes goes through.
  struct Streams {
    var first: UnsafePointer<Float>
    var second: UnsafePointer<Float>?
    var third: UnsafePointer<Float>?

    @inline(__always)
    func fetch(from start: Int, count: Int) {
      CacheHint.fetch(first + start, count: count)
      if let second { CacheHint.fetch(second + start, count: count) }
      if let third { CacheHint.fetch(third + start, count: count) }
    }
  }
}
