#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// campaign.show: the profile that this node follows, and what it sets. Any node.
core::Result<Answer> show_campaign(Node& node, const boost::json::object& arguments, const Progress& progress);
/// campaign.sign: at the hub, `file` becomes the campaign's profile in a new version, which goes to everyone. With "dry_run" only
/// what would change is told. kProfileBad, kNothingToDo when nothing changes.
core::Result<Answer> sign_campaign(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
