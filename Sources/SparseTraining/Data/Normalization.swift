import TensorCore

/// Brings each channel of images to a mean of 0 and a standard deviation of 1: `(pixel - mean) / standardDeviation`.
public struct Normalization: Hashable, Sendable, Codable {
  /// The mean of each channel.
  public let mean: [Float]
  /// The standard deviation of each channel, above 0.
  public let standardDeviation: [Float]

  /// Creates a normalization by numbers that are known.
  ///
  /// - Precondition: as many of both, finite, and deviations above 0.
  public init(mean: [Float], standardDeviation: [Float]) {
    precondition(
      mean.count == standardDeviation.count,
      "Normalization: \(mean.count) means for \(standardDeviation.count) deviations")
    precondition(
      mean.allSatisfy(\.isFinite) && standardDeviation.allSatisfy { $0.isFinite && $0 > 0 },
      "Normalization: means \(mean), deviations \(standardDeviation), expected finite numbers and deviations above 0")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Measures a data set, or images spread evenly over it.
  ///
  /// A channel that is the same everywhere has a deviation of 1 here, so that it can be divided by.
  ///
  /// - Parameters:
  ///   - images: the data set.
  ///   - sampleCount: how many images to read at the most.
  /// - Throws: ``DataSetError/empty``, or ``DataSetError/unreadableImage(index:reason:)`` if one cannot be read.
  /// - Complexity: O(pixels of the images that are read); memory for one image.
  /// - Precondition: `sampleCount` is at least 1.
  public init(of images: some LabelledImages, sampleCount: Int = 10_000) throws(DataSetError) {
    precondition(sampleCount > 0, "Normalization: sampleCount \(sampleCount), expected 1 or more")
    let shape = images.imageShape
    if images.count == 0 || shape.elementCount == 0 { throw .empty }
    let (channelCount, planeCount) = (shape[0], shape.elementCount / shape[0])
    let readCount = min(sampleCount, images.count)
    let spacing = Double(images.count) / Double(readCount)
    var moments = [Moments](repeating: Moments(), count: channelCount)
    var image = [Float](repeating: 0, count: shape.elementCount)
    for sample in 0..<readCount {
      let index = readCount == images.count ? sample : Int(Double(sample) * spacing)
      do { _ = try image.withUnsafeMutableBufferPointer { try images.read(index, into: $0) } } catch {
        throw .unreadableImage(index: index, reason: "\(error)")
      }
      guard image.allSatisfy(\.isFinite) else {
        throw .unreadableImage(index: index, reason: "a pixel is not finite, expected finite numbers")
      }
      for channel in 0..<channelCount {
        moments[channel].add(image[channel * planeCount..<(channel + 1) * planeCount])
      }
    }
    self.init(
      mean: moments.map { Float($0.mean) },
      standardDeviation: moments.map { moments in
        let deviation = Float((moments.squares / Double(moments.count)).squareRoot())
        return deviation > 0 ? deviation : 1
      })
  }

  /// Normalizes one image in place.
  ///
  /// - Parameter image: planes one after the other, as many as there are means, all of one size.
  func apply(to image: UnsafeMutableBufferPointer<Float>) {
    let planeCount = image.count / mean.count
    for channel in mean.indices {
      let (mean, deviation) = (mean[channel], standardDeviation[channel])
      for index in channel * planeCount..<(channel + 1) * planeCount {
        image[index] = (image[index] - mean) / deviation
      }
    }
  }
}

extension Normalization {
  /// Decodes numbers that were encoded.
  ///
  /// - Throws: `DecodingError` if they are not as ``init(mean:standardDeviation:)`` demands.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let mean = try container.decode([Float].self, forKey: .mean)
    let deviation = try container.decode([Float].self, forKey: .standardDeviation)
    guard mean.count == deviation.count, mean.allSatisfy(\.isFinite), deviation.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .standardDeviation, in: container,
        debugDescription: "means \(mean), deviations \(deviation), expected as many of both and deviations above 0")
    }
    self.init(mean: mean, standardDeviation: deviation)
  }

  /// The mean and the squares around it of numbers that come in parts. Chan, Golub and LeVeque, "Algorithms for computing
  /// the sample variance", The American Statistician 37, 1983, <https://doi.org/10.1080/00031305.1983.10483115>.
  private struct Moments {
    var count = 0
    var mean = 0.0
    var squares = 0.0

    mutating func add(_ values: ArraySlice<Float>) {
      let partMean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      let partSquares = values.reduce(0.0) { $0 + (Double($1) - partMean) * (Double($1) - partMean) }
      let total = Double(count + values.count)
      let difference = partMean - mean
      squares += partSquares + difference * difference * Double(count) * Double(values.count) / total
      mean += difference * Double(values.count) / total
      count += values.count
    }
  }
}
