#pragma once

#include "core/campaign/working_days.h"
#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// The working days of the file "holidays" in the arguments (core/campaign/working_days.h); Monday to Friday without one.
core::Result<core::WorkingDays> read_calendar(Node& node, const boost::json::object& arguments);

}  // namespace satchel::node
