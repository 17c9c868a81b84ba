/// A parameter with its place in a model, such as `layers.0.conv1.weight`.
public struct NamedParameter {
  /// The names of the properties on the way from the model, joined by dots.
  public let name: String
  /// The parameter.
  public let parameter: Parameter

  /// Names a parameter.
  public init(name: String, parameter: Parameter) {
    self.name = name
    self.parameter = parameter
  }
}

/// A buffer with its place in a model, such as `bn1.running_mean`.
public struct NamedBuffer {
  /// The names of the properties on the way from the model, joined by dots.
  public let name: String
  /// The buffer.
  public let buffer: Buffer
}

extension Module {
  /// The parameters of this module and of all in it, in the order of declaration. One that is found twice is listed once, under
  /// its first name.
  ///
  /// - Complexity: reflection over the whole model; ask once and keep the answer.
  public var parameters: [NamedParameter] {
    var known = Set<ObjectIdentifier>()
    var found: [NamedParameter] = []
    visit("") { name, part in
      guard case .parameter(let parameter) = part, known.insert(ObjectIdentifier(parameter)).inserted else { return }
      found.append(NamedParameter(name: name, parameter: parameter))
    }
    return found
  }

  /// The buffers of this module and of all in it, as ``parameters``.
  public var buffers: [NamedBuffer] {
    var known = Set<ObjectIdentifier>()
    var found: [NamedBuffer] = []
    visit("") { name, part in
      guard case .buffer(let buffer) = part, known.insert(ObjectIdentifier(buffer)).inserted else { return }
      found.append(NamedBuffer(name: name, buffer: buffer))
    }
    return found
  }

  /// The modules in this one, at every depth, with their names, each before those that it owns.
  public var modules: [(name: String, module: any Module)] {
    var found: [(name: String, module: any Module)] = []
    visit("") { name, part in
      if case .module(let module) = part { found.append((name, module)) }
    }
    return found
  }

  /// The parameter of a name, or nil.
  public func parameter(named name: String) -> Parameter? {
    parameters.first { $0.name == name }?.parameter
  }

  /// The name of the parameter at a key path, such as `\.conv1.weight`; nil if reflection does not find it.
  public func name(of path: KeyPath<Self, Parameter>) -> String? {
    let wanted = self[keyPath: path]
    return parameters.first { $0.parameter === wanted }?.name
  }

  /// Puts every module into training: BatchNorm normalises by the batch's statistics, Dropout drops.
  public func train() { setMode(isTraining: true) }

  /// Puts every module into evaluation: BatchNorm normalises by its running statistics, Dropout does nothing.
  public func eval() { setMode(isTraining: false) }

  private func setMode(isTraining: Bool) {
    (self as? any ModeDependent)?.isTraining = isTraining
    for (_, module) in modules { (module as? any ModeDependent)?.isTraining = isTraining }
  }

  private func visit(_ prefix: String, _ body: (String, ModulePart) -> Void) {
    for (name, part) in parts {
      body(prefix + name, part)
      if case .module(let module) = part { module.visit(prefix + name + ".", body) }
    }
  }
}
