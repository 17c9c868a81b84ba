import SparseKernels
import TensorCore

/// What all layers of weights share: convolutions prepared for the input shapes that come, kept in step with a parameter.
final class ConvEngine {
  let geometry: ConvGeometry
  let kernel: any ConvKernel

  private let weight: Parameter
  private let bias: Parameter?
  private let operation: String
  private var prepared: [Key: Prepared] = [:]
  private var patternVersion = 0

  private struct Key: Hashable {
    var batch: Int
    var size: Size2D
  }

  /// A prepared convolution, and the version of the values that it has.
  private final class Prepared {
    let label: String
    var conv: any PreparedConv
    var valueVersion: Int
    /// Whether a tape has asked for gradients, which are made then.
    var hasGradients = false

    init(label: String, conv: any PreparedConv, valueVersion: Int) {
      self.label = label
      self.conv = conv
      self.valueVersion = valueVersion
    }
  }

  /// - Parameter operation: what a profile calls the layer.
  init(_ operation: String, geometry: ConvGeometry, weight: Parameter, bias: Parameter?, kernel: any ConvKernel) {
    self.operation = operation
    self.geometry = geometry
    self.weight = weight
    self.bias = bias
    self.kernel = kernel
    patternVersion = weight.patternVersion
    precondition(
      bias.map { $0.count == geometry.outputChannels } ?? true,
      "\(operation): bias has \(bias?.count ?? 0) values, expected \(geometry.outputChannels)")
  }

  /// Computes the layer and records its gradients.
  ///
  /// - Parameter input: `[batch, inputChannels, height, width]`.
  /// - Throws: ``ConvProblemError`` if no window fits the image, ``KernelError`` if the kernel declines, or has no gradients
  ///   while the tape records.
  func apply(to input: Variable) throws -> Variable {
    let shape = input.shape
    precondition(
      shape.rank == 4 && shape[1] == geometry.inputChannels,
      "\(operation): input has shape \(shape), expected [batch, \(geometry.inputChannels), height, width]")
    let tape = input.tape
    let layer = try preparedConv(batch: shape[0], size: Size2D(height: shape[2], width: shape[3]))
    let conv = layer.conv
    let epilogue = ConvEpilogue(bias: bias?.values)
    let output = try tape.measured(layer.label, .forward) {
      try tape.tensor(conv.problem.outputShape) { output in
        try input.value.withStart {
          try conv.forward(input: $0, output: output, epilogue: epilogue, context: tape.context)
        }
      }
    }
    if !tape.isRecording { return tape.input(output) }
    guard let gradients = conv.gradients else {
      throw KernelError.unsupported(
        kernel: kernel.name, reason: "it computes no gradients, which a recording tape needs")
    }
    layer.hasGradients = true
    let (value, node, label, weight, bias) = (input.value, input.node, layer.label, weight, bias)
    return tape.variable(output, label, of: weight, problem: conv.problem, needsGradient: true) { gradient in
      try gradient.withStart { gradient in
        let context = tape.context
        if tape.wantsDenseGradient(of: weight) {
          try tape.measured(label, .weightGradient) {
            tape.addDenseGradient(
              try DenseGradient.compute(
                problem: gradients.problem, input: value, outputGradient: gradient, tape: tape),
              of: weight)
          }
        }
        if let bias {
          tape.addGradient(to: bias) { biasGradient in
            ChannelSumJob.run(gradient, problem: gradients.problem, into: biasGradient, context: context)
          }
        }
        try value.withStart { input in
          guard let node else {
            return try tape.measured(label, .weightGradient) {
              try tape.addGradient(to: weight) {
                try gradients.weightGradient(input: input, outputGradient: gradient, into: $0, context: context)
              }
            }
          }
          try tape.addGradients(
            to: node, shape: value.shape, and: weight, label: label, of: gradients, input: input,
            outputGradient: gradient)
        }
      }
    }
  }

  /// The bytes that prepared convolutions hold: what is packed, and the values from which it was.
  var packedByteCount: Int {
    prepared.values.reduce(0) { sum, layer in
      let gradients = layer.hasGradients ? layer.conv.gradients?.gradientWeightByteCount ?? 0 : 0
      return sum + layer.conv.weightByteCount + gradients + weight.count * MemoryLayout<Float>.stride
    }
  }

  /// The convolution for a shape, with the values that the parameter has now.
  private func preparedConv(batch: Int, size: Size2D) throws -> Prepared {
    if patternVersion != weight.patternVersion {
      prepared.removeAll()
      patternVersion = weight.patternVersion
    }
    let key = Key(batch: batch, size: size)
    if let known = prepared[key] {
      if known.valueVersion != weight.valueVersion {
        try weight.withUnsafeValues { try known.conv.replaceValues($0) }
        known.valueVersion = weight.valueVersion
      }
      return known
    }
    let problem = try geometry.problem(batch: batch, inputSize: size)
    let made = Prepared(
      label: "\(operation) \(problem)", conv: try kernel.prepare(problem, weights: ConvWeights(weight.matrix())),
      valueVersion: weight.valueVersion)
    prepared[key] = made
    return made
  }
}

extension Tape {
  /// Adds the gradients of a layer's input and of its weights.
  ///
  /// Both are computed at once, but for a profiler, which is told how long each takes; their bits are the same. Without any weights there
  /// is one only.
  ///
  /// - Parameters:
  ///   - node: the input's.
  ///   - shape: the input's.
  fileprivate func addGradients(
    to node: Int, shape: Shape, and weight: Parameter, label: String, of gradients: any ConvGradients,
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>
  ) throws {
    if profiler == nil, weight.count > 0 {
      return try addGradient(to: weight) { weightGradient in
        try addGradient(to: node, shape: shape) { inputGradient in
          try gradients.bothGradients(
            input: input, outputGradient: outputGradient, intoInput: inputGradient, weights: weightGradient,
            context: context)
        }
      }
    }
    try measured(label, .weightGradient) {
      try addGradient(to: weight) {
        try gradients.weightGradient(input: input, outputGradient: outputGradient, into: $0, context: context)
      }
    }
    try measured(label, .inputGradient) {
      try addGradient(to: node, shape: shape) {
        try gradients.inputGradient(outputGradient: outputGradient, into: $0, context: context)
      }
    }
  }
}

/// The gradient of a bias: the sum of the output gradient over images and pixels, by channel.
private struct ChannelSumJob: ParallelJob {
  let batch: Int
  let channels: Int
  let pixels: Int
  let gradient: UnsafePointer<Float>
  let sums: UnsafeMutablePointer<Float>

  static func run(
    _ gradient: UnsafePointer<Float>, problem: ConvProblem, into sums: UnsafeMutablePointer<Float>,
    context: ComputeContext
  ) {
    let job = ChannelSumJob(
      batch: problem.batch, channels: problem.outputChannels, pixels: problem.outputPixels, gradient: gradient,
      sums: sums)
    context.compute(job, partCount: problem.outputChannels)
  }

  func execute(index: Int, worker: Int) {
    var total = 0.0
    for image in 0..<batch {
      let plane = gradient + (image * channels + index) * pixels
      var lanes = Lanes.zero
      var pixel = 0
      while pixel + Lanes.count <= pixels {
        lanes += .load(plane + pixel)
        pixel += Lanes.count
      }
      total += lanes.total
      while pixel < pixels {
        total += Double(plane[pixel])
        pixel += 1
      }
    }
    sums[index] = Float(total)
  }
}
