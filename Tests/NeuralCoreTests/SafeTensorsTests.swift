import Foundation
import NeuralCore
import TestSupport
import Testing

/// Reading of weights: numbers of all types, and everything that is refused.
struct SafeTensorsTests {
  private func write(_ data: Data, in scratch: borrowing Scratch) throws -> String {
    let path = scratch.file("weights.safetensors")
    try data.write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func numbersAreRead() throws {
    let scratch = try Scratch()
    var file = TensorFile()
    file.metadata = ["a": "b"]
    // A name of odd length, so that numbers are not aligned.
    file.add("abc", [1, -2.5, 3e-30], shape: [3])
    file.tensors.append(("half", "F16", [2, 2], Data([0x00, 0x3C, 0x01, 0x00, 0x00, 0xC4, 0xFF, 0x7B])))
    file.tensors.append(("brain", "BF16", [2], Data([0x80, 0x3F, 0x20, 0xC1])))
    file.tensors.append(("count", "I64", [], Data(count: 8)))
    let tensors = try SafeTensors(path: write(file.data, in: scratch))
    #expect(tensors.metadata == ["a": "b"])
    #expect(try tensors.floats("abc", shape: [3]) == [1, -2.5, 3e-30])
    #expect(try tensors.floats("half", shape: [2, 2]) == [1, 0x1p-24, -4, 65504])
    #expect(try tensors.floats("brain", shape: [2]) == [1, -10])
    #expect(tensors.entries["count"]?.type == "I64" && tensors.entries["count"]?.count == 1)
  }

  @Test func whatIsAskedForMustBeThere() throws {
    let scratch = try Scratch()
    var file = TensorFile()
    file.add("w", [1, .infinity], shape: [2])
    file.tensors.append(("n", "I64", [1], Data(count: 8)))
    let path = try write(file.data, in: scratch)
    let tensors = try SafeTensors(path: path)
    #expect(throws: SafeTensorsError.missing(path: path, tensor: "v")) { try tensors.floats("v", shape: [2]) }
    #expect(throws: SafeTensorsError.wrongShape(path: path, tensor: "w", found: [2], expected: [1, 2])) {
      try tensors.floats("w", shape: [1, 2])
    }
    #expect(throws: SafeTensorsError.wrongType(path: path, tensor: "n", found: "I64")) {
      try tensors.floats("n", shape: [1])
    }
    #expect(throws: SafeTensorsError.notFinite(path: path, tensor: "w")) { try tensors.floats("w", shape: [2]) }
  }

  /// Files that are no safetensors, by what is wrong with them.
  static let broken: [(name: String, data: Data)] = {
    func header(_ text: String, _ body: Int = 0) -> Data { TensorFile.wrapped(Data(text.utf8)) + Data(count: body) }
    return [
      ("empty", Data()), ("short", Data([1, 2, 3])),
      ("header of 2^60 bytes", Data([0, 0, 0, 0, 0, 0, 0, 16]) + Data(count: 64)),
      ("header beyond the end", Data([200, 0, 0, 0, 0, 0, 0, 0]) + Data(count: 64)),
      ("no JSON", header("not json")), ("a list", header("[1, 2]")),
      ("one offset", header(#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4)),
      ("negative", header(#"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4)),
      ("shape of 2^62", header(#"{"w":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,4]}}"#, 4)),
      ("a hole", header(#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8)),
      (
        "an overlap",
        header(
          #"{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
          4)
      ),
      ("a tail", header(#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 9)),
      ("cut off", header(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 5)),
      ("an unknown type", header(#"{"w":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#, 8)),
      ("a zip", Data([0x50, 0x4B, 3, 4]) + Data(count: 64)), ("a pickle", Data([0x80, 2]) + Data(count: 64)),
    ]
  }()

  @Test(arguments: broken.indices)
  func brokenFilesAreRefused(index: Int) throws {
    let scratch = try Scratch()
    let (name, data) = Self.broken[index]
    let path = try write(data, in: scratch)
    let error = #expect(throws: SafeTensorsError.self, "\(name)") { try SafeTensors(path: path) }
    #expect(error?.description.contains(path) == true, "\(name)")
  }

  @Test func everyCutIsRefused() throws {
    let scratch = try Scratch()
    var file = TensorFile()
    file.add("w", [1, 2, 3], shape: [3])
    let data = file.data
    for count in 0..<data.count {
      let path = try write(data.prefix(count), in: scratch)
      #expect(throws: SafeTensorsError.self, "\(count) bytes") { try SafeTensors(path: path) }
    }
  }
}
