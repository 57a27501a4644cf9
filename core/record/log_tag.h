#pragma once

#include <map>

#include "core/record/receipts.h"

namespace satchel::core {

struct LogTagTag;
/// Four bytes of a hash over what stands at the named places of one author's logs. Two who name the same places and mean the same
/// bundles have the same tag; histories that parted agree in it by chance once in 2^32 (protocol/SPEC.md, "Tag and show").
using LogTag = FixedBytes<LogTagTag, 4>;
/// `roots`: for each log how far, and the root of the bundle at that place.
LogTag log_tag(const std::map<LogId, RootAt>& roots);

}  // namespace satchel::core
