/// What webMUSHRA asks of a configuration, from its doc/experimenter.md, startup.js and MushraValidator.js.
struct WebMUSHRASchema {
  /// One sentence for each violation.
  private(set) var faults: [String] = []
  /// Every sound that a page names.
  private(set) var sounds: [String] = []
  /// The pages in their order, lists laid flat.
  private(set) var pages: [[String: Any]] = []

  private typealias Check = @Sendable (Any) -> Bool

  private static let buffers = [256, 512, 1024, 2048, 4096, 8192, 16_384]
  private static let text: Check = { $0 is String }
  private static let flag: Check = { $0 is Bool }
  private static let top: [String: Check] = [
    "testname": text, "testId": text, "bufferSize": { ($0 as? Int).map(buffers.contains) ?? false },
    "stopOnErrors": flag, "showButtonPreviousPage": flag, "remoteService": text, "pages": { $0 is [Any] },
  ]
  private static let kinds: [String: [String: Check]] = [
    "generic": ["id": text, "name": text, "content": text],
    "volume": [
      "id": text, "name": text, "content": text, "stimulus": text,
      "defaultVolume": { ($0 as? Double).map { (0...1).contains($0) } ?? false },
    ],
    "mushra": [
      "id": text, "name": text, "content": text, "showWaveform": flag, "enableLooping": flag, "strict": flag,
      "reference": text, "createAnchor35": flag, "createAnchor70": flag, "randomize": flag,
      "showConditionNames": flag,
      "stimuli": { ($0 as? [String: String]).map { (1...12).contains($0.count) } ?? false },
    ],
    "finish": [
      "name": text, "content": text, "showResults": flag, "writeResults": flag,
      "questionnaire": { ($0 as? [[String: Any]])?.allSatisfy(isQuestion) ?? false },
    ],
  ]

  private static func isQuestion(_ question: [String: Any]) -> Bool {
    guard let type = question["type"] as? String, question["label"] is String,
      let name = question["name"] as? String, !name.contains(" ")
    else { return false }
    return switch type {
    case "text", "long_text": true
    case "number": question["min"] is Int && question["max"] is Int && question["default"] != nil
    case "likert":
      (question["response"] as? [[String: String]])?.allSatisfy { $0["value"] != nil && $0["label"] != nil }
        ?? false
    default: false
    }
  }

  init(_ configuration: [String: Any]) {
    check(configuration, by: Self.top, "the configuration")
    walk(configuration["pages"] as? [Any] ?? [])
    if pages.last?["type"] as? String != "finish" { faults.append("the last page is not of type finish") }
    let ids = pages.compactMap { $0["id"] as? String }
    if Set(ids).count < ids.count { faults.append("two pages have one id") }
  }

  private mutating func check(_ object: [String: Any], by keys: [String: Check], _ place: String) {
    for (key, isValid) in keys where !(object[key].map(isValid) ?? false) {
      faults.append("\(place) has \(key) = \(object[key] ?? "nothing")")
    }
    for key in object.keys where keys[key] == nil && key != "type" { faults.append("\(place) has the key \(key)") }
  }

  private mutating func walk(_ list: [Any]) {
    for (index, entry) in list.enumerated() {
      if let inner = entry as? [Any] {
        walk(inner)
      } else if let page = entry as? [String: Any], let type = page["type"] as? String, let keys = Self.kinds[type]
      {
        check(page, by: keys, "the page \(page["id"] ?? type)")
        pages.append(page)
        sounds += [page["stimulus"], page["reference"]].compactMap { $0 as? String }
        sounds += (page["stimuli"] as? [String: String])?.values.sorted() ?? []
      } else if entry as? String != "random" || index != 0 {
        faults.append("\(entry) is no page")
      }
    }
  }
}
