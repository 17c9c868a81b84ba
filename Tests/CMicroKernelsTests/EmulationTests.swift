import Testing

/// That the other suites, which take what is emulated as they take what is not, have found it.
@Suite struct EmulationTests {
  #if arch(x86_64)
    /// Skipped, with the reason, where other instruction sets are not tested.
    @Test(
      .enabled(
        if: InstructionSetVariant.runnable.contains { $0.name == "emulated_neon" },
        "built without SIMDe (Debian's libsimde-dev), which emulates AVX-512 and NEON"))
    func otherInstructionSetsAreEmulated() {
      #expect(Set(SpMMVariant.runnable.map(\.instructionSet)).isSuperset(of: ["emulated_avx512", "emulated_neon"]))
      #expect(Set(SDDMMVariant.runnable.map(\.instructionSet)).contains("emulated_neon"))
      #expect(Set(InstructionSetVariant.runnable.map(\.name)).isSuperset(of: ["emulated_avx512", "emulated_neon"]))
    }
  #endif
}
