import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

/// Random damage to good files, the same at each run.
struct Mutations {
  /// What a part of the file is exchanged for.
  let swap: Swap
  let seed: UInt64

  /// How many damaged files a test reads: 10,000, or what the environment variable `SNN_MUTATIONS` says.
  static let count = ProcessInfo.processInfo.environment["SNN_MUTATIONS"].flatMap(Int.init) ?? 10_000

  /// Reads ``count`` damaged copies of the samples; each is either read or refused by an error in one line, and reading
  /// takes no more memory than it may.
  ///
  /// - Parameters:
  ///   - expansion: how many times the file its reader may allocate, beside 1 MiB.
  ///   - read: reads everything in a file; `place` says which it is, for the messages of its own checks.
  /// - Returns: how many were refused.
  func check(_ samples: [Data], expansion: Int = 4, read: (_ file: Data, _ place: Comment) throws -> Void) -> Int {
    var generator = SeededGenerator(seed: seed)
    var refused = 0
    for index in 0..<Self.count {
      var bytes = [UInt8](samples[index % samples.count])
      for _ in 0...generator.nextIndex(below: 3) { mutate(&bytes, using: &generator) }
      let file = Data(bytes)
      let place: Comment = "seed \(seed), file \(index)"
      let peak = peakAllocatedByteCount {
        do {
          try read(file, place)
        } catch let error as FormatError {
          refused += 1
          #expect(error.kind == .badData && !error.description.contains("\n"), place)
        } catch {
          Issue.record("\(error), \(place)")
        }
      }
      #expect(peak ?? 0 <= expansion * file.count + (1 << 20), place)
    }
    return refused
  }

  private func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
    guard bytes.count > 16 else { return }
    let place = generator.nextIndex(below: bytes.count)
    switch generator.nextIndex(below: 10) {
    case 0: bytes[place] ^= 1 << UInt8(generator.nextIndex(below: 8))
    case 1: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
    case 2: bytes.insert(swap.anyByte(using: &generator), at: place)
    case 3: bytes.remove(at: place)
    case 4: bytes[place] = UInt8(generator.nextIndex(below: 4))
    case 5: if generator.nextIndex(below: 4) == 0 { bytes.removeSubrange(place...) }
    case 6:
      // A piece of the file, put elsewhere: over what was there, or between.
      let start = generator.nextIndex(below: bytes.count)
      let piece = bytes[start..<min(start + 1 + generator.nextIndex(below: 40), bytes.count)]
      let end = generator.nextIndex(below: 2) == 0 ? place : min(place + piece.count, bytes.count)
      bytes.replaceSubrange(place..<end, with: Array(piece))
    default: swap(&bytes, using: &generator)
    }
  }
}
