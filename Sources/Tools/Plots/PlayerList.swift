import Foundation
import Workflows

/// Players of the recordings beside a page.
enum PlayerList {
  struct Player {
    let title: String
    /// Beside the page.
    let file: String
    let note: String
    /// Between 0 and 1; browsers play louder than they find a recording nowhere.
    var volume = 1.0
  }

  static func html(_ players: [Player]) -> String {
    let items = players.map { player in
      let volume = player.volume < 1 ? " data-volume=\"\(NumberText.short(player.volume, digits: 3))\"" : ""
      return """
        <div class="player"><b>\(HTML.escaped(player.title))</b>
        <audio controls preload="metadata" src="\(HTML.escaped(path(player.file)))"\(volume)></audio>
        <span>\(HTML.escaped(player.note))</span></div>

        """
    }
    let script =
      players.contains { $0.volume < 1 }
      ? "<script>for (const player of document.querySelectorAll(\"audio[data-volume]\")) "
        + "player.volume = player.dataset.volume;</script>\n" : ""
    return items.joined() + script
  }

  /// A file's name as an address: what addresses give a meaning is written as its number.
  private static func path(_ name: String) -> String {
    name.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)?.replacing(":", with: "%3A") ?? name
  }
}
