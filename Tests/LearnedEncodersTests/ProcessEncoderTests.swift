import Foundation
import LearnedEncoders
import NumericCore
import StyleFeatures
import TestSupport
import Testing

/// Encoders in another process: the numbers, and every way in which a program fails.
struct ProcessEncoderTests {
  private let left, right: [Float]

  init() {
    var source = RandomSource(seed: 4)
    left = (0..<500).map { _ in Float.random(in: -1...1, using: &source) }
    right = (0..<500).map { _ in Float.random(in: -1...1, using: &source) }
  }

  /// Runs something with the command of a program in Python.
  private func withProgram<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let scratch = try Scratch()
    let path = scratch.file("client.py")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try body("python3 \(path)")
  }

  private func check(_ command: String, gain: Double = 0.5, tolerance: Double = 1e-6) throws {
    let model = try ProcessEncoderModel(command: command)
    let kind = model.encoder
    #expect(kind.featureCount == 3 && kind.sideFeatureCount == 0)
    let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 500, sampleRate: 44100, gain: gain)
    let other: any StyleEncoder<Double> = try kind.makeEncoder(frameCount: 400, sampleRate: 44100)
    let cotangent = [0.3, -0.8, 0.1]
    let expected = LinearClient.expected(left: left, right: right, gain: gain, cotangent: cotangent)
    let embedding = try encoder.encode(left: left, right: right)
    // Another segment in between.
    _ = try other.encode(left: left.prefix(400).map { Double($0) }, right: right.prefix(400).map { Double($0) })
    #expect(largestDifference(embedding.mid, expected.embedding) < tolerance && embedding.side.isEmpty)
    var (leftGradient, rightGradient) = (left, right)
    try encoder.pullback(StyleEmbedding(mid: cotangent, side: []), left: &leftGradient, right: &rightGradient)
    #expect(relativeNormError(leftGradient.map { Double($0) }, expected.left) < tolerance)
    #expect(relativeNormError(rightGradient.map { Double($0) }, expected.right) < tolerance)
  }

  @Test func linearProgramAgrees() throws {
    try withProgram(LinearClient.program()) { command in
      try check(command)
      #expect(try ProcessEncoderModel(command: command).encoderName == "process:linear:2")
    }
  }

  /// The module that comes with PriorKit, with a gradient of one's own, and with that of PyTorch.
  @Test(arguments: ["numpy", "torch"])
  func clientModuleAgrees(package: String) throws {
    guard Self.hasPackages(["numpy", package]) else { return }  // not installed here
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let matrix = """
      import sys
      sys.path.insert(0, "\(folder.appendingPathComponent("Encoders").path)")
      import numpy
      from priorkit_encoder import serve, serve_torch
      def matrix(frames):
          n = numpy.arange(frames)
          rows = numpy.sin(numpy.outer(numpy.arange(1, 4), n + 1))
          return numpy.concatenate([rows, rows * (-1.0) ** n], axis=1)

      """
    let numpy = """
      serve(lambda audio, rate: matrix(audio.shape[1]) @ audio.ravel().astype(float),
            lambda audio, rate, cotangent: (matrix(audio.shape[1]).T @ cotangent).reshape(2, -1),
            name="linear", features=3, side_features=0)
      """
    let torch = """
      import torch
      class Linear(torch.nn.Module):
          def forward(self, audio):
              return torch.tensor(matrix(audio.shape[1])) @ audio.double().ravel()
      serve_torch(Linear(), name="linear", features=3, side_features=0)
      """
    try withProgram(matrix + (package == "numpy" ? numpy : torch)) { try check($0) }
  }

  private static func hasPackages(_ names: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", names.map { "import \($0)" }.joined(separator: "; ")]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test(arguments: ["describe", "open", "encode", "pullback"], ["die", "hang", "garbage", "refuse", "flood"])
  func faultsAreOneSentence(moment: String, fault: String) throws {
    try withProgram(LinearClient.program(fault: "\(fault) \(moment)")) { command in
      let error = #expect(throws: ProcessEncoderError.self, "\(fault) \(moment)") {
        let kind = try ProcessEncoderModel(command: command, patienceSeconds: fault == "hang" ? 1 : 60).encoder
        let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 500, sampleRate: 44100)
        let embedding = try encoder.encode(left: left, right: right)
        var (leftGradient, rightGradient) = (left, right)
        try encoder.pullback(embedding, left: &leftGradient, right: &rightGradient)
      }
      switch fault {
      case "die": #expect(error == .ended(command: command, status: 7))
      case "hang": #expect(error == .silent(command: command, seconds: 1))
      case "refuse": #expect(error == .refused(command: command, reason: "no such device"))
      default:
        guard case .wrongReply = error else {
          Issue.record("\(fault): \(String(describing: error))")
          return
        }
      }
    }
  }

  /// Numbers that are not finite, or were not written.
  @Test(arguments: ["nan", "short"])
  func wrongNumbersAreToldApart(fault: String) throws {
    try withProgram(LinearClient.program(fault: "\(fault) never")) { command in
      let kind = try ProcessEncoderModel(command: command).encoder
      let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 500, sampleRate: 44100)
      #expect(throws: StyleEncoderError.notFinite(encoder: "process:linear:2")) {
        try encoder.encode(left: left, right: right)
      }
    }
  }

  @Test func programsThatAreNotThereAreTold() {
    #expect(throws: ProcessEncoderError.ended(command: "no-such-program-here 2> /dev/null", status: 127)) {
      try ProcessEncoderModel(command: "no-such-program-here 2> /dev/null")
    }
    #expect(throws: ProcessEncoderError.self) { try ProcessEncoderModel(command: "true") }
    #expect(throws: ProcessEncoderError.self) { try ProcessEncoderModel(command: "echo '{\"protocol\": 2}'") }
    #expect(throws: ProcessEncoderError.self) {
      try ProcessEncoderModel(command: #"echo '{"protocol":1,"name":"a b","features":3}'"#)
    }
  }

  /// No memory keeps its name once both sides have it, and programs end with their models.
  @Test func nothingIsLeftBehind() throws {
    func names() throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: "/dev/shm").filter { $0.hasPrefix("priorkit-") })
    }
    let file = try Scratch()
    let path = file.file("pid")
    try withProgram("import os\nopen('\(path)', 'w').write(str(os.getpid()))\n" + LinearClient.program()) {
      command in
      let kind = try ProcessEncoderModel(command: command).encoder
      let encoder: any StyleEncoder<Float> = try kind.makeEncoder(frameCount: 500, sampleRate: 44100)
      _ = try encoder.encode(left: left, right: right)
    }
    let number = try #require(
      Int32(String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)))
    for _ in 0..<200 where kill(number, 0) == 0 { usleep(10_000) }
    #expect(kill(number, 0) != 0)
    for _ in 0..<200 where try !names().isEmpty { usleep(10_000) }  // other tests have some for a moment
    #expect(try names().isEmpty)
  }
}
