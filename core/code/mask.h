#pragma once

#include <string>
#include <string_view>

namespace satchel::core {

/// A name as it may be shown: the first and the last character, a `*` for each between; of two characters only the first; of one
/// nothing (notice SR; one-character names are our addition). A character is a Unicode code point; bytes that are not UTF-8
/// become
/// `*` and are never shown.
std::string mask_name(std::string_view name);

/// An ID number as it may be shown: the last four characters, a `*` for each before (notice SR). Four or fewer: all `*`.
std::string mask_id_number(std::string_view id_number);

}  // namespace satchel::core
