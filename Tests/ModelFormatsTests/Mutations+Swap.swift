import TensorCore
import TestSupport

extension Mutations {
  /// Damage that knows the format, so that it gets as far as the checks behind the scanner.
  enum Swap {
    /// Another of these words for one of a text.
    case words([String])
    /// Another number for one in a header whose length stands, little-endian, in these bytes; mostly mends the length.
    case headerNumbers(lengthField: Range<Int>)
    /// Another big-endian number of 32 bits for one that starts in these bytes.
    case binaryNumbers(starts: Range<Int>)

    /// A byte that the format may hold.
    func anyByte(using generator: inout SeededGenerator) -> UInt8 {
      switch self {
      case .words:
        let alphabet = Array(" \t\r\n%,-+.e0123456789".utf8)
        return alphabet[generator.nextIndex(below: alphabet.count)]
      case .headerNumbers, .binaryNumbers: return UInt8(truncatingIfNeeded: generator.next())
      }
    }

    func callAsFunction(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
      switch self {
      case .words(let words):
        let range = Self.anyRun(in: bytes, from: 0, using: &generator) { $0 > 0x20 && $0 != UInt8(ascii: ",") }
        guard let range else { return }
        bytes.replaceSubrange(range, with: Array(words[generator.nextIndex(below: words.count)].utf8))
      case .headerNumbers(let lengthField):
        let range = Self.anyRun(in: bytes, from: lengthField.upperBound, using: &generator) {
          (0x30...0x39).contains($0)
        }
        guard let range else { return }
        let numbers = [
          "0", "1", "2", "3", "4", "6", "8", "24", "28", "36", "65536", "4294967296", "9223372036854775807",
        ]
        let number = Array(numbers[generator.nextIndex(below: numbers.count)].utf8)
        let length = bytes[lengthField].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let grown = length &+ UInt64(bitPattern: Int64(number.count - range.count))
        bytes.replaceSubrange(range, with: number)
        if generator.nextIndex(below: 4) > 0 {
          bytes.replaceSubrange(lengthField, with: littleEndianBytes([grown]).prefix(lengthField.count))
        }
      case .binaryNumbers(let starts):
        let start = starts.lowerBound + generator.nextIndex(below: starts.count)
        let numbers: [UInt32] = [0, 1, 2, 3, 4, 6, 8, 9, 24, 255, 256, 16_384, 65_536, 1 << 20, 1 << 31, .max]
        guard start + 4 <= bytes.count else { return }
        bytes.replaceSubrange(
          start..<start + 4, with: bigEndianBytes([numbers[generator.nextIndex(below: numbers.count)]]))
      }
    }

    /// One of the runs of bytes that are parts of a word or number.
    private static func anyRun(
      in bytes: [UInt8], from first: Int, using generator: inout SeededGenerator, isPart: (UInt8) -> Bool
    ) -> Range<Int>? {
      let starts = (min(first, bytes.count)..<bytes.count).filter {
        isPart(bytes[$0]) && ($0 == first || !isPart(bytes[$0 - 1]))
      }
      guard !starts.isEmpty else { return nil }
      let start = starts[generator.nextIndex(below: starts.count)]
      return start..<(bytes[start...].firstIndex { !isPart($0) } ?? bytes.count)
    }
  }
}
