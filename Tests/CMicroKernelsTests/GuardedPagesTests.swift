import TestSupport
import Testing

/// The guard must bite, or the tests that rely on it prove nothing.
@Suite struct GuardedPagesTests {
  @Test(arguments: [0, 1, 1023, 1024, 1025])
  func elementsCanBeReadAndWritten(count: Int) {
    for edge in GuardedEdge.allCases {
      let pages = GuardedPages((0..<count).map(Float.init), touching: edge, isWritable: true)
      for index in 0..<count { pages.start[index] += 1 }
      #expect(pages.elements == (0..<count).map { Float($0 + 1) } && pages.isRestIntact)
    }
  }

  @Test func aWriteInTheRestIsSeen() {
    let atEnd = GuardedPages<Float>([1, 2], touching: .end, isWritable: true)
    atEnd.start[-1] = 0
    #expect(!atEnd.isRestIntact)
    let atBeginning = GuardedPages<Float>([1, 2], touching: .beginning, isWritable: true)
    atBeginning.start[2] = 0
    #expect(!atBeginning.isRestIntact)
  }

  @Test func aReadBehindTheEndTraps() async {
    await #expect(processExitsWith: .failure) {
      let pages = GuardedPages<Float>([1, 2], touching: .end, isWritable: true)
      withExtendedLifetime(pages) { print(pages.start[2]) }
    }
  }

  @Test func aReadBeforeTheBeginningTraps() async {
    await #expect(processExitsWith: .failure) {
      let pages = GuardedPages<Float>([1, 2], touching: .beginning, isWritable: true)
      withExtendedLifetime(pages) { print(pages.start[-1]) }
    }
  }

  @Test func aReadOfNoElementsTraps() async {
    await #expect(processExitsWith: .failure) {
      let pages = GuardedPages<Float>([], touching: .end, isWritable: true)
      withExtendedLifetime(pages) { print(pages.start[0]) }
    }
  }

  @Test func aWriteToConstantElementsTraps() async {
    await #expect(processExitsWith: .failure) {
      let pages = GuardedPages<Float>([1, 2], touching: .end, isWritable: false)
      withExtendedLifetime(pages) { pages.start[0] += 1 }
    }
  }

  @Test func accessToTheElementsDoesNot() async {
    await #expect(processExitsWith: .success) {
      let pages = GuardedPages<Float>([1, 2], touching: .end, isWritable: false)
      withExtendedLifetime(pages) { print(pages.start[0], pages.start[1]) }
    }
  }
}
