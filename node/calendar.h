#pragma once

#include "core/campaign/working_days.h"
#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// The profile's working days, and what the file "holidays" in the arguments adds to them (core/campaign/working_days.h).
core::Result<core::WorkingDays> read_calendar(Node& node, const core::Profile& profile, const boost::json::object& arguments);

}  // namespace satchel::node
