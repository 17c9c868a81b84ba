import TensorCore

// The notation of oneDNN's benchdnn, so that its problem lists can be pasted:
// https://github.com/uxlfoundation/oneDNN/blob/main/tests/benchdnn/doc/driver_conv.md
extension ConvProblem {
  /// Reads one problem in benchdnn's notation, such as `mb1ic64ih56oc64oh56kh3ph1n"res2"`.
  ///
  /// Fields are a name and a number, in any order; `_` separates where one likes; the problem's name, if any, is last,
  /// in quotes or without spaces. `g` groups, `mb` batch, `ic`/`oc`
  /// channels, `ih`/`iw` image, `oh`/`ow` output, `kh`/`kw` kernel, `sh`/`sw` stride, `dh`/`dw` dilation minus one,
  /// `ph`/`pw` padding at the start, `n` the name. What is absent follows benchdnn's rules:
  /// - `g` is 1, `mb` is 2, strides are 1, dilations are dense (0);
  /// - a missing `w` field copies the `h` field; a problem without any `h` field is one row high;
  /// - without `oh` the padding (0 if absent) is the same at both ends and gives the output;
  /// - with `oh` but no `ph`, the padding that the output needs is split, the odd element at the end;
  /// - with `oh` and `ph`, the rest of the padding is at the end.
  ///
  /// A depth field is accepted if it says that there is no depth (`id1`, `kd1`, ...).
  ///
  /// - Throws: ``ConvProblemError`` naming the field and what was expected.
  public init(benchdnn line: String) throws(ConvProblemError) {
    var fields = try BenchdnnFields(line)
    try fields.checkFlatDepth()

    let hasRows = ["ih", "oh", "kh", "sh", "dh", "ph"].contains { fields[$0] != nil }
    if hasRows {
      for field in ["i", "o", "k", "s", "d", "p"] where fields[field + "w"] == nil {
        fields[field + "w"] = fields[field + "h"]
      }
    } else if fields["iw"] != nil {
      fields["ih"] = 1
      fields["kh"] = 1
    }

    let rows = try fields.axis("h")
    let columns = try fields.axis("w")
    let (top, height) = try fields.paddingAndOutput("h", rows)
    let (left, width) = try fields.paddingAndOutput("w", columns)
    try self.init(
      batch: fields["mb"] ?? 2, groups: fields["g"] ?? 1, inputChannels: fields.required("ic"),
      outputChannels: fields.required("oc"), rows: rows, columns: columns, paddingTop: top, paddingLeft: left,
      outputHeight: height, outputWidth: width, name: fields.name)
  }

  /// The problem in benchdnn's notation with every field but the group count of an ungrouped one; one line, from which
  /// ``init(benchdnn:)`` makes an equal problem.
  public var benchdnn: String {
    let group = groups == 1 ? "" : "g\(groups)"
    let image = "ih\(inputSize.height)iw\(inputSize.width)"
    let output = "oh\(outputSize.height)ow\(outputSize.width)"
    let kernel = "kh\(kernelSize.height)kw\(kernelSize.width)sh\(stride.height)sw\(stride.width)"
    let holes = "dh\(dilation.height - 1)dw\(dilation.width - 1)ph\(padding.top)pw\(padding.left)"
    let quotedName = name.isEmpty ? "" : "n\"\(name)\""
    return "\(group)mb\(batch)ic\(inputChannels)\(image)oc\(outputChannels)\(output)\(kernel)\(holes)\(quotedName)"
  }

  /// Reads a list of problems: one a line; empty lines and lines that start with `#` are skipped, and so is what
  /// follows a `#` outside the quoted name.
  ///
  /// - Throws: ``ConvProblemListError`` naming the line.
  public static func list(benchdnn text: String) throws(ConvProblemListError) -> [ConvProblem] {
    try lines(benchdnn: text).map(\.problem)
  }

  /// Reads a list of problems as ``list(benchdnn:)`` does, each with the number of its line, from 1.
  ///
  /// - Throws: ``ConvProblemListError`` naming the line.
  public static func lines(
    benchdnn text: String
  ) throws(ConvProblemListError) -> [(line: Int, problem: ConvProblem)] {
    var problems: [(line: Int, problem: ConvProblem)] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = line.unicodeScalars.drop(while: \.properties.isWhitespace)
      if content.isEmpty || content.first == "#" { continue }
      do throws(ConvProblemError) {
        problems.append((index + 1, try ConvProblem(benchdnn: String(content))))
      } catch {
        throw ConvProblemListError(line: index + 1, error: error)
      }
    }
    return problems
  }
}

extension ConvProblem: CustomStringConvertible {
  /// The problem in benchdnn's notation.
  public var description: String { benchdnn }
}

/// Which line of a problem list is wrong, and how.
public struct ConvProblemListError: Error, Equatable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// What is wrong with it.
  public let error: ConvProblemError

  /// One sentence.
  public var description: String { "line \(line): \(error)" }
}

/// The fields of one line, as written.
///
/// Reads Unicode scalars, not characters: a quote and an accent after it are one character, which would hide the quote.
private struct BenchdnnFields {
  private(set) var name = ""
  private var values: [String: Int] = [:]

  private static let known: Set<String> = [
    "g", "mb", "ic", "id", "ih", "iw", "oc", "od", "oh", "ow", "kd", "kh", "kw", "sd", "sh", "sw", "pd", "ph", "pw",
    "dd", "dh", "dw",
  ]

  subscript(field: String) -> Int? {
    get { values[field] }
    set { values[field] = newValue }
  }

  init(_ line: String) throws(ConvProblemError) {
    var rest = Substring(line).unicodeScalars
    while let first = rest.first {
      if first == "_" {
        rest.removeFirst()
      } else if first == "n" {
        name = try Self.readName(rest.dropFirst())
        return
      } else if first.properties.isWhitespace || first == "#" {
        try Self.expectComment(rest)
        return
      } else {
        try readField(&rest)
      }
    }
  }

  func required(_ field: String) throws(ConvProblemError) -> Int {
    guard let value = values[field] else { throw ConvProblemError(field: field, reason: "is missing") }
    return value
  }

  func axis(_ axis: String) throws(ConvProblemError) -> ConvAxis {
    ConvAxis(
      input: try required("i\(axis)"), kernel: try required("k\(axis)"), stride: values["s\(axis)"] ?? 1,
      dilation: (values["d\(axis)"] ?? 0) + 1)
  }

  func paddingAndOutput(_ axis: String, _ geometry: ConvAxis) throws(ConvProblemError) -> (Int, Int) {
    guard let output = values["o\(axis)"] else {
      let padding = values["p\(axis)"] ?? 0
      return (padding, try geometry.outputCount(axis: axis, start: padding, end: padding))
    }
    if let padding = values["p\(axis)"] { return (padding, output) }
    try ConvAxis.checkRange("o\(axis)", output, from: 1)
    try geometry.checkRanges(axis: axis)
    let needed = (output - 1) * geometry.stride + geometry.extent - geometry.input
    return (max(0, needed) / 2, output)
  }

  func checkFlatDepth() throws(ConvProblemError) {
    for (field, flat) in [("id", 1), ("od", 1), ("kd", 1), ("sd", 1), ("pd", 0), ("dd", 0)] {
      if let value = values[field], value != flat {
        throw ConvProblemError(field: field, reason: "is \(value), but only two-dimensional images are supported")
      }
    }
  }

  private mutating func readField(_ rest: inout Substring.UnicodeScalarView) throws(ConvProblemError) {
    let letters = rest.prefix { ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
    let digits = rest[letters.endIndex...].prefix { ("0"..."9").contains($0) }
    let key = String(letters)
    guard Self.known.contains(key) else {
      throw ConvProblemError(
        field: String(rest.prefix(12)), reason: "is no field of a problem, expected one such as mb1 or ic64")
    }
    guard !digits.isEmpty else { throw ConvProblemError(field: key, reason: "has no number after it") }
    guard let value = Int(Substring(digits)), value <= Int(Int32.max) else {
      throw ConvProblemError(field: key, reason: "is \(Substring(digits.prefix(32))), expected at most \(Int32.max)")
    }
    guard values[key] == nil else { throw ConvProblemError(field: key, reason: "is given twice") }
    values[key] = value
    rest = rest[digits.endIndex...]
  }

  private static func readName(_ text: Substring.UnicodeScalarView) throws(ConvProblemError) -> String {
    guard text.first == "\"" else {
      let name = text.prefix { !$0.properties.isWhitespace && $0 != "#" }
      try expectComment(text[name.endIndex...])
      return String(name)
    }
    let body = text.dropFirst()
    guard let end = body.firstIndex(of: "\"") else {
      throw ConvProblemError(field: "n", reason: "the name has no closing quote")
    }
    try expectComment(body[body.index(after: end)...])
    return String(body[..<end])
  }

  private static func expectComment(_ text: Substring.UnicodeScalarView) throws(ConvProblemError) {
    let rest = text.drop(while: \.properties.isWhitespace)
    if rest.isEmpty || rest.first == "#" { return }
    throw ConvProblemError(
      field: String(rest.prefix(12)), reason: "follows the problem, expected the end of the line or a # comment")
  }
}
