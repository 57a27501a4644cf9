#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// hub.merge: takes in "sources" (sticks, bundle files), one after another; with "dry_run" only says what that would bring.
/// satchel.merge/1: "new" and "known" counts, "conflicts" and "quarantine" as lists, "late" with the submissions of which the
/// true time says that they were taken outside the windows ("late_count") or does not tell ("late_unclear_count"), "sources" with
/// what was wrong with each. A source that cannot be read does not stop the others. kNotHub.
core::Result<Answer> merge(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
