import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct NPYRefusalTests {
  private static let good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n"
  private static let types = "expected one of f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1 with its byte order"

  static let beginnings = [
    Refusal(Data(), "byte 0: is no NPY file, expected it to begin with \\x93NUMPY"),
    Refusal(Data("\u{93}NUMPY\u{1}\0".utf8), "byte 0: is no NPY file, expected it to begin with \\x93NUMPY"),
    Refusal(npyBytes(header: good).prefix(7), "byte 7: file ends, expected a version"),
    Refusal(npyBytes(header: good, version: 0), "byte 6: version is 0.0, expected 1.0, 2.0 or 3.0"),
    Refusal(npyBytes(header: good, version: 4), "byte 6: version is 4.0, expected 1.0, 2.0 or 3.0"),
    Refusal(npyBytes(header: good).prefix(9), "byte 9: file ends, expected a header length"),
    Refusal(npyBytes(header: good, version: 3).prefix(11), "byte 11: file ends, expected a header length"),
    Refusal(
      npyBytes(header: good).prefix(20), "byte 8: header length is 58, expected at most the 10 bytes that follow"),
    Refusal(
      npyBytes(header: "", version: 2).prefix(8) + [0xFF, 0xFF, 0xFF, 0xFF],
      "byte 8: header length is 4294967295, expected at most the 0 bytes that follow"),
  ]

  static let syntax = [
    Refusal(npyBytes(header: ""), "byte 10: header ends, expected '{'"),
    Refusal(npyBytes(header: " {}"), "byte 10: found ' ', expected '{'"),
    Refusal(npyBytes(header: "{}", version: 2), "byte 12: header has no descr, expected one"),
    Refusal(npyBytes(header: "{'descr': '<f4'}"), "byte 10: header has no fortran_order, expected one"),
    Refusal(
      npyBytes(header: "{'descr': '<f4', 'fortran_order': True}"), "byte 10: header has no shape, expected one"),
    Refusal(npyBytes(header: "{"), "byte 11: header ends, expected a key or '}'"),
    Refusal(npyBytes(header: "{,}"), "byte 11: found ',', expected a key or '}'"),
    Refusal(npyBytes(header: "{'descr': '<f4',,"), "byte 26: found ',', expected a key or '}'"),
    Refusal(npyBytes(header: "{'descr': '<f4' 'shape': ()}"), "byte 26: found ''', expected ',' or '}'"),
    Refusal(npyBytes(header: "{'descr' '<f4'}"), "byte 19: found ''', expected ':'"),
    Refusal(npyBytes(header: "{'descr: "), "byte 11: string does not end, expected '''"),
    Refusal(npyBytes(header: "{\"descr': "), "byte 11: string does not end, expected '\"'"),
    Refusal(
      npyBytes(header: "{'colour': 1}"),
      "byte 11: key 'colour' is unknown, expected descr, fortran_order and shape"),
    Refusal(
      npyBytes(header: "{'descr': '<f4', 'descr': '<f4'}"), "byte 27: key 'descr' is repeated, expected it once"),
    Refusal(npyBytes(header: "{'shape': (), 'shape': ()}"), "byte 24: key 'shape' is repeated, expected it once"),
    Refusal(
      npyBytes(header: "{'fortran_order': True, 'fortran_order': True}"),
      "byte 34: key 'fortran_order' is repeated, expected it once"),
    Refusal(npyBytes(header: "{'fortran_order': true}"), "byte 28: found 't', expected True or False"),
    Refusal(npyBytes(header: "{'fortran_order': Truest}"), "byte 32: found 's', expected ',' or '}'"),
    Refusal(npyBytes(header: "{'fortran_order': 1}"), "byte 28: found '1', expected True or False"),
    Refusal(npyBytes(header: good + "x"), "byte 68: found 'x', expected only space to the end of the header"),
    Refusal(npyBytes(header: good + "\0"), "byte 68: found 0x0, expected only space to the end of the header"),
  ]

  static let shapes = [
    Refusal(npyBytes(header: "{'shape': 3}"), "byte 20: found '3', expected '('"),
    Refusal(npyBytes(header: "{'shape': (3)}"), "byte 22: found ')', expected ',', which makes a tuple of one extent"),
    Refusal(
      npyBytes(header: "{'shape': (3 4)}"), "byte 23: found '4', expected ',', which makes a tuple of one extent"),
    Refusal(npyBytes(header: "{'shape': (3, 4 5)}"), "byte 26: found '5', expected ',' or ')'"),
    Refusal(npyBytes(header: "{'shape': (,)}"), "byte 21: found ',', expected an extent, zero or more, or ')'"),
    Refusal(npyBytes(header: "{'shape': (-1,)}"), "byte 21: found '-', expected an extent, zero or more, or ')'"),
    Refusal(npyBytes(header: "{'shape': (None,)}"), "byte 21: found 'N', expected an extent, zero or more, or ')'"),
    Refusal(npyBytes(header: "{'shape': (03,)}"), "byte 21: extent starts with 0, expected no leading zeros"),
    Refusal(
      npyBytes(header: "{'shape': (1.0,)}"), "byte 22: found '.', expected ',', which makes a tuple of one extent"),
    Refusal(
      npyBytes(header: "{'shape': (9223372036854775808,)}"),
      "byte 21: extent is too large, expected at most 9223372036854775807"),
    Refusal(
      npyBytes(header: "{'shape': (" + String(repeating: "1,", count: 65)),
      "byte 149: shape goes on, expected at most 64 extents"),
    Refusal(
      npyBytes(descr: "<f4", shape: "(4611686018427387904, 2)"),
      "shape [4611686018427387904, 2]: the number of elements does not fit in 63 bits of address"),
    Refusal(
      npyBytes(descr: "<f4", shape: "(1000000000000,)"),
      "byte 80: 0 bytes of data, expected 4000000000000 for shape [1000000000000] of f4"),
    Refusal(
      npyBytes(descr: "<f8", shape: "(0, 5)", data: [1]), "byte 70: 1 bytes of data, expected 0 for shape [0, 5] of f8"),
    Refusal(
      npyBytes(descr: "<f4", shape: "(2,)", data: Data(count: 7)),
      "byte 68: 7 bytes of data, expected 8 for shape [2] of f4"),
    Refusal(
      npyBytes(descr: "<f4", shape: "()", data: Data(count: 5)),
      "byte 66: 5 bytes of data, expected 4 for shape [] of f4"
    ),
  ]

  static let descriptions = [
    Refusal(npyBytes(header: "{'descr': None}"), "byte 20: found 'N', expected an element type in quotation marks"),
    Refusal(npyBytes(header: "{'descr': [('a', '<f4')]}"), "byte 20: descr is a list of fields, \(types)"),
    Refusal(npyBytes(header: "{'descr': ''}"), "byte 20: descr is '', unknown elements, \(types)"),
    Refusal(npyBytes(header: "{'descr': 'f4'}"), "byte 20: descr is 'f4', unknown elements, \(types)"),
    Refusal(npyBytes(header: "{'descr': '=f4'}"), "byte 20: descr is '=f4', unknown elements, \(types)"),
    Refusal(npyBytes(header: "{'descr': '|f4'}"), "byte 20: descr is '|f4', unknown elements, \(types)"),
    Refusal(npyBytes(header: "{'descr': '<f16'}"), "byte 20: descr is '<f16', unknown elements, \(types)"),
    Refusal(npyBytes(header: "{'descr': '|O'}"), "byte 20: descr is '|O', Python objects, \(types)"),
    Refusal(npyBytes(header: "{'descr': '<U7'}"), "byte 20: descr is '<U7', text, \(types)"),
    Refusal(npyBytes(header: "{'descr': '|S7'}"), "byte 20: descr is '|S7', text, \(types)"),
    Refusal(npyBytes(header: "{'descr': '<c8'}"), "byte 20: descr is '<c8', complex numbers, \(types)"),
    Refusal(npyBytes(header: "{'descr': '|V4'}"), "byte 20: descr is '|V4', structures, \(types)"),
    Refusal(npyBytes(header: "{'descr': '<M8[s]'}"), "byte 20: descr is '<M8[s]', times, \(types)"),
  ]

  private static let inexact = "expected an integer that a Float holds exactly"

  static let elements = [
    Refusal(
      npyBytes(descr: "<i4", shape: "(2,)", data: littleEndianBytes([1, 16_777_217] as [Int32])),
      "element 1 is 16777217, \(inexact)"),
    Refusal(
      npyBytes(descr: "<u4", shape: "()", data: littleEndianBytes([UInt32.max])), "element 0 is 4294967295, \(inexact)"),
    Refusal(
      npyBytes(descr: "<i8", shape: "()", data: littleEndianBytes([-Int64.max])),
      "element 0 is -9223372036854775807, \(inexact)"),
    Refusal(
      npyBytes(descr: ">u8", shape: "()", data: Data(repeating: 0xFF, count: 8)),
      "element 0 is 18446744073709551615, \(inexact)"),
    Refusal(npyBytes(descr: "|b1", shape: "(3,)", data: [1, 0, 2]), "element 2 is 2, expected 0 or 1"),
    // In Fortran order the file's second element is [1, 0], the row-major third.
    Refusal(
      npyBytes(descr: "|b1", isFortranOrder: true, shape: "(2, 2)", data: [1, 9, 1, 1]),
      "element 2 is 9, expected 0 or 1"),
    Refusal(
      npyBytes(descr: "<f8", shape: "(2,)", data: littleEndianBytes([1, -1e39].map(\.bitPattern))),
      "element 1 is -1e+39, expected at most 3.4028235e+38 in magnitude"),
    Refusal(
      npyBytes(descr: "<f4", shape: "(2,)", data: littleEndianBytes([1, -.infinity] as [Float])),
      "element 1 is -inf, expected a finite number"),
    Refusal(
      npyBytes(descr: "<f2", shape: "(2,)", data: littleEndianBytes([1, 0x7E00] as [UInt16])),
      "element 1 is nan, expected a finite number"),
  ]

  @Test(arguments: [beginnings, syntax, shapes, descriptions, elements].joined())
  func wrongFilesAreRefused(refusal: Refusal) {
    let error = #expect(throws: FormatError.self) { try NPYFile.tensor(data: refusal.bytes, name: "f") }
    #expect(error?.kind == .badData && error?.description == "f: \(refusal.message)")
  }

  @Test func everyFileCutShortIsRefused() {
    let whole = npyBytes(header: Self.good, data: Data(count: 8))
    for count in 0..<whole.count {
      #expect(throws: FormatError.self, "\(count)") { try NPYFile.tensor(data: whole.prefix(count), name: "f") }
    }
  }

  @Test func missingFilesAndFoldersAreRefused() throws {
    let folder = try TemporaryFolder()
    for path in [folder.path, folder.file("absent.npy"), ""] {
      let error = #expect(throws: FormatError.self) { try NPYFile.tensor(path: path) }
      #expect(error?.kind == .noInput)
    }
  }

  @Test func tensorsThatNumPyCannotHoldAreNotWritten() throws {
    let folder = try TemporaryFolder()
    let tensor = Tensor(zeros: Shape([Int](repeating: 1, count: 65)))
    let problem = "tensor has 65 extents, expected at most 64"
    #expect(throws: FormatError(.badData, file: "npy", problem)) { try NPYFile.data(tensor) }
    let path = folder.file("a.npy")
    #expect(throws: FormatError(.badData, file: path, problem)) { try NPYFile.write(tensor, to: path) }
    #expect(try folder.names.isEmpty)
    let error = #expect(throws: FormatError.self) {
      try NPYFile.write(Tensor(zeros: [1]), to: folder.file("absent/a.npy"))
    }
    #expect(error?.kind == .cannotWrite)
  }
}
