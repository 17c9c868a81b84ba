/// The geometry of a convolution along one axis of the image.
struct ConvAxis: Hashable, Sendable {
  var input: Int
  var kernel: Int
  var stride: Int
  var dilation: Int

  /// Input elements from the first to the last that one window covers.
  var extent: Int { (kernel - 1) * dilation + 1 }

  /// The number of windows that fit, given the padding at both ends.
  func outputCount(axis: String, start: Int, end: Int) throws(ConvProblemError) -> Int {
    try checkRanges(axis: axis)
    try Self.checkRange("p\(axis)", start, from: 0)
    try Self.checkRange("p\(axis)", end, from: 0)
    let room = input + start + end - extent
    if room < 0 {
      throw ConvProblemError(
        field: "k\(axis)",
        reason: "the kernel covers \(extent) elements, more than the \(input + start + end) of the padded image")
    }
    return room / stride + 1
  }

  /// The padding at the end that `output` windows need.
  ///
  /// Refuses an output that leaves whole windows unused, and one whose last window lies beyond any sensible padding:
  /// either way the line contradicts itself.
  func endPadding(axis: String, start: Int, output: Int) throws(ConvProblemError) -> Int {
    try checkRanges(axis: axis)
    try Self.checkRange("p\(axis)", start, from: 0)
    try Self.checkRange("o\(axis)", output, from: 1)
    let needed = (output - 1) * stride + extent - input - start
    if needed <= -stride {
      throw ConvProblemError(
        field: "o\(axis)",
        reason: "is \(output), but the other fields give at least \((input + start - extent) / stride + 1)")
    }
    let most = max(extent - 1, start) + stride - 1
    if needed > most {
      throw ConvProblemError(
        field: "o\(axis)",
        reason: "is \(output), which needs \(needed) elements of padding at the end; expected at most \(most)")
    }
    return max(0, needed)
  }

  /// Refuses a value that is too small, or so large that sums and products of two could wrap.
  static func checkRange(_ field: String, _ value: Int, from least: Int) throws(ConvProblemError) {
    if value < least || value > Int(Int32.max) {
      throw ConvProblemError(field: field, reason: "is \(value), expected \(least)...\(Int32.max)")
    }
  }

  /// Refuses sizes that are not positive or so large that the arithmetic here could wrap.
  func checkRanges(axis: String) throws(ConvProblemError) {
    try Self.checkRange("i\(axis)", input, from: 1)
    try Self.checkRange("k\(axis)", kernel, from: 1)
    try Self.checkRange("s\(axis)", stride, from: 1)
    if dilation < 1 || dilation > Int(Int32.max) {
      throw ConvProblemError(
        field: "d\(axis)", reason: "dilation is \(dilation), expected 1...\(Int32.max) (benchdnn writes dilation - 1)")
    }
  }
}
