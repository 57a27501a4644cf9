#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// hub.enroll: answers a site's request with a card; the campaign hears of the new node in the hub's log to everyone. The same
/// request again gives the same number and a new card. Declared with the others in operations.h: init_hub, init_site, join.
core::Result<Answer> enroll(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
