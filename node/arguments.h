#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"

namespace satchel::node {

// Reading an operation's arguments. They come from our own command line, but over a socket, so they are parsed like anything from
// outside: kUsage with the argument's name when one is missing or of the wrong kind.

core::Result<std::string> text_argument(const boost::json::object& arguments, std::string_view name);
/// Empty when it is not there.
std::string optional_text(const boost::json::object& arguments, std::string_view name);
/// A "note" for people and a reviewer's name, "by"; empty when not there. kUsage over 1,000 and over 100 bytes.
core::Result<std::string> note_argument(const boost::json::object& arguments);
core::Result<std::string> reviewer_argument(const boost::json::object& arguments);
/// Why, in words, for people: an "override" of a rule, the "reason" of a revocation; empty when not there. kUsage over 500 bytes.
core::Result<std::string> why_argument(const boost::json::object& arguments, std::string_view name);
/// A whole number in decimal digits, written as text; `otherwise` when it is not there.
core::Result<std::uint64_t> number_argument(const boost::json::object& arguments, std::string_view name, std::uint64_t otherwise);
bool flag(const boost::json::object& arguments, std::string_view name);
core::Result<std::vector<std::string>> list_argument(const boost::json::object& arguments, std::string_view name);
/// kStudentRefBad when it is no reference.
core::Result<core::StudentRef> student_argument(const boost::json::object& arguments, std::string_view name);

/// The 16 hexadecimal digits by which people name a record (a draft, a submission).
std::string short_id(const core::Hash& id);

}  // namespace satchel::node
