import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

/// Processes that are killed while they replace a file.
@Suite struct KilledWriterTests {
  /// Two of the pieces in which the writer hands its bytes to the system, so that a kill may fall between them.
  private static let count = 1 << 19

  @Test(.timeLimit(.minutes(5))) func theOldFileOrTheNewOneIsThereWhole() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    var generator = SeededGenerator(seed: 20_241_103)
    var current = try Self.contents(0)
    try current.write(to: URL(fileURLWithPath: path))
    // How long writing takes is measured by letting it end. Machines differ and so do moments of one machine: the
    // middle of the delays follows the outcomes, towards the rename from either side, so that both go on to occur.
    var middle = try (1...3).map { run in
      current = try Self.contents(run)
      let start = ContinuousClock.now
      let writer = try Writer(path: path, count: Self.count, value: run)
      let began = ContinuousClock.now
      try #require(writer.end() == .exit, "a run that began \(began - start) after its start")
      return began.duration(to: .now)
    }.sorted()[1]
    var (old, new, leftOver) = (0, 0, 0)
    for run in 4..<204 {
      let writer = try Writer(path: path, count: Self.count, value: run)
      // Uniformly from no time at all to twice the middle.
      usleep(UInt32(middle / .microseconds(1) * 2 * Double(generator.nextFloat(in: 0..<1))))
      writer.stop()
      _ = writer.end()
      let found = try Data(contentsOf: URL(fileURLWithPath: path))
      let next = try Self.contents(run)
      if found == next {
        new += 1
        current = next
        middle = middle * 0.95
      } else {
        try #require(found == current, "run \(run): neither the old file nor the new one")
        old += 1
        middle = middle * 1.05
      }
      let others = try folder.names.filter { $0 != "a.safetensors" }
      #expect(others.count <= 1 && others.allSatisfy { $0.hasPrefix(".a.safetensors.") && $0.hasSuffix(".tmp") })
      leftOver += others.count
      for name in others { try FileManager.default.removeItem(atPath: folder.file(name)) }
    }
    #expect(old + new == 200 && old >= 20 && new >= 20, "\(old) old, \(new) new")
    #expect(leftOver > 0, "no run was killed while its temporary file stood there")
  }

  private static func contents(_ value: Int) throws -> Data {
    var writer = SafetensorsWriter()
    try writer.add(Tensor(repeating: Float(value), shape: [count]), named: "weights")
    return try writer.data(name: "expected")
  }
}

/// The `WriterFixture` that was built beside these tests, from the moment at which it begins to write.
private struct Writer {
  private let process = Process()

  init(path: String, count: Int, value: Int) throws {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("WriterFixture")
    process.arguments = [path, "\(count)", "\(value)"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    _ = output.fileHandleForReading.availableData
  }

  func stop() { kill(process.processIdentifier, SIGKILL) }

  func end() -> Process.TerminationReason {
    process.waitUntilExit()
    return process.terminationReason
  }
}
