#include "core/campaign/name_pattern.h"

#include <string>

#include "core/base/utf8.h"

namespace satchel::core {
namespace {

Error bad(const std::string& why) { return Error{Code::kProfileBad, "export.name " + why}; }

}  // namespace

Result<void> check_name_pattern(std::string_view pattern) {
  if (pattern.size() > 100 || !is_plain_text(pattern)) return bad("is too long or has control characters");
  if (!pattern.ends_with(".jpg")) return bad("must end in .jpg");
  if (pattern.find_first_of("/\\:*?\"<>|") != std::string_view::npos) return bad("has a character that file names must not have");
  int fields = 0;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find_first_of("{}");
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    const std::string_view field = close == std::string_view::npos ? "" : pattern.substr(open, close - open + 1);
    if (field != "{id_number}" && field != "{student_number}" && field != "{ref}") {
      return bad("may hold {id_number}, {student_number} and {ref} only");
    }
    ++fields;
    pattern.remove_prefix(close + 1);
  }
  if (fields == 0) return bad("needs {id_number}, {student_number} or {ref}, or all files would have one name");
  return {};
}

}  // namespace satchel::core
