import Foundation
import SparseKernels
import Testing

@Suite struct InstructionSetTests {
  @Test func narrowerSetsComeFirst() {
    #expect(InstructionSet.allCases.sorted() == [.scalar, .neon, .avx2, .avx512])
    for set in InstructionSet.allCases { #expect(set.included == set.included.sorted() && set.included.last == set) }
  }

  @Test(arguments: InstructionSet.allCases, InstructionSet.allCases)
  func theVariableCapsAndNeverWidens(widest: InstructionSet, cap: InstructionSet) {
    let got = InstructionSet.capped(widest, variable: cap.rawValue)
    // NEON and the sets of x86-64 never meet.
    let isOfAnotherArchitecture = cap != .scalar && (cap == .neon) != (widest == .neon)
    #expect(got == (cap < widest && !isOfAnotherArchitecture ? cap : widest))
  }

  @Test(arguments: InstructionSet.allCases, [nil, "", "AVX2", "sse2", "avx2 "])
  func anotherValueCapsNothing(widest: InstructionSet, variable: String?) {
    #expect(InstructionSet.capped(widest, variable: variable) == widest)
  }

  @Test func theProcessReadsItsVariable() async {
    await #expect(processExitsWith: .success) {
      // Before anything has asked for the current set, which is read once.
      setenv(InstructionSet.capVariable, "scalar", 1)
      #expect(InstructionSet.current == .scalar)
    }
    await #expect(processExitsWith: .success) {
      unsetenv(InstructionSet.capVariable)
      #expect(InstructionSet.current == InstructionSet.ofProcessor)
    }
  }
}
