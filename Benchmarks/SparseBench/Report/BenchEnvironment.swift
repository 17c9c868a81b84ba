import SparseKernels

/// The machine and the build with what this command adds: the pass. Reads as one object, in Swift and in the JSON.
@dynamicMemberLookup
package struct BenchEnvironment: Encodable, Sendable {
  private var run: RunEnvironment
  let pass: ConvPass

  package init(plan: BenchPlan) {
    run = RunEnvironment(threads: plan.threadCount, secondsPerCase: plan.secondsPerCase, seed: plan.seed)
    pass = plan.pass
  }

  package subscript<Value>(dynamicMember path: KeyPath<RunEnvironment, Value>) -> Value { run[keyPath: path] }

  package subscript<Value>(dynamicMember path: WritableKeyPath<RunEnvironment, Value>) -> Value {
    get { run[keyPath: path] }
    set { run[keyPath: path] = newValue }
  }

  private enum CodingKeys: CodingKey {
    case pass
  }

  package func encode(to encoder: any Encoder) throws {
    try run.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(pass, forKey: .pass)
  }
}
