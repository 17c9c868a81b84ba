import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct SafetensorsWriterTests {
  @Test func theBytesAreThese() throws {
    var writer = SafetensorsWriter(metadata: ["b": "\u{1}\"", "a": "\\\u{E9}"])
    try writer.add(Tensor([1, -2], shape: [1, 2]), named: "w\n")
    try writer.add(Tensor([0.5], shape: []), named: "s")
    let header =
      #"{"__metadata__":{"a":"\\é","b":"\u0001\""},"w\u000a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
      + #""s":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}"#
    let padded = header + String(repeating: " ", count: -header.utf8.count & 7)
    #expect(header.utf8.count % 8 != 0, "this test is to see padding")
    #expect(
      try writer.data(name: "f") == safetensorsBytes(header: padded, data: littleEndianBytes([1, -2, 0.5] as [Float])))
  }

  @Test func anEmptyWriterWritesAnEmptyFile() throws {
    #expect(try SafetensorsWriter().data(name: "f") == safetensorsBytes(header: "{}      "))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var generator = SeededGenerator(seed: 11)
    let folder = try TemporaryFolder()
    // Names with everything that JSON escapes or UTF-8 encodes; shapes without elements, and one of several pieces.
    let names = [
      "conv1.weight", "", "a/b c", "\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}", "\u{E9}\u{20AC}\u{1F600}", "big",
    ]
    let shapes: [Shape] = [[3, 2, 3, 3], [], [0], [4, 0, 2], [1, 1, 1, 1, 1], [3, 100_003]]
    let metadata = Dictionary(uniqueKeysWithValues: zip(names, names.reversed()))
    var writer = SafetensorsWriter(metadata: metadata)
    var tensors: [Tensor] = []
    for (name, shape) in zip(names, shapes) {
      let values = (0..<shape.elementCount).map { _ in generator.nextFloat(in: -1..<1) }
      tensors.append(Tensor(values, shape: shape))
      try writer.add(Tensor(values, shape: shape), named: name)
    }
    let path = folder.file("a.safetensors")
    try writer.write(to: path)
    #expect(try contents(of: path) == writer.data(name: "f"), "in memory and on disk alike")
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == metadata)
    #expect(Set(file.tensorNames) == Set(names))
    for (name, tensor) in zip(names, tensors) { #expect(try file.tensor(named: name) == tensor, "\(name)") }
    let bytes = try contents(of: path)
    let headerLength = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(headerLength % 8 == 0)
  }

  @Test func nonfiniteElementsKeepTheirBits() throws {
    let values = [Float.nan, .infinity, -.infinity, -0, Float(bitPattern: 0x7FC0_1234)]
    var writer = SafetensorsWriter()
    try writer.add(Tensor(values, shape: [5]), named: "a")
    let data = try writer.data(name: "f")
    let read = try SafetensorsFile(data: data, name: "f", allowingNonfinite: true).tensor(named: "a")
    #expect(read.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func namesThatTheFormatCannotHoldAreRefused() throws {
    var writer = SafetensorsWriter()
    let tensor = Tensor(zeros: [1])
    try writer.add(tensor, named: "a")
    #expect(
      throws: FormatError(
        .badData, file: "safetensors", place: "tensor '__metadata__'",
        "name is reserved for the file's free text, expected another")
    ) { try writer.add(tensor, named: "__metadata__") }
    #expect(
      throws: FormatError(
        .badData, file: "safetensors", place: "tensor 'a'", "name is repeated, expected each tensor once")
    ) { try writer.add(tensor, named: "a") }
    #expect(
      throws: FormatError(
        .badData, file: "safetensors", place: "tensor 'b'", "has 65 extents, expected at most 64")
    ) { try writer.add(Tensor(zeros: Shape([Int](repeating: 1, count: 65))), named: "b") }
    // What was refused is not in the file.
    #expect(try SafetensorsFile(data: writer.data(name: "f"), name: "f").tensorNames == ["a"])
  }

  @Test func aHeaderLargerThanTheFormatAllowsIsRefusedBeforeAnythingIsWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    let writer = SafetensorsWriter(metadata: [
      "text": String(decoding: [UInt8](repeating: 0x78, count: 100_000_000), as: UTF8.self)
    ])
    #expect(
      throws: FormatError(.badData, file: path, "header would take 100000032 bytes, expected at most 100000000")
    ) { try writer.write(to: path) }
    #expect(try folder.names.isEmpty)
  }

  @Test func anUnwritablePlaceIsReported() throws {
    let path = try TemporaryFolder().file("absent/a.safetensors")
    let error = #expect(throws: FormatError.self) { try SafetensorsWriter().write(to: path) }
    #expect(error?.kind == .cannotWrite)
  }
}
