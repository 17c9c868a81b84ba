import Foundation

// OpenBLAS chooses its kernels when it is loaded, by a list of processors that was complete when it was released. On one that it does
// not know it takes those of a Pentium 4, a third as fast or less.
extension OpenBLAS {
  /// The environment variable that names the core whose kernels the library shall use; it is read when the library is loaded.
  package static let coreVariable = "OPENBLAS_CORETYPE"

  /// A core whose kernels use more of the processor's vectors than those of `core` do; nil where there is none.
  package static func betterCore(than core: String, for instructionSet: InstructionSet) -> String? {
    let name = core.lowercased()
    switch instructionSet {
    case .avx512: return (coresWithoutAVX2 + coresWithoutAVX512).contains(name) ? "SkylakeX" : nil
    case .avx2: return coresWithoutAVX2.contains(name) ? "Haswell" : nil
    case .scalar, .neon: return nil
    }
  }

  private static let coresWithoutAVX2 = [
    "unknown", "generic", "katmai", "coppermine", "northwood", "prescott", "banias", "core2", "penryn", "dunnington",
    "nehalem", "atom", "nano", "athlon", "opteron", "opteron_sse3", "barcelona", "bobcat", "bulldozer", "piledriver",
    "steamroller", "sandybridge",
  ]
  private static let coresWithoutAVX512 = ["excavator", "haswell", "zen"]

  /// Where the library leaves vectors of the processor unused, starts the program anew with its arguments and a better choice in
  /// ``coreVariable``. For a command, at its start: dense kernels are what it compares with.
  ///
  /// A choice that is in the environment already stays.
  package static func restartWithBestKernels() {
    #if os(Linux)
      guard ProcessInfo.processInfo.environment[coreVariable] == nil,
        let core = betterCore(than: coreName, for: .current),
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      else { return }
      setenv(coreVariable, core, 1)
      // Returns only if it fails, and then the program goes on as it is.
      execv(program, CommandLine.unsafeArgv)
      unsetenv(coreVariable)
    #endif
  }
}
