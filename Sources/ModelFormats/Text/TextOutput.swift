import Foundation

/// Collects the text of a file and hands it on in pieces, so that a large file is never in memory as a whole.
///
/// `Failure` is what handing on may throw: ``FormatError`` where it goes to a file, `Never` where it stays in memory.
package struct TextOutput<Failure: Error> {
  private var buffer: [UInt8] = []
  private let emit: ([UInt8]) throws(Failure) -> Void

  /// After how many bytes a piece is handed on; a number or word may stand over its end.
  private static var pieceByteCount: Int { 1 << 18 }

  private init(emit: @escaping ([UInt8]) throws(Failure) -> Void) {
    self.emit = emit
    buffer.reserveCapacity(Self.pieceByteCount + 1_000)
  }

  package mutating func append(_ text: String) throws(Failure) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.pieceByteCount { try flush() }
  }

  package mutating func append(_ number: Int) throws(Failure) {
    try append("\(number)")
  }

  /// Appends the shortest decimal number that reads back as the same `Float`; `nan`, `inf` and `-inf` for the rest.
  package mutating func append(_ value: Float) throws(Failure) {
    // A NaN's description may have a sign and more, which other readers do not know.
    let text = value.isNaN ? "nan" : "\(value)"
    try append(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
  }

  private mutating func flush() throws(Failure) {
    try emit(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}

extension TextOutput<FormatError> {
  /// Writes a file, which appears whole or not at all.
  package static func write(to path: String, _ body: (inout TextOutput) throws(FormatError) -> Void) throws(FormatError)
  {
    let file = try AtomicFile(path: path)
    var output = TextOutput { (piece) throws(FormatError) in try file.write(Data(piece)) }
    try body(&output)
    try output.flush()
    try file.commit()
  }
}

extension TextOutput<Never> {
  /// The bytes of a file.
  package static func data(_ body: (inout TextOutput) -> Void) -> Data {
    var data = Data()
    var output = TextOutput { data.append(contentsOf: $0) }
    body(&output)
    output.flush()
    return data
  }
}
