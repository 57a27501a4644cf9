#include "cli/document.h"

#include <boost/json/value.hpp>
#include <cmath>

namespace satchel::cli {

std::string text_of(const boost::json::object& in, std::string_view key) {
  const boost::json::value* found = in.if_contains(key);
  const boost::json::string* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? std::string(text->data(), text->size()) : std::string();
}

double number_of(const boost::json::object& in, std::string_view key) {
  const boost::json::value* found = in.if_contains(key);
  if (found == nullptr) return 0;
  if (const auto* whole = found->if_int64()) return static_cast<double>(*whole);
  if (const auto* large = found->if_uint64()) return static_cast<double>(*large);
  if (const auto* real = found->if_double(); real != nullptr && std::isfinite(*real)) return *real;
  return 0;
}

std::uint64_t count_of(const boost::json::object& in, std::string_view key) {
  constexpr double kExactMax = 9007199254740992;  // 2^53: what a double, and so JSON elsewhere, holds exactly
  const double value = number_of(in, key);
  return value > 0 && value <= kExactMax ? static_cast<std::uint64_t>(value) : 0;
}

bool flag_of(const boost::json::object& in, std::string_view key) {
  const boost::json::value* found = in.if_contains(key);
  const bool* flag = found != nullptr ? found->if_bool() : nullptr;
  return flag != nullptr && *flag;
}

const boost::json::object* object_of(const boost::json::object& in, std::string_view key) {
  const boost::json::value* found = in.if_contains(key);
  return found != nullptr ? found->if_object() : nullptr;
}

const boost::json::array& list_of(const boost::json::object& in, std::string_view key) {
  static const boost::json::array kNone;
  const boost::json::value* found = in.if_contains(key);
  const boost::json::array* list = found != nullptr ? found->if_array() : nullptr;
  return list != nullptr ? *list : kNone;
}

std::vector<std::string> texts_of(const boost::json::object& in, std::string_view key) {
  std::vector<std::string> out;
  for (const boost::json::value& one : list_of(in, key)) {
    if (one.is_string()) out.emplace_back(one.get_string());
  }
  return out;
}

std::string joined(const boost::json::array& texts, std::string_view separator) {
  std::string out;
  for (const boost::json::value& element : texts) {
    const boost::json::string* text = element.if_string();
    if (text == nullptr) continue;
    if (!out.empty()) out += separator;
    out.append(text->data(), text->size());
  }
  return out;
}

}  // namespace satchel::cli
