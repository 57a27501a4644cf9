#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace satchel::tests {

/// An empty folder below /tmp (short, because a node's Unix socket lies in it), removed with all it holds when this goes out of
/// scope. With SATCHEL_KEEP in the environment it stays, and its path is printed.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Whole files; both throw std::runtime_error with the path when they cannot.
std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Makes `to` an exact copy of `from`, whatever it held before.
void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to);

/// Every file below `folder`, sorted. Files that vanish meanwhile are left out.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

}  // namespace satchel::tests
