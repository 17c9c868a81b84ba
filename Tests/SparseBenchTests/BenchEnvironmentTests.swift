import SparseBench
import SparseKernels
import Testing

@Suite struct BenchEnvironmentTests {
  @Test func aBaselineThatLeavesVectorsUnusedIsCautionedAgainst() {
    func caution(_ set: InstructionSet, _ core: String, isChosen: Bool = false) -> String? {
      RunEnvironment.caution(instructionSet: set, openBLASCore: core, isChosen: isChosen)
    }
    #expect(caution(.avx2, "Haswell") == nil)
    #expect(caution(.avx512, "SkylakeX") == nil)
    #expect(caution(.avx512, "Cooperlake") == nil)
    #expect(caution(.avx512, "GraniteRapids") == nil)
    #expect(caution(.avx512, "Zen")?.contains("AVX-512 unused") == true)
    #expect(caution(.avx512, "Zen")?.contains("OPENBLAS_CORETYPE=SkylakeX may help") == true)
    #expect(caution(.avx512, "Prescott")?.contains("OPENBLAS_CORETYPE=SkylakeX may help") == true)
    #expect(caution(.avx2, "Prescott")?.contains("AVX2 unused") == true)
    #expect(caution(.avx2, "Nehalem")?.contains("OPENBLAS_CORETYPE=Haswell may help") == true)
    #expect(caution(.avx512, "Haswell", isChosen: true)?.contains("OPENBLAS_CORETYPE asks for that") == true)
  }

  @Test func aBusyMachineIsCautionedAgainst() {
    #expect(RunEnvironment.caution(coreShare: 1) == nil)
    #expect(RunEnvironment.caution(coreShare: 0.95) == nil)
    #expect(RunEnvironment.caution(coreShare: 0.5)?.contains("50 % of a core") == true)
  }
}
