/// A job over rows of channels: a row is an example, or a pixel of it.
protocol ChannelRows: SpanJob {
  var channels: Int { get }
  var inner: Int { get }
}

extension ChannelRows {
  static var spanLength: Int { 1024 }

  func start(ofRow row: Int) -> Int { row / inner * channels * inner + row % inner }
}
