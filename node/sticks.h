#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// The stick by hand: the same bundles as on a link. Operations of the table (operations.h).

core::Result<Answer> write_to_stick(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> read_from_stick(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
