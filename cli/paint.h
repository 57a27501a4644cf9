#pragma once

#include <string>
#include <string_view>

namespace satchel::cli {

/// Colours of a terminal (ECMA-48, SGR), or none: the text says everything without them.
class Paint {
 public:
  explicit Paint(bool colour) noexcept : colour_(colour) {}
  std::string good(std::string_view text) const { return wrap("\x1b[32m", text); }
  std::string warn(std::string_view text) const { return wrap("\x1b[33m", text); }
  std::string bad(std::string_view text) const { return wrap("\x1b[31m", text); }
  std::string strong(std::string_view text) const { return wrap("\x1b[1m", text); }
  std::string quiet(std::string_view text) const { return wrap("\x1b[2m", text); }

 private:
  std::string wrap(std::string_view on, std::string_view text) const {
    if (!colour_ || text.empty()) return std::string(text);
    return std::string(on).append(text).append("\x1b[0m");
  }
  bool colour_;
};

}  // namespace satchel::cli
