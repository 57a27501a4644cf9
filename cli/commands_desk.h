#pragma once

#include <array>

#include "cli/commands.h"

// The parameters of the hub's desk, for the table in commands.cpp.
namespace satchel::cli::desk {

inline constexpr std::array kMerge{
    Parameter{Kind::paths, "SOURCE", "", "sources", true, Phrase::option_sources},
    Parameter{Kind::flag, "--dry-run", "", "dry_run", false, Phrase::option_merge_dry_run},
};

}  // namespace satchel::cli::desk
