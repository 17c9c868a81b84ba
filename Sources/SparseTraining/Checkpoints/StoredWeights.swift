import ModelFormats
import NeuralLayers
import TensorCore

/// The parameters and buffers of a model as a file has them: all read and checked before any is loaded.
struct StoredWeights {
  private var tensors: [(Parameter, [Float])] = []
  private var matrices: [(Parameter, CSRMatrix)] = []
  private var buffers: [(Buffer, [Float])] = []

  /// How many numbers each parameter will have.
  private(set) var counts: [String: Int] = [:]

  /// Reads what a model needs; other arrays in the file do not matter.
  ///
  /// - Throws: ``FormatError``, or ``TrainingError/checkpoint(file:_:)`` where a parameter is missing, dense instead of sparse, or of
  ///   another shape.
  init(of model: any Module, in file: SafetensorsFile) throws {
    func refuse(_ name: String, _ problem: String) -> TrainingError {
      .checkpoint(file: file.name, "is of another network: \(name) \(problem)")
    }
    func tensor(_ name: String, _ shape: Shape) throws -> [Float] {
      guard let info = file.info(name) else { throw refuse(name, "is missing, expected shape \(shape)") }
      guard info.shape == shape else { throw refuse(name, "has shape \(info.shape), expected \(shape)") }
      return try file.tensor(named: name).values
    }
    let matrixNames = Set(file.matrixNames)
    for (name, parameter) in model.parameters.map({ ($0.name, $0.parameter) }) {
      if parameter.pattern == nil {
        tensors.append((parameter, try tensor(name, parameter.shape)))
        counts[name] = parameter.count
        continue
      }
      guard matrixNames.contains(name) else {
        throw refuse(name, "is no sparse matrix, expected one of shape \(parameter.shape)")
      }
      let shape = try file.matrixShape(named: name)
      guard shape == parameter.shape else { throw refuse(name, "has shape \(shape), expected \(parameter.shape)") }
      let matrix = try file.matrix(named: name)
      matrices.append((parameter, matrix))
      counts[name] = matrix.nnz
    }
    for (name, buffer) in model.buffers.map({ ($0.name, $0.buffer) }) {
      buffers.append((buffer, try tensor(name, buffer.shape)))
    }
  }

  /// Sets the model's numbers.
  func load() {
    for (parameter, values) in tensors { parameter.values = values }
    for (parameter, matrix) in matrices { parameter.setPattern(matrix.pattern, values: matrix.values) }
    for (buffer, values) in buffers { buffer.values = values }
  }
}

extension SafetensorsWriter {
  /// Adds the parameters and buffers of a model under their names, sparse ones as sparse matrices.
  ///
  /// - Throws: ``FormatError`` of kind ``FormatError/Kind/badData`` if a name is taken.
  public mutating func add(_ model: any Module) throws(FormatError) {
    for (name, parameter) in model.parameters.map({ ($0.name, $0.parameter) }) {
      if let pattern = parameter.pattern {
        let matrix = CSRMatrix(uncheckedPattern: pattern, values: parameter.values)
        try add(matrix, named: name, shape: parameter.shape)
      } else {
        try add(Tensor(parameter.values, shape: parameter.shape), named: name)
      }
    }
    for (name, buffer) in model.buffers.map({ ($0.name, $0.buffer) }) {
      try add(Tensor(buffer.values, shape: buffer.shape), named: name)
    }
  }
}
