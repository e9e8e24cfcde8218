import Yams

/// The configuration of webMUSHRA (https://github.com/audiolabs/webMUSHRA, doc/experimenter.md) for a plan.
///
/// Its pages are an introduction, one to set the volume, those for practice, those of the test in random order, and
/// one with questions that sends the results. Beside `stimuli`, webMUSHRA itself puts the hidden reference on a
/// page, and the anchors that are asked for.
struct WebMUSHRAConfiguration {
  let plan: ListeningTestPlan

  /// - Throws: `YamlError` for names that cannot be written.
  func yaml() throws -> String { try root.webMUSHRALines().joined(separator: "\n") + "\n" }

  var root: Node {
    let practice = plan.pages.filter(\.isTraining)
    let tested = plan.pages.filter { !$0.isTraining }
    let pages =
      [introduction(count: tested.count), volume(plan.pages[0])]
      + practice.enumerated().map { page($1, title: "Practice \($0 + 1) of \(practice.count)") }
      // webMUSHRA shuffles a list that begins with this word.
      + [.list([.text("random")] + tested.map { page($0, title: "Rate the similarity to the reference") })]
      + [finish]
    return .block([
      ("testname", .text("Listening test " + plan.name)), ("testId", .text(plan.name)),
      ("bufferSize", .number(2048)),
      ("stopOnErrors", .flag(true)), ("showButtonPreviousPage", .flag(false)),
      ("remoteService", .text("service/write.php")), ("pages", .list(pages)),
    ])
  }

  // MARK: - Pages

  private static let task =
    "Rate how similar the vocal effects of each sound are to those of the reference: tone, dynamics, echo, "
    + "reverberation and stereo image. 100 means that you hear no difference, 0 that they are entirely different."

  private func introduction(count: Int) -> Node {
    let content =
      "In this test the same vocal has been processed in several ways. \(Self.task)<br/><br/>"
      + "One of the sounds is the reference itself. You may play every sound as often as you like. Please use "
      + "headphones in a quiet place.<br/><br/>After some practice there "
      + (count == 1 ? "is 1 page." : "are \(count) pages.")
    return .block([
      ("type", .text("generic")), ("id", .text("introduction")), ("name", .text("Welcome")),
      ("content", .text(content)),
    ])
  }

  private func volume(_ page: ListeningTestPlan.Page) -> Node {
    .block([
      ("type", .text("volume")), ("id", .text("volume")), ("name", .text("Volume")),
      ("content", .text("Set a comfortable volume, and leave it for the rest of the test.")),
      ("stimulus", .text(page.reference.file)), ("defaultVolume", .number(0.5)),
    ])
  }

  private func page(_ page: ListeningTestPlan.Page, title: String) -> Node {
    .block([
      ("type", .text("mushra")), ("id", .text(page.id)), ("name", .text(title)),
      ("content", .text((page.isTraining ? "Your ratings on this page do not count. " : "") + Self.task)),
      ("showWaveform", .flag(true)), ("enableLooping", .flag(true)), ("strict", .flag(true)),
      ("reference", .text(page.reference.file)), ("createAnchor35", .flag(plan.hasLowAnchor)),
      ("createAnchor70", .flag(plan.hasMidAnchor)), ("randomize", .flag(true)),
      ("showConditionNames", .flag(false)),
      ("stimuli", .block(page.stimuli.map { ($0.name, .text($0.file)) })),
    ])
  }

  private var finish: Node {
    func question(_ type: String, _ name: String, _ label: String, _ more: [(String, Node)] = []) -> Node {
      .block(
        [("type", .text(type)), ("label", .text(label)), ("name", .text(name)), ("optional", .flag(true))] + more)
    }
    let experience = [("none", "None"), ("amateur", "Amateur"), ("professional", "Professional")].map {
      Node.block([("value", .text($0.0)), ("label", .text($0.1))])
    }
    return .block([
      ("type", .text("finish")), ("name", .text("Thank you")),
      ("content", .text("Thank you for listening! The questions are voluntary. Please send the results.")),
      ("showResults", .flag(false)), ("writeResults", .flag(true)),
      (
        "questionnaire",
        .list([
          question("number", "age", "Age", [("min", .number(18)), ("max", .number(120)), ("default", .text(""))]),
          question("text", "equipment", "Headphones or loudspeakers"),
          question("likert", "experience", "Experience with audio production", [("response", .list(experience))]),
        ])
      ),
    ])
  }
}

extension Node {
  /// A string, in quotes where it would be read as something else.
  fileprivate static func text(_ text: String) -> Node { .scalar(text.represented()) }

  fileprivate static func flag(_ value: Bool) -> Node { .scalar(.init(String(value), Tag(.implicit), .plain)) }

  fileprivate static func block(_ pairs: [(String, Node)]) -> Node {
    .mapping(.init(pairs.map { (text($0.0), $0.1) }, Tag(.implicit), .block))
  }

  fileprivate static func list(_ nodes: [Node]) -> Node { .sequence(.init(nodes, Tag(.implicit), .block)) }

  fileprivate static func number(_ value: some Numeric & CustomStringConvertible) -> Node {
    .scalar(.init(value.description, Tag(.implicit), .plain))
  }

  /// YAML as all of webMUSHRA's examples lay it out: lists are indented, and one inside another begins below its
  /// bullet. libyaml writes neither, and whether webMUSHRA's own small reader takes what libyaml writes is not
  /// known. Keys and values are written by Yams.
  fileprivate func webMUSHRALines() throws -> [String] {
    func line(_ node: Node) throws -> String {
      var text = try Yams.serialize(node: node, width: -1)
      while text.last?.isNewline == true { text.removeLast() }
      return text
    }
    switch self {
    case .mapping(let mapping):
      return try mapping.flatMap { key, value -> [String] in
        if case .scalar = value { return [try line(.mapping(.init([(key, value)], Tag(.implicit), .block)))] }
        return [(key.string ?? "") + ":"] + (try value.webMUSHRALines().map { "  " + $0 })
      }
    case .sequence(let sequence):
      return try sequence.flatMap { element -> [String] in
        switch element {
        case .mapping:
          return try element.webMUSHRALines().enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
        case .sequence: return ["-"] + (try element.webMUSHRALines().map { "  " + $0 })
        default: return [try line(.list([element]))]
        }
      }
    default: return [try line(self)]
    }
  }
}
