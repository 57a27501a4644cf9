#include "node/arguments.h"

#include <charconv>

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;

Result<std::string> text_argument(const boost::json::object& arguments, std::string_view name) {
  std::string text = optional_text(arguments, name);
  if (text.empty()) return Error{Code::kUsage, "argument " + std::string(name)};
  return text;
}

std::string optional_text(const boost::json::object& arguments, std::string_view name) {
  const auto* value = arguments.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string());
}

namespace {

Result<std::string> bounded_text(const boost::json::object& arguments, std::string_view name, std::size_t most) {
  std::string text = optional_text(arguments, name);
  if (text.size() > most) return Error{Code::kUsage, std::string(name) + " is longer than " + std::to_string(most) + " bytes"};
  return text;
}

}  // namespace

Result<std::string> note_argument(const boost::json::object& arguments) { return bounded_text(arguments, "note", 1000); }

Result<std::string> reviewer_argument(const boost::json::object& arguments) { return bounded_text(arguments, "by", 100); }

Result<std::string> why_argument(const boost::json::object& arguments, std::string_view name) {
  return bounded_text(arguments, name, 500);
}

Result<std::uint64_t> number_argument(const boost::json::object& arguments, std::string_view name, std::uint64_t otherwise) {
  const std::string text = optional_text(arguments, name);
  if (text.empty()) return otherwise;
  std::uint64_t out = 0;
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (trouble != std::errc{} || end != text.data() + text.size())
    return Error{Code::kUsage, std::string(name) + " is no whole number"};
  return out;
}

bool flag(const boost::json::object& arguments, std::string_view name) {
  const auto* value = arguments.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

Result<std::vector<std::string>> list_argument(const boost::json::object& arguments, std::string_view name) {
  const auto* value = arguments.if_contains(name);
  if (value == nullptr || !value->is_array() || value->get_array().empty())
    return Error{Code::kUsage, "argument " + std::string(name)};
  std::vector<std::string> out;
  for (const auto& item : value->get_array()) {
    if (!item.is_string()) return Error{Code::kUsage, "argument " + std::string(name)};
    out.emplace_back(item.get_string());
  }
  return out;
}

Result<core::StudentRef> student_argument(const boost::json::object& arguments, std::string_view name) {
  SATCHEL_TRY_ASSIGN(const std::string text, text_argument(arguments, name));
  const auto student = core::StudentRef::parse(text);
  if (!student) return Code::kStudentRefBad;
  return *student;
}

std::string short_id(const core::Hash& id) { return id.hex().substr(0, 16); }

}  // namespace satchel::node
