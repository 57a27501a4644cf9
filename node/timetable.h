#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// timetable.import: at the hub, `file` becomes the timetable, which goes to everyone. Repairs and refused rows are told; classes
/// that no student has, too. With "dry_run" nothing is stated.
core::Result<Answer> import_timetable(Node& node, const boost::json::object& arguments, const Progress& progress);
/// timetable.show: the slots, of one "room" or "class" if named, with how many students each class still lacks.
core::Result<Answer> show_timetable(Node& node, const boost::json::object& arguments, const Progress& progress);
/// queue: who is to be taken next here: must be taken again and last terms first, then the classes of the present slot (of
/// "room"), then the rest in natural order. "recollect": only who was sent back. At most "limit" (20).
core::Result<Answer> show_queue(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
