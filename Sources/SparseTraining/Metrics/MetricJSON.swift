import Foundation

/// JSON of numbers that may be none: a loss that is not finite is the text `NaN`, `Infinity` or `-Infinity`.
enum MetricJSON {
  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: notANumber)
    return encoder
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: notANumber)
    return decoder
  }

  private static let infinity = "Infinity"
  private static let notANumber = "NaN"
}
