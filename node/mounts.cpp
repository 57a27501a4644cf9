#include "node/mounts.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace satchel::node {

namespace fs = std::filesystem;

namespace {

constexpr const char* kMountInfo = "/proc/self/mountinfo";

std::string unescaped(const std::string& text) {
  const auto octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && octal(text[i + 1]) && octal(text[i + 2]) && octal(text[i + 3])) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string first_word(const fs::path& file) {
  std::ifstream in{file};
  std::string out;
  in >> out;
  return out;
}

}  // namespace

std::vector<Mount> parse_mountinfo(std::string_view text) {
  std::vector<Mount> out;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    // id, parent, device, root, folder, options, any number of optional fields, "-", type, source, …
    std::istringstream words{line};
    const std::vector<std::string> fields{std::istream_iterator<std::string>{words}, {}};
    const auto dash = std::ranges::find(fields, "-");
    if (dash - fields.begin() < 6 || fields.end() - dash < 3) continue;
    out.push_back({unescaped(fields[4]), fields[2], dash[1], unescaped(dash[2])});
  }
  return out;
}

std::vector<Mount> mounts() {
  std::ifstream in{kMountInfo};
  std::ostringstream text;
  text << in.rdbuf();
  return parse_mountinfo(text.str());
}

bool on_removable_disk(const Mount& mount) {
  std::error_code none;
  const fs::path device = fs::canonical("/sys/dev/block/" + mount.device, none);
  if (none) return false;
  if (device.string().find("/usb") != std::string::npos) return true;
  // A partition has its disk above it.
  return first_word(device / "removable") == "1" || first_word(device.parent_path() / "removable") == "1";
}

std::vector<Mount> mounted_sticks() {
  std::vector<Mount> out = mounts();
  std::erase_if(out, [](const Mount& mount) { return !on_removable_disk(mount); });
  return out;
}

MountWatch::MountWatch() : fd_(::open(kMountInfo, O_RDONLY | O_CLOEXEC)) {}

MountWatch::~MountWatch() {
  if (fd_ >= 0) ::close(fd_);
}

void MountWatch::wait(int most_ms) {
  pollfd changed{fd_, POLLPRI, 0};  // a negative descriptor is passed over, and only the time counts
  ::poll(&changed, 1, most_ms);
}

bool sync_file_system(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::syncfs(fd) == 0;
  ::close(fd);
  return synced;
}

std::string unmount(const std::string& folder) {
  if (::umount2(folder.c_str(), UMOUNT_NOFOLLOW) == 0) return {};
  return std::strerror(errno);
}

}  // namespace satchel::node
