#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace satchel::core {

/// The columns of a roster, in the order of the notices' table (SH, NC), then ours.
enum class RosterColumn : std::size_t {
  number,
  name,
  id_number,
  enrolled_on,
  level,
  site,
  class_name,
  major,
  phone,
  mail,
  remark,
  exempt,
  must_retake
};
inline constexpr std::size_t kRosterColumns = 13;
inline constexpr std::size_t kRosterRequired = 6;  ///< the first six must be there

/// "学号".
std::string_view roster_head(RosterColumn column) noexcept;
/// The column that a header cell names, by its own name or one that schools use for it; blanks, a trailing `*`, and what stands
/// in brackets ("姓名（必填）") do not count, nor does the case of Latin letters.
std::optional<RosterColumn> roster_column(std::string_view head);

}  // namespace satchel::core
