#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.h"

/// File names on a stick: eight characters and three, lower case, numbers only of nodes and files; FAT keeps them as they are and
/// they say nothing of a person.
///
///   0012s00a.sat   segment 10 of node 38      (digits of base 36)
///   0012m1.sat     its manifest, slot 1
///   0012n.sat      its note as a reader
namespace satchel::protocol {

inline constexpr std::string_view kStickFolder = "satchel";
inline constexpr std::uint32_t kStickNodeMax = 36 * 36 * 36 * 36 - 1;
inline constexpr std::uint32_t kSegmentCounterMax = 36 * 36 * 36 - 1;

struct StickName {
  enum class Kind : std::uint8_t { segment, manifest, note };
  Kind kind = Kind::segment;
  core::NodeNumber node;
  std::uint32_t counter = 0;  ///< of a segment; slot 0 or 1 of a manifest; 0 for a note
};

std::string file_name(const StickName& name);
/// Upper case is accepted (some systems list FAT names so); nullopt for every other file.
std::optional<StickName> parse_file_name(std::string_view name);

}  // namespace satchel::protocol
