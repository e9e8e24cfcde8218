import Foundation
import Testing
import Yams

/// A page that does with a configuration and its sounds what webMUSHRA does, as far as a test needs it: it walks the
/// pages, has the browser decode every sound, makes a slider for each stimulus, the hidden reference and each filtered
/// anchor, and holds sounds to the rules of webMUSHRA's MushraValidator. It is no copy of webMUSHRA, which no index of
/// packages has.
enum ListeningTestPage {
  struct Report: Decodable {
    struct Page: Decodable {
      let id: String
      let sliders: [String]
      /// Of the decoded sounds, in seconds.
      let durations: [Double]
    }
    let types: [String]
    let pages: [Page]
    let errors: [String]
  }

  /// Stores the page beside the folder of a test and shows it.
  static func open(_ folder: URL, name: String) throws -> Report {
    let text = try String(contentsOf: folder.appendingPathComponent("configs/\(name).yaml"), encoding: .utf8)
    let configuration = try #require(try Yams.load(yaml: text) as? [String: Any])
    var sounds: [String: String] = [:]
    for case let file as String in FileManager.default.enumerator(atPath: folder.path) ?? .init()
    where file.hasSuffix(".wav") {
      sounds[file] = try Data(contentsOf: folder.appendingPathComponent(file)).base64EncodedString()
    }
    func json(_ object: Any) throws -> String {
      String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
    let page = folder.deletingLastPathComponent().appendingPathComponent("opened.html")
    let markup = """
      <!DOCTYPE html><meta charset="utf-8"><body><script>
      const config = \(try json(configuration)), sounds = \(try json(sounds));
      \(script)
      </script></body>
      """
    try Data(markup.utf8).write(to: page)
    return try Browser.report(of: page)
  }

  private static let script = """
    const errors = [], types = [], pages = [];
    // Sounds are decoded beside the page, whose clock would be at its end before them: so it has something to do.
    const ticking = setInterval(() => {}, 1);
    const context = new OfflineAudioContext(2, 1, 44100);
    async function decode(path) {
      if (!(path in sounds)) { errors.push("there is no " + path); return null; }
      const bytes = Uint8Array.from(atob(sounds[path]), letter => letter.charCodeAt(0));
      try { return await context.decodeAudioData(bytes.buffer); } catch (error) {
        errors.push(path + ": " + error); return null;
      }
    }
    async function show(page) {
      types.push(page.type);
      const div = document.body.appendChild(document.createElement("div"));
      div.innerHTML = "<h1>" + page.name + "</h1><p>" + page.content + "</p>";
      if (page.type === "volume") await decode(page.stimulus);
      if (page.type !== "mushra") return;
      const conditions = Object.entries(page.stimuli).concat([["reference", page.reference]]);
      const buffers = await Promise.all(conditions.map(([_, path]) => decode(path)));
      const reference = buffers[buffers.length - 1];
      const check = (holds, words) => { if (!holds) errors.push(page.id + ": " + words); };
      check(conditions.length - 1 <= 12, "more than 12 conditions");
      check(reference && reference.duration <= 12, "longer than 12 s");
      for (const buffer of buffers) {
        check(buffer && reference && buffer.length === reference.length, "different lengths");
        check(buffer && reference && buffer.numberOfChannels === reference.numberOfChannels, "different channels");
        check(buffer && reference && buffer.sampleRate === reference.sampleRate, "different rates");
      }
      const names = conditions.map(([name, _]) => name).concat(
        page.createAnchor35 ? ["anchor35"] : [], page.createAnchor70 ? ["anchor70"] : []);
      // As webMUSHRA writes it.
      for (const name of names) div.insertAdjacentHTML("beforeend",
        "<input type='range' name='" + name + "' class='scales' value='100' min='0' max='100'/>");
      pages.push({ id: page.id, sliders: [...div.querySelectorAll(".scales")].map(slider => slider.name),
        durations: buffers.map(buffer => buffer ? buffer.duration : 0) });
    }
    async function walk(list) {
      if (list[0] === "random") list = list.slice(1);
      for (const entry of list) if (Array.isArray(entry)) await walk(entry); else await show(entry);
    }
    walk(config.pages).catch(error => errors.push(String(error))).then(() => {
      const found = document.createElement("pre");
      found.id = "inspection";
      found.textContent = JSON.stringify({ types, pages, errors });
      document.body.append(found);
      clearInterval(ticking);
    });
    """
}
