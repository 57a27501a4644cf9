#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/campaign/name_pattern.h"

namespace satchel::core {

/// What a file name may be made of.
struct ExportSubject {
  StudentRef student;
  std::string student_number;
  std::string id_number;
};

struct ExportNames {
  std::vector<std::string> names;       ///< one for each subject, in their order; empty where refused
  std::vector<std::size_t> collisions;  ///< subjects whose name is another's too: none of them gets it
  std::vector<std::size_t> unnamed;     ///< subjects whose fields give no usable name (empty, reserved, too long)
};

/// Names for all at once, by a pattern that check_name_pattern() accepts, with the fields {id_number}, {student_number} and
/// {ref}: "{id_number}.jpg" by default (notice NC). Letters of an ID number are upper case (X). Names are safe on FAT and
/// Windows: what those forbid becomes `_`; they collide when they differ in case only.
ExportNames plan_names(std::span<const ExportSubject> subjects, std::string_view pattern);

/// A folder for a class, safe as above; "未分班" for one without a name.
std::string class_folder(std::string_view class_name);

/// True for a file name that FAT and Windows take as it is: no reserved device name, no forbidden character, no trailing dot or
/// space, at most 200 bytes.
bool fat_safe(std::string_view name) noexcept;

}  // namespace satchel::core
