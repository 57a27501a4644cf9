// What a file says about the program that wrote it. Searched as text and not parsed: the names stand in EXIF's Software, in XMP's
// CreatorTool, in Photoshop's block and in PNG's tEXt as plain letters, and a search cannot be led astray by a broken directory.
#include <algorithm>
#include <array>

#include "core/portrait/check.h"

namespace satchel::core::portrait {
namespace {

constexpr std::size_t kSearchedMax = 1 << 20;  // metadata stands before the pixels; a megabyte holds more than any has

struct Editor {
  std::string_view mark;
  std::string_view name;
};

// "Photoshop 3.0" alone is the name of a block that cameras write too.
constexpr std::array kEditors{
    Editor{"Adobe Photoshop", "Photoshop"},
    Editor{"Lightroom", "Lightroom"},
    Editor{"GIMP", "GIMP"},
    Editor{"Meitu", "Meitu"},
    Editor{"meitu", "Meitu"},
    Editor{"BeautyCam", "BeautyCam"},
    Editor{"FaceApp", "FaceApp"},
    Editor{"Snapseed", "Snapseed"},
    Editor{"PicsArt", "PicsArt"},
    Editor{"Paint.NET", "Paint.NET"},
    Editor{"Pixelmator", "Pixelmator"},
    Editor{"ACDSee", "ACDSee"},
    Editor{"CorelDRAW", "CorelDRAW"},
};

}  // namespace

FileMarks read_marks(ByteView file) noexcept {
  static constexpr std::array<std::uint8_t, 2> kScan{0xFF, 0xDA};  // a JPEG's pixels begin
  ByteView head = file.first(std::min(file.size(), kSearchedMax));
  if (head.size() > 2 && head[0] == 0xFF && head[1] == 0xD8) {
    // Segment by segment to the pixels: compressed bytes may spell anything.
    std::size_t at = 2;
    while (at + 4 <= head.size() && head[at] == 0xFF && head[at + 1] != kScan[1]) {
      const std::size_t length = static_cast<std::size_t>(head[at + 2]) << 8 | head[at + 3];
      if (length < 2) break;
      at += 2 + length;
    }
    head = head.first(std::min(at, head.size()));
  }
  for (const Editor& editor : kEditors) {
    const auto found = std::search(head.begin(), head.end(), editor.mark.begin(), editor.mark.end(),
                                   [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
    if (found != head.end()) return {editor.name};
  }
  return {};
}

}  // namespace satchel::core::portrait
