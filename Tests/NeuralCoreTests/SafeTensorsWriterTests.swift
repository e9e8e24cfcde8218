import Foundation
import NeuralCore
import TestSupport
import Testing

/// Files that are written are read again, and laid out as the format has it.
struct SafeTensorsWriterTests {
  private var file: SafeTensorsWriter {
    var file = SafeTensorsWriter(metadata: ["b": "line\n\"two\"", "a": "{}"])
    file.add("z.weight", [1, -2.5, .leastNonzeroMagnitude, 4, 5, 6] as [Float], shape: [2, 3])
    file.add("mu", [Double.pi, -1e-300], shape: [2])
    file.add("a", [0.5] as [Float], shape: [1, 1, 1])
    return file
  }

  @Test func whatIsWrittenIsRead() throws {
    let scratch = try Scratch()
    let path = scratch.file("w.safetensors")
    try file.write(to: path, overwrite: false)
    let read = try SafeTensors(path: path)
    #expect(read.metadata == ["b": "line\n\"two\"", "a": "{}"])
    #expect(read.entries.keys.sorted() == ["a", "mu", "z.weight"])
    #expect(try read.floats("z.weight", shape: [2, 3]) == [1, -2.5, .leastNonzeroMagnitude, 4, 5, 6])
    #expect(try read.doubles("mu", shape: [2]) == [.pi, -1e-300])
    #expect(try read.floats("a", shape: [1, 1, 1]) == [0.5])
    #expect(throws: SafeTensorsError.wrongType(path: path, tensor: "a", found: "F32")) {
      try read.doubles("a", shape: [1, 1, 1])
    }
    #expect(try scratch.names() == ["w.safetensors"])
  }

  /// Eight bytes of length, JSON with spaces up to a multiple of eight, then numbers in the order given.
  @Test func layoutIsThatOfTheFormat() throws {
    let scratch = try Scratch()
    try file.write(to: scratch.file("w"), overwrite: false)
    let data = try Data(contentsOf: URL(fileURLWithPath: scratch.file("w")))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length % 8 == 0 && data.count == 8 + length + 24 + 16 + 4)
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]]
    #expect(header?["mu"]?["dtype"] as? String == "F64" && header?["mu"]?["data_offsets"] as? [Int] == [24, 40])
    #expect(header?["z.weight"]?["shape"] as? [Int] == [2, 3])
    try file.write(to: scratch.file("again"), overwrite: false)
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file("again"))) == data)
    #expect(throws: (any Error).self) { try file.write(to: scratch.file("w"), overwrite: false) }
  }
}
