#include "core/code/mask.h"

#include <vector>

#include "core/base/utf8.h"

namespace satchel::core {
namespace {

/// The characters of a text, each as its bytes; what is not UTF-8 or a control character comes as `*`.
std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const std::uint32_t point = next_code_point(text, at);
    const bool shown = point != kBadCodePoint && is_plain_text(text.substr(begin, at - begin));
    out.push_back(shown ? std::string(text.substr(begin, at - begin)) : "*");
  }
  return out;
}

}  // namespace

std::string mask_name(std::string_view name) {
  const std::vector<std::string> all = characters(name);
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool first = i == 0 && all.size() > 1;
    const bool last = i + 1 == all.size() && all.size() > 2;
    out += first || last ? all[i] : "*";
  }
  return out;
}

std::string mask_id_number(std::string_view id_number) {
  const std::vector<std::string> all = characters(id_number);
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) out += all.size() > 4 && i + 4 >= all.size() ? all[i] : "*";
  return out;
}

}  // namespace satchel::core
