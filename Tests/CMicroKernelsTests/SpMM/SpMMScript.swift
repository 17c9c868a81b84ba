import CMicroKernels
import TensorCore

/// The records of a test's output channels.
struct SpMMScript {
  /// A record: how many entries it has, and what it does to the sum.
  struct Step {
    let count: Int
    var isStart = false
    var isFinish = false
  }

  /// Each channel's records, in order.
  let channels: [[Step]]

  /// One record of each kind and count, and channels of several records, some of them empty.
  static let everyKind: SpMMScript = {
    let single = [0, 1, 2, 3, 7, 8, 9, 17].flatMap { count in
      [(true, true), (true, false), (false, true), (false, false)].map { isStart, isFinish in
        [Step(count: count, isStart: isStart, isFinish: isFinish)]
      }
    }
    let chains = [[3, 0, 9], [17, 8, 1], [0, 2, 0], [0, 0], [1, 7]].map { counts in
      counts.indices.map { Step(count: counts[$0], isStart: $0 == 0, isFinish: $0 == counts.count - 1) }
    }
    return SpMMScript(channels: single + chains)
  }()

  /// Successive numbers of output channels that `records` uses or leaves out.
  var channelRange: Int { channels.count + 3 }

  /// The records, of channels numbered at random from `first` on with gaps, and mixed at random.
  func records(first: Int, using generator: inout SeededGenerator) -> [snn_spmm_record] {
    let rows = (first..<first + channelRange).shuffled(using: &generator)
    var waiting = Array(zip(rows, channels.map { ArraySlice($0) }))
    var records: [snn_spmm_record] = []
    while !waiting.isEmpty {
      let index = generator.nextIndex(below: waiting.count)
      let (row, steps) = waiting[index]
      if let step = steps.first {
        let flags = (step.isStart ? SNN_SPMM_STARTS : 0) | (step.isFinish ? SNN_SPMM_FINISHES : 0)
        records.append(snn_spmm_record(row: UInt32(row), count: UInt32(step.count) | flags))
      }
      waiting[index].1 = steps.dropFirst()
      if waiting[index].1.isEmpty { waiting.remove(at: index) }
    }
    return records
  }
}

extension snn_spmm_record {
  /// The number of entries.
  var entryCount: Int { Int(count & SNN_SPMM_COUNT) }

  /// Whether it starts its channel's sum.
  var isStart: Bool { count & SNN_SPMM_STARTS != 0 }

  /// Whether it finishes its channel's sum.
  var isFinish: Bool { count & SNN_SPMM_FINISHES != 0 }
}
