import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  @Test func everythingInTheHeaderIsRead() throws {
    let file = try SafetensorsFile(data: sampleFile, name: "sample")
    #expect(file.name == "sample")
    #expect(file.tensorNames == ["first", "none", "second", "count"])
    #expect(file.metadata == ["licence": "a \"b\" \\ A\u{1F600}\n", "": ""])
    #expect(file.info("first") == SafetensorsEntry(dtype: .f32, shape: [2, 3], byteRange: 0..<24))
    #expect(file.info("none") == SafetensorsEntry(dtype: .bf16, shape: [3, 0], byteRange: 24..<24))
    #expect(file.info("second") == SafetensorsEntry(dtype: .f16, shape: [2], byteRange: 24..<28))
    #expect(file.info("count") == SafetensorsEntry(dtype: .i64, shape: [], byteRange: 28..<36))
    #expect(file.info("absent") == nil)
  }

  @Test(arguments: 0..<8) func tensorsAreReadWhereverTheyLie(shift: Int) throws {
    // Bytes before the file, as a slice has them, and spaces in the header move the elements to every alignment.
    let header = #"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"# + String(repeating: " ", count: shift)
    let bytes = safetensorsBytes(header: header, data: littleEndianBytes([1, -2, 3.5, .leastNonzeroMagnitude]))
    let slice = (Data(repeating: 9, count: 3) + bytes)[3...]
    for data in [bytes, slice] {
      let tensor = try SafetensorsFile(data: data, name: "f").tensor(named: "a")
      #expect(tensor == Tensor([1, -2, 3.5, .leastNonzeroMagnitude], shape: [2, 2]))
      let elements = littleEndianBytes([1, -2, 3.5, .leastNonzeroMagnitude])
      #expect(try SafetensorsFile(data: data, name: "f").bytes(named: "a") == elements)
    }
  }

  @Test func smallTypesAndEmptyFilesAreRead() throws {
    let file = try SafetensorsFile(data: sampleFile, name: "f")
    #expect(try file.tensor(named: "second") == Tensor([1, -2], shape: [2]))
    #expect(try file.tensor(named: "none") == Tensor([], shape: [3, 0]))
    for header in ["{}", "{ \t\r\n}  ", #"{"__metadata__":{}}"#] {
      let file = try SafetensorsFile(data: safetensorsBytes(header: header), name: "f")
      #expect(file.tensorNames.isEmpty && file.metadata.isEmpty)
    }
  }

  @Test(arguments: SafetensorsDType.allCases) func everyTypeHasItsSize(dtype: SafetensorsDType) throws {
    let bytes = dtype.bitWidth * 4 / 8
    let header = #"{"a":{"dtype":"\#(dtype.rawValue)","shape":[4],"data_offsets":[0,\#(bytes)]}}"#
    let data = safetensorsBytes(header: header, data: [UInt8](repeating: 0, count: bytes))
    let file = try SafetensorsFile(data: data, name: "f")
    #expect(file.info("a")?.byteRange.count == bytes)
    if dtype.isReadable {
      #expect(try file.tensor(named: "a") == Tensor(zeros: [4]))
    } else {
      let problem = "dtype is \(dtype.rawValue), expected F32, F16 or BF16"
      #expect(throws: FormatError(.badData, file: "f", place: "tensor 'a'", problem)) { try file.tensor(named: "a") }
    }
  }

  @Test(arguments: [
    (SafetensorsDType.f32, 0x7FC0_0000, "nan"), (.f32, 0x7F80_0001, "nan"), (.f32, 0x7F80_0000, "inf"),
    (.f32, 0xFF80_0000, "-inf"), (.f16, 0x7E01, "nan"), (.f16, 0xFC00, "-inf"), (.bf16, 0xFFC1, "nan"),
    (.bf16, 0x7F80, "inf"),
  ])
  func nonfiniteElementsAreRefusedUnlessAllowed(dtype: SafetensorsDType, bits: UInt32, shown: String) throws {
    let size = dtype.bitWidth / 8
    let elements = [UInt32](repeating: 0, count: 17) + [bits, bits]
    let data = elements.flatMap { littleEndianBytes([$0]).prefix(size) }
    let header =
      #"{"conv1.weight":{"dtype":"\#(dtype.rawValue)","shape":[19],"data_offsets":[0,\#(19 * size)]}}"#
    let bytes = safetensorsBytes(header: header, data: data)
    let file = try SafetensorsFile(data: bytes, name: "file.safetensors")
    let error = #expect(throws: FormatError.self) { try file.tensor(named: "conv1.weight") }
    #expect(
      error?.description
        == "file.safetensors: tensor 'conv1.weight': element 17 is \(shown), expected a finite number")
    #expect(error?.kind == .badData)
    let allowed = try SafetensorsFile(data: bytes, name: "f", allowingNonfinite: true).tensor(named: "conv1.weight")
    #expect(allowed[flat: 17].isNaN == (shown == "nan") && !allowed[flat: 18].isFinite)
    // A Float keeps its bits, whatever they mean.
    if dtype == .f32 { #expect(allowed[flat: 17].bitPattern == bits) }
  }

  @Test(arguments: [
    (0, "but the file is empty"), (1, "expected one of 't0'"), (4, "expected one of 't0', 't1', 't2', 't3'"),
    (5, "expected one of 5, such as 't0', 't1', 't2', 't3'"),
  ])
  func anUnknownNameIsAnsweredWithKnownOnes(count: Int, choice: String) throws {
    let members = (0..<count).map { #""t\#($0)":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"# }
    let header = "{" + members.joined(separator: ",") + "}"
    let file = try SafetensorsFile(data: safetensorsBytes(header: header), name: "dir/f.safetensors")
    let error = #expect(throws: FormatError.self) { try file.tensor(named: "t\n") }
    #expect(error?.description == "dir/f.safetensors: has no tensor 't\\u{a}', \(choice)")
  }

  @Test func theBytesOfEveryTypeAreThere() throws {
    let file = try SafetensorsFile(data: sampleFile, name: "f")
    #expect(try file.bytes(named: "count") == littleEndianBytes([7] as [Int64]))
    #expect(try file.bytes(named: "none").isEmpty)
    #expect(throws: FormatError.self) { try file.bytes(named: "absent") }
  }

  @Test func filesAreOpenedByPath() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.safetensors", holding: sampleFile)
    #expect(try SafetensorsFile(path: path).tensor(named: "first")[1, 0] == -4)
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a.safetensors")
    #expect(try SafetensorsFile(path: link).tensorNames.count == 4)
    let short = try folder.file("short", holding: sampleFile.dropLast())
    #expect(throws: FormatError.self) { try SafetensorsFile(path: short) }
    let empty = try folder.file("empty", holding: Data())
    let problem = "is 0 bytes long, expected at least the 8 of a header length"
    #expect(throws: FormatError(.badData, file: empty, problem)) { try SafetensorsFile(path: empty) }
  }

  @Test func aReplacedFileStaysReadable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.safetensors", holding: sampleFile)
    let file = try SafetensorsFile(path: path)
    try AtomicFile.write(Data(), to: path)
    #expect(try file.tensor(named: "first").values == [1, 2, 3, -4, 0.5, 6])
  }

  @Test func aFifoIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("fifo")
    #expect(mkfifo(path, 0o600) == 0)
    Thread { try? AtomicFile.write(sampleFile, to: path) }.start()
    #expect(try SafetensorsFile(path: path).tensorNames.count == 4)
  }

  @Test func absentInputIsToldFromBadInput() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file", holding: Data())
    for (path, problem) in [
      (folder.file("absent"), "cannot be read: No such file or directory"),
      (file + "/a", "cannot be read: Not a directory"), (folder.path, "is a folder, expected a file"),
      ("", "is not a file name, expected one without zero bytes"),
      (file + "\0", "is not a file name, expected one without zero bytes"),
    ] {
      #expect(throws: FormatError(.noInput, file: path, problem)) { try SafetensorsFile(path: path) }
    }
  }
}
