import CMicroKernels
import TensorCore
import TestSupport
import Testing

/// Every variant of f32_spmm against the formula of its header.
@Suite struct SpMMTests {
  /// Runs a case at both ends of its pages and says what was wrong.
  private func firstFault(_ variant: SpMMVariant, _ item: SpMMCase, _ numbers: Numbers) throws -> String? {
    let results = try GuardedEdge.allCases.map { try item.run(variant, touching: $0) }
    if let fault = item.faults(results, numbers) { return fault }
    // Neither alignment nor the call changes the order of summation.
    let isSame = results.allSatisfy { result in zip(result, results[0]).allSatisfy { $0 == $1 || $0.isNaN } }
    return isSame ? nil : "\(item): two calls differ"
  }

  private func layouts(_ size: SpMMTileSize) -> [SpMMLayout] {
    SpMMLayout.all(size, channelCount: SpMMScript.everyKind.channelRange)
  }

  @Test(arguments: SpMMVariant.runnable)
  func integersAreExact(variant: SpMMVariant) throws {
    var generator = SeededGenerator(seed: 1)
    for size in variant.tiles {
      let layouts = layouts(size)
      for layout in layouts {
        for epilogue in [nil, Epilogue.full] {
          let item = SpMMCase(size, layout, epilogue, .integers, using: &generator)
          let fault = try firstFault(variant, item, .integers)
          try #require(fault == nil)
        }
      }
      for (index, epilogue) in Epilogue.all.enumerated() {
        let item = SpMMCase(size, layouts[index % layouts.count], epilogue, .integers, using: &generator)
        let fault = try firstFault(variant, item, .integers)
        try #require(fault == nil)
      }
    }
  }

  @Test(arguments: SpMMVariant.runnable)
  func floatsAreWithinTheirRounding(variant: SpMMVariant) throws {
    var generator = SeededGenerator(seed: 2)
    for size in variant.tiles {
      for layout in layouts(size) {
        for epilogue in [nil, Epilogue.full] {
          let item = SpMMCase(size, layout, epilogue, .floats, using: &generator)
          let fault = try firstFault(variant, item, .floats)
          try #require(fault == nil)
        }
      }
    }
  }

  /// NaN in the activations, in y, in the bias or in the residual stays NaN, whatever the bounds, and goes nowhere else.
  @Test(arguments: SpMMVariant.runnable)
  func aNaNPassesTheBounds(variant: SpMMVariant) throws {
    var generator = SeededGenerator(seed: 3)
    for size in variant.tiles {
      for epilogue in Epilogue.all {
        let item = SpMMCase(size, layouts(size)[0], epilogue, .integersAndNaN, using: &generator)
        let fault = try firstFault(variant, item, .integersAndNaN)
        try #require(fault == nil)
      }
    }
  }

  /// Not even the first record, entry, activation or bias is there.
  @Test(arguments: SpMMVariant.runnable)
  func nothingIsReadWhereNothingIsNamed(variant: SpMMVariant) throws {
    var generator = SeededGenerator(seed: 4)
    let scripts = [SpMMScript(channels: []), SpMMScript(channels: [[.init(count: 0, isStart: true)]])]
    for size in variant.tiles {
      for script in scripts {
        let item = SpMMCase(size, layouts(size)[0], .full, .integers, script: script, using: &generator)
        let fault = try firstFault(variant, item, .integers)
        try #require(fault == nil)
      }
    }
  }

  /// A list that the log has as skipped, with the names, where some variants are not tested.
  @Test(
    .enabled(
      if: SpMMVariant.unrunnable.isEmpty,
      "this processor cannot run \(SpMMVariant.unrunnable.map(\.name).joined(separator: ", "))"))
  func thisProcessorRunsEveryVariant() {
    #expect(SpMMVariant.runnable.count == SpMMVariant.all.count && !SpMMVariant.all.isEmpty)
  }

  /// As the header promises, so that a kernel can be looked up by its tile.
  @Test func theTablesAreInOrder() {
    let sets = Dictionary(grouping: SpMMVariant.all, by: \.instructionSet)
    for variants in sets.values {
      let keys = variants.map { $0.rows * 100 + $0.columns }
      #expect(keys == Array(Set(keys)).sorted() && keys.count == sets["scalar"]?.count)
      #expect(variants.allSatisfy { $0.rows * $0.columns <= SNN_SPMM_VECTORS })
    }
  }
}
