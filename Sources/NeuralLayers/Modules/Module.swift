/// A part of a model: something that owns parameters, buffers or other modules.
///
/// Conform a plain Swift type, class or struct, and store its parts in properties:
///
///     struct Block: Layer {
///       let conv1: SparseConv2d
///       let bn1: BatchNorm2d
///       let shortcut: Sequential
///
///       func callAsFunction(_ x: Variable) throws -> Variable {
///         try bn1(conv1(x), adding: shortcut(x), activation: .relu)
///       }
///     }
///
/// Parts are found by reflection, in the order in which they are declared, and named by property: `conv1.weight`,
/// `shortcut.0.weight`; elements of an array by their position. Parts that are computed are not found, nor those in a
/// dictionary or a closure; `parts` may be written by hand instead.
public protocol Module {
  /// What this module directly owns, with names.
  var parts: [(name: String, part: ModulePart)] { get }
}

/// Something that a ``Module`` owns.
public enum ModulePart {
  /// Numbers that training changes.
  case parameter(Parameter)
  /// Numbers that are saved but not trained.
  case buffer(Buffer)
  /// Another module.
  case module(any Module)
}

/// A module from one variable to another, as in a ``Sequential``.
public protocol Layer: Module {
  /// Computes the output, and records how its gradient flows back if the input's tape records.
  func callAsFunction(_ input: Variable) throws -> Variable
}

/// A module that behaves otherwise while training; see ``Module/train()``.
public protocol ModeDependent: AnyObject {
  /// Whether the module is in training, true at first.
  var isTraining: Bool { get set }
}

extension Module {
  /// The parts among the stored properties.
  public var parts: [(name: String, part: ModulePart)] { Self.reflectedParts(of: Mirror(reflecting: self)) }

  private static func reflectedParts(of mirror: Mirror) -> [(name: String, part: ModulePart)] {
    let inherited = mirror.superclassMirror.map(reflectedParts) ?? []
    return inherited + mirror.children.flatMap { parts(in: $0.value, name: $0.label ?? "") }
  }

  private static func parts(in value: Any, name: String) -> [(name: String, part: ModulePart)] {
    switch value {
    case let parameter as Parameter: return [(name, .parameter(parameter))]
    case let buffer as Buffer: return [(name, .buffer(buffer))]
    case let module as any Module: return [(name, .module(module))]
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.flatMap { parts(in: $0.value, name: name) }
    case .collection:
      return mirror.children.enumerated().flatMap { parts(in: $0.element.value, name: "\(name).\($0.offset)") }
    default: return []
    }
  }
}
