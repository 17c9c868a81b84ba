/// What an optimizer remembers: the step, and for each parameter some arrays as long as the parameter.
public struct OptimizerState: Sendable, Equatable {
  /// The number of steps that were begun.
  public internal(set) var step = 0

  // Of each parameter the arrays of all slots, one after the other.
  private var arrays: [String: [Float]] = [:]

  /// The state before the first step.
  public init() {}

  /// The parameters that have state, sorted.
  public var parameterNames: [String] { arrays.keys.sorted() }

  /// The bytes that the arrays hold.
  public var byteCount: Int { arrays.values.reduce(0) { $0 + $1.count } * MemoryLayout<Float>.stride }

  /// Gives `body` the arrays of a parameter, zeros if it has none yet.
  mutating func withArrays<Result, Failure: Error>(
    of name: String, count: Int, slots: Int, _ body: (UnsafeMutablePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if slots == 0 || count == 0 {
      // Nothing is remembered: the pointer only has to be one.
      var nothing: Float = 0
      return try withUnsafeMutablePointer(to: &nothing, body)
    }
    if arrays[name] == nil { arrays[name] = [Float](repeating: 0, count: count * slots) }
    guard let index = arrays.index(forKey: name) else { preconditionFailure("OptimizerState: \(name) has no arrays") }
    let length = arrays.values[index].count
    precondition(
      length == count * slots,
      "OptimizerState: \(name) has \(count) values, expected \(length / slots); a new pattern needs patternChanged")
    return try arrays.values[index].withUnsafeMutableBufferPointer { (elements) throws(Failure) in
      guard let first = elements.baseAddress else { preconditionFailure("OptimizerState: \(name) is empty") }
      return try body(first)
    }
  }

  mutating func move(_ name: String, sources: [Int32], slots: Int) {
    guard let old = arrays[name] else { return }
    let count = old.count / slots
    var moved = [Float](repeating: 0, count: sources.count * slots)
    for (position, source) in sources.enumerated() where source != -1 {
      precondition(
        source >= 0 && source < count, "OptimizerState: \(name) has source \(source), expected -1 or 0..<\(count)")
      for slot in 0..<slots { moved[slot * sources.count + position] = old[slot * count + Int(source)] }
    }
    // A parameter without positions is like one that was never updated.
    arrays[name] = moved.isEmpty ? nil : moved
  }

  mutating func remove(_ name: String) {
    arrays[name] = nil
  }

  func array(of name: String, slot: Int, slots: Int) -> [Float]? {
    guard let all = arrays[name] else { return nil }
    let count = all.count / slots
    return Array(all[slot * count..<(slot + 1) * count])
  }

  mutating func set(_ name: String, slots: [[Float]]) {
    arrays[name] = slots.allSatisfy(\.isEmpty) ? nil : Array(slots.joined())
  }
}
