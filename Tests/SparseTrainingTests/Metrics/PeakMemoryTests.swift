import Foundation
import Testing

@testable import SparseTraining

@Suite struct PeakMemoryTests {
  @Test func theLineOfTheSystemIsRead() {
    #expect(
      PeakMemory.byteCount(inStatus: "Name:\tx\nVmPeak:\t  99 kB\nVmHWM:\t    1234 kB\nVmRSS:\t 1 kB\n") == 1234 << 10)
  }

  @Test(arguments: [
    "", "VmHWM:", "VmHWM:\t12", "VmHWM:\t12 MB", "VmHWM:\tx kB", "VmHWM:\t-1 kB", "VmHWM:\t9223372036854775807 kB",
    "XVmHWM:\t1 kB",
  ])
  func anythingElseIsUnknown(status: String) {
    #expect(PeakMemory.byteCount(inStatus: status) == nil)
  }

  #if os(Linux)
    @Test func thisProcessHasHadSome() throws {
      let byteCount = try #require(PeakMemory.byteCount)
      #expect(byteCount > 1 << 20 && byteCount <= ProcessInfo.processInfo.physicalMemory)
    }
  #endif
}
