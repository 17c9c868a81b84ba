import SparseKernels
import TensorCore

/// Records what layers compute, and computes gradients by going back through the record.
///
///     let tape = Tape(context: ComputeContext(threadCount: 2))
///     let loss = try CrossEntropyLoss()(model(tape.input(images)), labels: labels)
///     try tape.backward(from: loss)      // fills the gradient of every parameter
///
/// A layer that is called on a ``Variable`` computes its output at once, and leaves a step on the tape if a gradient can be wanted
/// of it. ``backward(from:)`` runs the steps in reverse and forgets them, so that a tape serves step after step.
///
/// The gradients of a value that is used twice are added in the reverse order of its uses: results do not depend on the
/// number of threads. Activations are kept once, by the steps that need them, and their memory comes from a ``TensorPool``: a
/// warm step allocates nothing big.
///
/// Keep one tape for a stream of work; like its context it serves one thread.
public final class Tape {
  /// The threads that layers compute on.
  public let context: ComputeContext

  /// Where the memory of values and gradients comes from.
  public let pool: TensorPool

  /// Whether steps are recorded: true, except in ``withoutRecording(_:)`` and on a tape for inference.
  public private(set) var isRecording: Bool

  /// What is told how long each operation takes, or nil.
  public var profiler: (any TapeProfiler)?

  /// What is shown each recorded operation as soon as it is computed, or nil.
  public var inspector: ((TapeOperation) -> Void)?

  /// What the backward pass shows the gradients of pruned weights to, or nil.
  public weak var denseGradientVisitor: (any DenseGradientVisitor)?

  /// A step back: given the gradient of its output, it hands the gradients of its inputs to the tape.
  typealias Step = (_ outputGradient: inout Tensor) throws -> Void

  private struct Record {
    var operation: String
    var output: Int
    var weight: Parameter?
    var step: Step
  }

  private var records: [Record] = []
  private var gradients: [Tensor?] = []
  private var denseGradients = DenseGradientSums()
  private var watchedNodes: Set<Int> = []
  private var watchedGradients: [Int: Tensor] = [:]
  private(set) var pass = 0

  /// Unique among all tapes, so that a parameter knows whether its gradient is of this pass.
  private static let passes = PassCounter()

  /// Creates a tape.
  ///
  /// - Parameters:
  ///   - context: the threads that layers compute on.
  ///   - pool: where memory comes from.
  ///   - isRecording: false for inference, where nothing is recorded and values live as long as somebody has them.
  public init(context: ComputeContext, pool: TensorPool = TensorPool(), isRecording: Bool = true) {
    self.context = context
    self.pool = pool
    self.isRecording = isRecording
  }

  /// A variable of which no gradient is wanted: images, for example.
  public func input(_ value: Tensor) -> Variable {
    Variable(value: value, tape: self, node: nil)
  }

  /// A variable of which ``gradient(of:)`` is wanted after the backward pass.
  public func watchedInput(_ value: Tensor) -> Variable {
    guard isRecording else { return input(value) }
    let node = addNode()
    watchedNodes.insert(node)
    return Variable(value: value, tape: self, node: node)
  }

  /// Calls `body` while nothing is recorded.
  public func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = isRecording
    isRecording = false
    defer { isRecording = before }
    return try body()
  }

  /// Computes the gradient of a scalar with respect to every parameter and watched input that it depends on, and forgets the
  /// record.
  ///
  /// Gradients of parameters are written, not added to what they were. A parameter that took no part keeps what it had.
  ///
  /// - Precondition: `loss` is of this tape, depends on a parameter or a watched input, and has one element.
  /// - Throws: ``KernelError`` if a library fails; gradients are then undefined, and the record is gone.
  public func backward(from loss: Variable) throws {
    precondition(loss.tape === self, "backward: the loss is on another tape")
    precondition(loss.value.count == 1, "backward: the loss has shape \(loss.shape), expected one element")
    guard let node = loss.node else { preconditionFailure("backward: the loss depends on nothing that was recorded") }
    pass = Self.passes.next()
    gradients[node] = tensor([]) { $0[0] = 1 }
    defer { reset() }
    while let record = records.popLast() {
      if var gradient = gradients[record.output].take() {
        try measured(record.operation, .backward) { try record.step(&gradient) }
      }
      guard let weight = record.weight else { continue }
      denseGradients.finishUse(of: weight)?.withUnsafeBufferPointer { denseGradientVisitor?.visit($0, of: weight) }
    }
    for node in watchedNodes { watchedGradients[node] = gradients[node] }
  }

  /// The gradient of the last pass with respect to a watched input, or nil if the loss did not depend on it. Good until the
  /// next step is recorded.
  public func gradient(of variable: Variable) -> Tensor? {
    variable.node.flatMap { watchedGradients[$0] }
  }

  /// Forgets the record without a backward pass, as before a step that follows an abandoned one.
  public func reset() {
    records.removeAll(keepingCapacity: true)
    gradients.removeAll(keepingCapacity: true)
    denseGradients.removeAll()
  }
}

extension Tape {
  /// A tensor in the pool's memory.
  func tensor(_ shape: Shape, _ initialize: (UnsafeMutablePointer<Float>) throws -> Void) rethrows -> Tensor {
    try Tensor(uninitialized: shape, pool: pool) { elements in
      guard let start = elements.baseAddress else { return }
      try initialize(start)
    }
  }

  /// A tensor that an operation computes from another one, element by element or not.
  ///
  /// - Parameter compute: is told where the source's elements are, and where to write.
  func output(
    _ operation: String, _ shape: Shape, of source: Tensor,
    _ compute: (_ source: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    measured(operation, .forward) { tensor(shape) { output in source.withStart { compute($0, output) } } }
  }

  /// The variable of a computed value.
  ///
  /// - Parameters:
  ///   - operation: what computed it, for the profile.
  ///   - weight: the parameter of the layer, and the convolution, for whoever inspects the tape.
  ///   - needsGradient: whether any input or parameter of it does.
  ///   - step: hands the gradients of the inputs to the tape. It keeps what it captures until it has run.
  func variable(
    _ value: Tensor, _ operation: String, of weight: Parameter? = nil, problem: ConvProblem? = nil,
    needsGradient: Bool, step: @escaping Step
  ) -> Variable {
    guard isRecording, needsGradient else { return Variable(value: value, tape: self, node: nil) }
    inspector?(TapeOperation(name: operation, output: value, weight: weight, problem: problem))
    let node = addNode()
    records.append(Record(operation: operation, output: node, weight: weight, step: step))
    if let weight { denseGradients.addUse(of: weight) }
    return Variable(value: value, tape: self, node: node)
  }

  /// Adds to the gradient of a node what `write` writes; the first gradient is not added to anything.
  func addGradient(to node: Int, shape: Shape, write: (UnsafeMutablePointer<Float>) throws -> Void) rethrows {
    addGradient(try tensor(shape, write), to: node)
  }

  /// Adds a gradient to that of a node, taking it over if it is the first.
  func addGradient(_ gradient: consuming Tensor, to node: Int) {
    guard let sum = gradients[node].take() else {
      gradients[node] = gradient
      return
    }
    gradients[node] = Elementwise.sum(sum, gradient, tape: self)
  }

  /// Writes the gradient of a parameter, or adds to it where this pass has written it before: a layer that is used twice.
  func addGradient(
    to parameter: Parameter, write: (UnsafeMutablePointer<Float>) throws -> Void
  ) rethrows {
    let isFirst = parameter.gradientPass != pass
    parameter.gradientPass = pass
    try parameter.withUnsafeMutableGradient { gradient in
      guard let start = gradient.baseAddress, !gradient.isEmpty else { return }
      if isFirst { return try write(start) }
      let more = try tensor([gradient.count], write)
      more.withUnsafeBufferPointer { more in
        for index in gradient.indices { gradient[index] += more[index] }
      }
    }
  }

  /// Whether somebody wants the gradient of a layer's weights at all positions.
  func wantsDenseGradient(of weight: Parameter) -> Bool {
    denseGradientVisitor?.wantsDenseGradient(of: weight) ?? false
  }

  /// Adds such a gradient, of one use of the layer, to that of its other uses.
  func addDenseGradient(_ gradient: Tensor, of weight: Parameter) {
    denseGradients.add(gradient, of: weight) { Elementwise.sum($0, $1, tape: self) }
  }

  /// Calls `body`, and tells the profiler how long it took.
  func measured<Result>(
    _ operation: @autoclosure () -> String, _ phase: TapePhase, _ body: () throws -> Result
  ) rethrows -> Result {
    guard let profiler else { return try body() }
    let clock = ContinuousClock()
    let start = clock.now
    let result = try body()
    let (seconds, attoseconds) = (clock.now - start).components
    profiler.record(operation: operation(), phase: phase, seconds: Double(seconds) + Double(attoseconds) * 1e-18)
    return result
  }

  private func addNode() -> Int {
    if gradients.isEmpty {
      watchedNodes.removeAll()
      watchedGradients.removeAll()
    }
    gradients.append(nil)
    return gradients.count - 1
  }
}
