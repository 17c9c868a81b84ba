import SparseBench
import Testing

@Suite struct BenchEnvironmentTests {
  @Test func aBaselineWithoutAVX512IsCautionedAgainst() {
    func caution(_ set: String, _ core: String, isChosen: Bool = false) -> String? {
      RunEnvironment.caution(instructionSet: set, openBLASCore: core, isChosen: isChosen)
    }
    #expect(caution("avx2", "Haswell") == nil)
    #expect(caution("avx512", "SkylakeX") == nil)
    #expect(caution("avx512", "Cooperlake") == nil)
    #expect(caution("avx512", "GraniteRapids") == nil)
    #expect(caution("avx512", "Zen")?.contains("OPENBLAS_CORETYPE=SkylakeX may help") == true)
    #expect(caution("avx512", "Haswell", isChosen: true)?.contains("OPENBLAS_CORETYPE asks for that") == true)
  }

  @Test func aBusyMachineIsCautionedAgainst() {
    #expect(RunEnvironment.caution(coreShare: 1) == nil)
    #expect(RunEnvironment.caution(coreShare: 0.95) == nil)
    #expect(RunEnvironment.caution(coreShare: 0.5)?.contains("50 % of a core") == true)
  }
}
