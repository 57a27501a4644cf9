#include "node/picture_files.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/portrait/decode.h"

namespace satchel::node {
namespace {

using core::Result;

constexpr int kDepthMax = 16;  // ours: nobody files portraits deeper, and a folder may be linked into itself

bool named_like_a_picture(const std::string& name) {
  constexpr std::array<std::string_view, 6> kEndings{".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"};
  std::string low = name;
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) { return low.ends_with(ending); });
}

bool begins_like_a_picture(const std::string& path, const core::Disk& disk) {
  constexpr std::size_t kEnough = 16;
  const Result<core::Bytes> head = disk.read_at(path, 0, kEnough);
  if (!head) return false;
  const std::string_view kind = core::portrait::detect_kind(*head);
  return kind == "JPEG" || kind == "PNG" || kind == "WebP" || kind == "HEIC";
}

Result<void> walk(const std::string& shown, const std::string& path, const core::Disk& disk, int depth, PictureFiles& out) {
  SATCHEL_TRY_ASSIGN(const std::vector<core::DiskEntry> entries, disk.list(path));
  for (const core::DiskEntry& entry : entries) {
    if (entry.name.starts_with('.')) continue;
    const std::string shown_below = shown + "/" + entry.name, below = path + "/" + entry.name;
    if (entry.is_folder) {
      if (depth < kDepthMax) SATCHEL_TRY(walk(shown_below, below, disk, depth + 1, out));
    } else if (named_like_a_picture(entry.name) || begins_like_a_picture(below, disk)) {
      out.pictures.push_back({shown_below, below});
    } else {
      ++out.skipped;
    }
  }
  return {};
}

}  // namespace

Result<void> add_pictures_below(const std::string& shown, const std::string& path, const core::Disk& disk, PictureFiles& out) {
  out.folder = true;
  return walk(shown, path, disk, 0, out);
}

}  // namespace satchel::node
