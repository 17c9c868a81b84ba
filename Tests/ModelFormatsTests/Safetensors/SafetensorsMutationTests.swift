import Foundation
import ModelFormats
import TensorCore
import Testing

/// Damaged copies of a good file: whatever the damage, the file is refused or its tensors are readable.
@Suite struct SafetensorsMutationTests {
  @Test(.timeLimit(.minutes(2))) func everyDamagedFileIsReadOrRefused() {
    let seed: UInt64 = 20_240_917
    var generator = SeededGenerator(seed: seed)
    var (opened, refused, tensorsRead, tensorsRefused) = (0, 0, 0, 0)
    for index in 0..<10_000 {
      var bytes = Array(sampleFile)
      for _ in 0...generator.nextIndex(below: 3) { Self.mutate(&bytes, using: &generator) }
      do throws(FormatError) {
        let file = try SafetensorsFile(data: Data(bytes), name: "f")
        opened += 1
        // An opened file keeps its promise: the tensors tile the data.
        var end = 0
        for name in file.tensorNames {
          #expect(file.info(name)?.byteRange.lowerBound == end, "seed \(seed), file \(index)")
          end = file.info(name)?.byteRange.upperBound ?? -1
          do throws(FormatError) {
            let tensor = try file.tensor(named: name)
            tensorsRead += 1
            #expect(tensor.shape == file.info(name)?.shape, "seed \(seed), file \(index)")
          } catch {
            tensorsRefused += 1
          }
        }
        let headerLength = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(8 + headerLength + end == bytes.count, "seed \(seed), file \(index)")
      } catch {
        refused += 1
        #expect(error.kind == .badData && !error.description.contains("\n"), "seed \(seed), file \(index)")
      }
    }
    #expect(opened + refused == 10_000)
    #expect(opened > 100 && refused > 100 && tensorsRead > 100 && tensorsRefused > 100)
  }

  private static func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
    guard bytes.count > 16 else { return }
    let place = generator.nextIndex(below: bytes.count)
    switch generator.nextIndex(below: 7) {
    case 0: bytes[place] ^= 1 << UInt8(generator.nextIndex(below: 8))
    case 1: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
    case 2: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
    case 3: bytes.remove(at: place)
    case 4:
      // A piece of the file, put elsewhere: over what was there, or between.
      let start = generator.nextIndex(below: bytes.count)
      let piece = bytes[start..<min(start + 1 + generator.nextIndex(below: 40), bytes.count)]
      let end = generator.nextIndex(below: 2) == 0 ? place : min(place + piece.count, bytes.count)
      bytes.replaceSubrange(place..<end, with: Array(piece))
    default: swapNumber(in: &bytes, using: &generator)
    }
  }

  /// Puts another number for one in the header, and mostly makes the header's length right again, so that the change
  /// gets as far as the checks behind the scanner.
  private static func swapNumber(in bytes: inout [UInt8], using generator: inout SeededGenerator) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    let starts = bytes.indices.dropFirst(8).filter { isDigit(bytes[$0]) && !isDigit(bytes[$0 - 1]) }
    guard !starts.isEmpty else { return }
    let start = starts[generator.nextIndex(below: starts.count)]
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    let numbers = ["0", "1", "2", "3", "4", "6", "8", "24", "28", "36", "65536", "4294967296", "9223372036854775807"]
    let number = Array(numbers[generator.nextIndex(below: numbers.count)].utf8)
    bytes.replaceSubrange(start..<end, with: number)
    let growth = number.count - (end - start)
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } &+ UInt64(bitPattern: Int64(growth))
    if generator.nextIndex(below: 4) > 0 { bytes.replaceSubrange(..<8, with: littleEndianBytes([length])) }
  }
}
