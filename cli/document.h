#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace satchel::cli {

// Reading an answer for people. An answer may come from a node of another version: what is missing or of another type reads as
// nothing, and is simply not shown.

/// Empty when absent.
std::string text_of(const boost::json::object& in, std::string_view key);
/// 0 when absent or negative; a fraction is cut off.
std::uint64_t count_of(const boost::json::object& in, std::string_view key);
double number_of(const boost::json::object& in, std::string_view key);
bool flag_of(const boost::json::object& in, std::string_view key);
/// nullptr when absent.
const boost::json::object* object_of(const boost::json::object& in, std::string_view key);
/// An empty array when absent.
const boost::json::array& list_of(const boost::json::object& in, std::string_view key);
/// The elements of a list that are texts; empty when absent.
std::vector<std::string> texts_of(const boost::json::object& in, std::string_view key);
/// The elements that are texts, joined.
std::string joined(const boost::json::array& texts, std::string_view separator);

}  // namespace satchel::cli
