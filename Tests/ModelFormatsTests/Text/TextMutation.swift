import Foundation
import ModelFormats
import TensorCore
import Testing

/// Damaged copies of good text files, and what must hold of reading them.
struct TextMutation {
  /// The files that are damaged.
  let samples: [[UInt8]]
  /// Numbers and words that are put in the place of others.
  let words: [String]
  let seed: UInt64

  /// How many damaged files a test reads: 10,000, or what the environment variable `SNN_MUTATIONS` says.
  static let fileCount = ProcessInfo.processInfo.environment["SNN_MUTATIONS"].flatMap(Int.init) ?? 10_000

  /// Reads each damaged file: it is read or refused with one line, and what that allocates stays within four times the
  /// file and 1 MiB.
  ///
  /// - Parameter read: reads a file and checks what it gets.
  /// - Returns: how many files were read to the end.
  func run(_ read: (Data) throws -> Void) -> Int {
    var generator = SeededGenerator(seed: seed)
    var readCount = 0
    for index in 0..<Self.fileCount {
      var bytes = samples[index % samples.count]
      for _ in 0...generator.nextIndex(below: 3) { mutate(&bytes, using: &generator) }
      let data = Data(bytes)
      var outcome: Result<Void, any Error> = .success(())
      let peak = peakAllocatedByteCount {
        do { try read(data) } catch { outcome = .failure(error) }
      }
      let place = Comment(
        rawValue: "seed \(seed), file \(index): \(String(decoding: bytes.prefix(300), as: UTF8.self))")
      switch outcome {
      case .success: readCount += 1
      case .failure(let error as FormatError):
        #expect(error.kind == .badData && !error.description.contains("\n"), place)
      case .failure(let error): Issue.record(error, place)
      }
      if let peak { #expect(peak <= 4 * bytes.count + (1 << 20), place) }
    }
    return readCount
  }

  private func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
    guard bytes.count > 16 else { return }
    let place = generator.nextIndex(below: bytes.count)
    switch generator.nextIndex(below: 10) {
    case 0: bytes[place] ^= 1 << UInt8(generator.nextIndex(below: 8))
    case 1: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
    case 2: bytes.insert(Array(" \t\r\n%,-+.e0123456789".utf8)[generator.nextIndex(below: 20)], at: place)
    case 3: bytes.remove(at: place)
    case 4: bytes.removeSubrange(place...)
    case 5:
      // A piece of the file, put elsewhere: over what was there, or between.
      let start = generator.nextIndex(below: bytes.count)
      let piece = bytes[start..<min(start + 1 + generator.nextIndex(below: 40), bytes.count)]
      let end = generator.nextIndex(below: 2) == 0 ? place : min(place + piece.count, bytes.count)
      bytes.replaceSubrange(place..<end, with: Array(piece))
    default:
      let isPart = { (byte: UInt8) in byte > 0x20 && byte != UInt8(ascii: ",") }
      let starts = bytes.indices.filter { isPart(bytes[$0]) && ($0 == 0 || !isPart(bytes[$0 - 1])) }
      guard !starts.isEmpty else { return }
      let start = starts[generator.nextIndex(below: starts.count)]
      let end = bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
      bytes.replaceSubrange(start..<end, with: Array(words[generator.nextIndex(below: words.count)].utf8))
    }
  }
}
