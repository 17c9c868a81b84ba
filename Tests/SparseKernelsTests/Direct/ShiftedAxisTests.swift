import Testing

@testable import SparseKernels

/// Both directions of an axis against the index formula of the convolution, in every combination of small sizes.
@Suite struct ShiftedAxisTests {
  /// An axis and its padding.
  private struct Setting: CustomStringConvertible {
    let axis: ConvAxis
    let padding: Int
    let outputCount: Int

    /// Every pair of an output and an element of the kernel, with the place of the input element they read, which may not exist.
    var products: [(output: Int, tap: Int, input: Int)] {
      (0..<outputCount).flatMap { output in
        (0..<axis.kernel).map { (output, $0, output * axis.stride + $0 * axis.dilation - padding) }
      }
    }

    var description: String { "\(axis), padding \(padding), \(outputCount) outputs" }
  }

  private static let settings: [Setting] = {
    var settings: [Setting] = []
    for input in [1, 2, 3, 4, 5, 7, 8, 9, 12] {
      for kernel in 1...5 {
        for (stride, dilation) in (1...4).flatMap({ stride in (1...3).map { (stride, $0) } }) {
          let axis = ConvAxis(input: input, kernel: kernel, stride: stride, dilation: dilation)
          for (start, end) in [(0, 0), (1, 1), (0, 2), (3, 0), (2, 5), (9, 9)] {
            guard let count = try? axis.outputCount(axis: "w", start: start, end: end) else { continue }
            settings.append(Setting(axis: axis, padding: start, outputCount: count))
          }
        }
      }
    }
    return settings
  }()

  @Test func forwardReadsWhatTheFormulaReads() throws {
    #expect(Self.settings.count > 2000)
    for setting in Self.settings {
      let axis = ShiftedAxis.forward(setting.axis, padding: setting.padding, outputCount: setting.outputCount)
      try #require(axis.count == setting.outputCount && axis.taps.count == setting.axis.kernel, "\(setting)")
      for product in setting.products {
        let tap = axis.taps[product.tap]
        try #require((0..<setting.axis.stride).contains(tap.sourcePhase), "\(setting)")
        let source = (product.output + tap.shift) * axis.sourceStride + tap.sourcePhase
        try #require(source == product.input && axis.destinationStride == 1, "\(setting)")
        try #require(tap.destinationPhase == 0 && axis.destinationPhaseRows == [0], "\(setting)")
      }
    }
  }

  @Test func theInputGradientReadsWhatTheFormulaReads() throws {
    for setting in Self.settings {
      // For each input and each element of the kernel the output that multiplies them, if there is one.
      let (inputs, taps) = (setting.axis.input, setting.axis.kernel)
      var expected = [Int?](repeating: nil, count: inputs * taps)
      for product in setting.products where (0..<inputs).contains(product.input) {
        expected[product.input * taps + product.tap] = product.output
      }
      var got = [Int?](repeating: nil, count: inputs * taps)
      let axis = ShiftedAxis.inputGradient(
        setting.axis, padding: setting.padding, outputCount: setting.outputCount)
      try #require(axis.sourceStride == 1 && axis.destinationStride == min(setting.axis.stride, inputs), "\(setting)")
      let rows = axis.destinationPhaseRows
      for input in 0..<inputs {
        let (position, phase) = input.quotientAndRemainder(dividingBy: axis.destinationStride)
        try #require(position < axis.count, "\(setting)")
        for (index, tap) in axis.taps.enumerated() where tap.destinationPhase == phase {
          try #require(axis.destinationPhases[Int(rows[phase])] == phase, "\(setting)")
          let output = position + tap.shift
          if (0..<setting.outputCount).contains(output) { got[input * taps + index] = output }
        }
      }
      try #require(got == expected, "\(setting)")
    }
  }

  /// What follows from the taps: extremes of shifts, phases, and which positions have a source.
  @Test func whatFollowsFromTheTapsIsRight() throws {
    for axis in Self.settings.flatMap(axes) {
      let taps = axis.taps
      let shifts = taps.map(\.shift)
      try #require(axis.leastShift == shifts.min() ?? 0 && axis.leastShift + axis.span == shifts.max() ?? 0, "\(axis)")
      try #require(axis.sourcePhases == Set(taps.map(\.sourcePhase)).sorted(), "\(axis)")
      func source(_ position: Int, _ phase: Int) -> Int { position * axis.sourceStride + phase }
      let isInside = taps.allSatisfy { tap in
        (0..<axis.count).allSatisfy { (0..<axis.sourceCount).contains(source($0 + tap.shift, tap.sourcePhase)) }
      }
      try #require(axis.isInside == isInside, "\(axis)")
      for phase in axis.sourcePhases {
        for start in [axis.leastShift, -1, 0, axis.count / 2, axis.count + 3] {
          for count in [0, 1, axis.count + axis.span] {
            let valid = axis.validSources(from: start, count: count, phase: phase)
            let expected = (0..<count).filter { (0..<axis.sourceCount).contains(source(start + $0, phase)) }
            try #require(Array(valid) == expected, "\(axis), \(count) from \(start)")
            try #require(valid.lowerBound >= 0 && valid.upperBound <= count, "\(axis), \(count) from \(start)")
          }
        }
      }
    }
  }

  /// The axes of both directions.
  private func axes(_ setting: Setting) -> [ShiftedAxis] {
    let (axis, padding, count) = (setting.axis, setting.padding, setting.outputCount)
    return [
      .forward(axis, padding: padding, outputCount: count), .inputGradient(axis, padding: padding, outputCount: count),
    ]
  }
}
