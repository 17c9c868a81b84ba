import CMicroKernels

extension SpMMCase {
  /// What y should hold, by the formula of f32_spmm.h in `Double`, and how many terms each element's sum has; no term where
  /// nothing is named.
  private var specification: (expected: [Double], terms: [Int]) {
    var expected = y.values.map(Double.init)
    var terms = Array(repeating: 0, count: expected.count)
    let activations = x.values.map(Double.init)
    var remaining = ArraySlice(entries)
    for record in records {
      let channel = Int(record.row) * layout.yChannelStride
      let ofRecord = remaining.prefix(record.entryCount)
      remaining = remaining.dropFirst(record.entryCount)
      for r in 0..<size.rows {
        for v in 0..<size.width {
          let place = channel + r * layout.yRowStride + v
          var sum = record.isStart ? 0 : expected[place - y.lower]
          for entry in ofRecord {
            sum += Double(entry.value) * activations[Int(entry.offset) + r * layout.xRowStride + v - x.lower]
          }
          if let epilogue, record.isFinish {
            sum = epilogue.finished(
              sum, bias: epilogue.hasBias ? bias[Int(record.row)] : nil,
              residual: epilogue.hasResidual ? residual[place] : nil)
          }
          expected[place - y.lower] = sum
          // What y held, the bias and the residual are terms too.
          terms[place - y.lower] += ofRecord.count + 3
        }
      }
    }
    return (expected, terms)
  }

  /// What is wrong with what is in y after a call, or nil.
  ///
  /// A sum of `k` products of numbers up to 1 may be off by `2 * eps * (k + 1)`, the rounding of as many products and sums
  /// in `Float`; integers must be exact, and so must elements that are not named.
  func faults(_ results: [[Float]], _ numbers: Numbers) -> String? {
    let (expected, terms) = specification
    for got in results {
      for index in expected.indices {
        let isExact = numbers != .floats || terms[index] == 0
        let bound = isExact ? 0 : 2 * Double(Float.ulpOfOne) * Double(terms[index] + 1)
        let isRight =
          expected[index].isNaN ? got[index].isNaN : abs(Double(got[index]) - expected[index]) <= bound
        if !isRight {
          return "\(self): y[\(index + y.lower)] is \(got[index]), expected \(expected[index]) within \(bound)"
        }
      }
    }
    return nil
  }
}
