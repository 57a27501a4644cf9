#pragma once

#include <optional>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/store/store.h"

namespace satchel::node {

/// The bundle that brought a picture which has been destroyed since: that it had arrived stays known. nullopt when it never lay
/// here, or still does.
core::Result<std::optional<core::BundleId>> destroyed_carrier(const core::Store& store, const core::Hash& picture);

}  // namespace satchel::node
