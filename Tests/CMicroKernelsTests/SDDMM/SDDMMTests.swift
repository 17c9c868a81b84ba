import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// Every variant of f32_sddmm against the formula of its header.
@Suite struct SDDMMTests {
  /// Runs a case at both ends of its pages and says what was wrong.
  private func firstFault(_ variant: SDDMMVariant, _ item: SDDMMCase, _ numbers: Numbers) throws -> String? {
    let results = try GuardedEdge.allCases.map { try item.run(variant, touching: $0) }
    for result in results {
      if let fault = item.fault(result, numbers) { return fault }
    }
    // Neither alignment nor the call changes the order of summation.
    let isSame = results.allSatisfy { result in zip(result, results[0]).allSatisfy { $0 == $1 || $0.isNaN } }
    return isSame ? nil : "\(item): two calls differ"
  }

  private func layouts(_ variant: SDDMMVariant) -> [SpMMLayout] {
    SpMMLayout.all(variant.size, channelCount: SDDMMCase.channelCount)
  }

  @Test(arguments: SDDMMVariant.runnable)
  func integersAreExact(variant: SDDMMVariant) throws {
    var generator = SeededGenerator(seed: 11)
    for layout in layouts(variant) {
      for _ in 0..<4 {
        let item = SDDMMCase(variant.size, layout, .integers, using: &generator)
        let fault = try firstFault(variant, item, .integers)
        try #require(fault == nil)
      }
    }
  }

  @Test(arguments: SDDMMVariant.runnable)
  func floatsAreWithinTheirRounding(variant: SDDMMVariant) throws {
    var generator = SeededGenerator(seed: 12)
    for layout in layouts(variant) {
      let item = SDDMMCase(variant.size, layout, .floats, using: &generator)
      let fault = try firstFault(variant, item, .floats)
      try #require(fault == nil)
    }
  }

  /// NaN in an operand or in a sum stays NaN, and goes to no other entry.
  @Test(arguments: SDDMMVariant.runnable)
  func aNaNStaysWithItsEntry(variant: SDDMMVariant) throws {
    var generator = SeededGenerator(seed: 13)
    for layout in layouts(variant) {
      let item = SDDMMCase(variant.size, layout, .integersAndNaN, using: &generator)
      let fault = try firstFault(variant, item, .integersAndNaN)
      try #require(fault == nil)
    }
  }

  /// One record alone, so that both neighbours of its sums are inaccessible in turn: what is left of a vector of eight entries is
  /// neither read nor written.
  @Test(arguments: SDDMMVariant.runnable)
  func neighboursOfTheSumsAreNotTouched(variant: SDDMMVariant) throws {
    var generator = SeededGenerator(seed: 14)
    for count in 0...18 {
      let item = SDDMMCase(variant.size, layouts(variant)[0], .integers, counts: [count], using: &generator)
      let fault = try firstFault(variant, item, .integers)
      try #require(fault == nil)
    }
  }

  /// Not even the first record is there.
  @Test(arguments: SDDMMVariant.runnable)
  func nothingIsReadWithoutRecords(variant: SDDMMVariant) throws {
    var generator = SeededGenerator(seed: 15)
    let item = SDDMMCase(variant.size, layouts(variant)[0], .integers, counts: [], using: &generator)
    let fault = try firstFault(variant, item, .integers)
    #expect(item.records.isEmpty && fault == nil)
  }

  /// A list that the log has as skipped, with the names, where some variants are not tested.
  @Test(
    .enabled(
      if: SDDMMVariant.unrunnable.isEmpty,
      "this processor cannot run \(SDDMMVariant.unrunnable.map(\.name).joined(separator: ", "))"))
  func thisProcessorRunsEveryVariant() {
    #expect(SDDMMVariant.runnable.count == SDDMMVariant.all.count && !SDDMMVariant.all.isEmpty)
  }

  /// As the header and the list promise, so that a kernel can be looked up by its tile and every tile has one.
  @Test func theTablesAreInOrderAndComplete() {
    let tiles = (1...7).flatMap { rows in (1...SNN_SDDMM_VECTORS / rows).map { rows * 100 + $0 } }
    let sets = Dictionary(grouping: SDDMMVariant.all, by: \.instructionSet)
    for variants in sets.values { #expect(variants.map { $0.size.rows * 100 + $0.size.columns } == tiles) }
    #expect(sets["scalar"] != nil)
  }
}
