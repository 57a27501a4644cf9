#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// retakes.list ("limit"): students of whom one picture lies here several times, or near copies; and swap alarms: near copies
/// under two students. retakes.show "student": each picture, its group, and the one that is proposed, with why. At the hub.
/// satchel.retakes/1, satchel.retake/1. A perceptual hash sees a picture, not a face: a near copy under two codes is strong
/// evidence that one picture was used twice; that two pictures of one code are unlike is weak evidence of anything.
core::Result<Answer> list_retakes(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> show_retake(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
