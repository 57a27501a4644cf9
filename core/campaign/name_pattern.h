#pragma once

#include <string_view>

#include "core/base/result.h"

namespace satchel::core {

/// A pattern for exported file names has at least one of the fields {id_number}, {student_number}, {ref}, no other brace, no
/// folder, and ends in ".jpg". kProfileBad otherwise, with the reason. Filled in by core/export/naming.h.
Result<void> check_name_pattern(std::string_view pattern);

}  // namespace satchel::core
