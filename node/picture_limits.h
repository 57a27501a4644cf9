#pragma once

#include "core/base/result.h"
#include "core/campaign/profile.h"
#include "core/portrait/limits.h"

namespace satchel::node {

/// The judge's limits as the campaign sets them: core::Profile::picture by name, the accepted grounds
/// from its [background], the rest as core/portrait/limits.h has it.
/// core/campaign does not know core/portrait, so the two meet here. kProfileBad, with the name, for one that is no limit.
core::Result<core::portrait::Limits> picture_limits(const core::Profile& profile);

}  // namespace satchel::node
