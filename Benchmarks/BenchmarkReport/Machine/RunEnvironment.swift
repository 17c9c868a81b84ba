import Foundation
import SparseKernels

/// What a number must carry to be read later: the machine, the build, the command.
package struct RunEnvironment: Encodable, Sendable {
  package let command: String
  package let date: String
  /// The commit of the package's folder, `-dirty` where it has changes; null where there is no repository.
  package let revision: String?
  package let processor: Processor
  package let memoryBytes: UInt64
  package let operatingSystem: String
  package let compiler: String
  package let buildConfiguration: String
  package let libraries: [String: String]
  /// Processes that wanted a core in the last minute, before the run.
  package let loadAverage: Double?
  /// The share of a core that this process had while it measured the ceilings; null before that.
  package var coreShare: Double?
  package let threads: Int
  package let secondsPerCase: Double
  package let seed: UInt64

  package init(threads: Int, secondsPerCase: Double, seed: UInt64) {
    command = CommandLine.arguments.enumerated()
      .map { $0 == 0 ? ($1.split(separator: "/").last.map(String.init) ?? $1) : $1 }.joined(separator: " ")
    date = Date().ISO8601Format()
    revision = Self.readRevision()
    processor = .current
    memoryBytes = ProcessInfo.processInfo.physicalMemory
    operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
    compiler = Self.compilerVersion
    buildConfiguration = Self.configuration
    libraries = LibraryVersions.all
    var loads = [0.0]
    loadAverage = getloadavg(&loads, 1) == 1 ? loads[0] : nil
    self.threads = threads
    self.secondsPerCase = secondsPerCase
    self.seed = seed
  }

  /// One line for a person.
  package var summary: String {
    let caches = processor.caches.filter { $0.kind != "Instruction" }
      .map { "L\($0.level) \($0.byteCount >> 10) KiB" }.joined(separator: ", ")
    let parts = [
      processor.model, processor.instructionSet, caches, "OpenBLAS for \(openBLASCore)", compiler,
      buildConfiguration,
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: " | ")
  }

  /// The core whose kernels OpenBLAS uses.
  package var openBLASCore: String { OpenBLAS.coreName }

  /// What a reader must know before believing a number, a sentence each without its full stop.
  package var cautions: [String] {
    let baseline = Self.caution(
      instructionSet: .current, openBLASCore: openBLASCore,
      isChosen: ProcessInfo.processInfo.environment[OpenBLAS.coreVariable] != nil)
    return [baseline, coreShare.flatMap(Self.caution)].compactMap(\.self)
  }

  /// What makes the baseline slower than it could be; nil where nothing is known to.
  ///
  /// - Parameters:
  ///   - openBLASCore: the core whose kernels OpenBLAS uses.
  ///   - isChosen: whether the user chose that core.
  package static func caution(instructionSet: InstructionSet, openBLASCore: String, isChosen: Bool) -> String? {
    guard let better = OpenBLAS.betterCore(than: openBLASCore, for: instructionSet) else { return nil }
    let vectors = instructionSet == .avx512 ? "AVX-512" : "AVX2"
    return "caution: OpenBLAS leaves \(vectors) unused, so dense is slower than it could be; "
      + "\(OpenBLAS.coreVariable)\(isChosen ? " asks for that" : "=\(better) may help")"
  }

  /// What other programs do to the ratios; nil where they leave this one alone.
  package static func caution(coreShare: Double) -> String? {
    if coreShare > 0.9 { return nil }
    let percent = Int((coreShare * 100).rounded())
    return
      "caution: other programs left this one \(percent) % of a core while it measured the ceilings; long calls suffer "
      + "from that and short ones do not, so the ratios flatter the fast kernels"
  }

  private static var configuration: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  private static var compilerVersion: String {
    #if compiler(>=6.4)
      "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #elseif compiler(>=6.2)
      "Swift 6.2"
    #else
      "Swift 6.1"
    #endif
  }

  private static func readRevision() -> String? {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    let git = Process()
    let output = Pipe()
    git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    git.arguments = ["git", "-C", folder, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    git.standardOutput = output
    git.standardError = FileHandle.nullDevice
    guard (try? git.run()) != nil, let text = try? output.fileHandleForReading.readToEnd() else { return nil }
    git.waitUntilExit()
    let revision = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return git.terminationStatus == 0 && !revision.isEmpty ? revision : nil
  }
}
