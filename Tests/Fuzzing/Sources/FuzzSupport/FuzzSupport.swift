import Foundation
import SparseNN

/// Hands bytes that libFuzzer made up to a reader, which may refuse them by an error in one short line; anything else,
/// a trap, another error, a long message, is a finding.
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int, read: (Data) throws -> Void) -> CInt {
  let data = Data(UnsafeBufferPointer(start: start, count: count))
  do {
    try read(data)
  } catch {
    let message = "\(error)"
    precondition(!message.isEmpty && !message.contains(where: \.isNewline), "message of several lines: \(message)")
    precondition(message.utf8.count < 4_000, "message of \(message.utf8.count) bytes")
    precondition(
      (error as? FormatError)?.kind == .badData || error is ConvProblemError || error is ConvProblemListError,
      "unexpected error: \(message)")
  }
  return 0
}
