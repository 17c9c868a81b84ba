import Foundation
import ModelFormats
import TensorCore

/// A process that writes one file and may be killed at it: prints a line when it begins to write, and ends when the
/// file is there.
///
///     WriterFixture PATH COUNT VALUE
///
/// writes a tensor of COUNT elements, all VALUE.
@main
enum WriterFixture {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[2]), let value = Float(arguments[3]) else {
      FileHandle.standardError.write(Data("usage: WriterFixture PATH COUNT VALUE\n".utf8))
      exit(64)
    }
    var writer = SafetensorsWriter()
    try writer.add(Tensor(repeating: value, shape: [count]), named: "weights")
    FileHandle.standardOutput.write(Data("writing\n".utf8))
    try writer.write(to: arguments[1])
  }
}
