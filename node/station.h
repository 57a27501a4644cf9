#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// The desk at a teaching point: scan → shoot → check → submit. Operations of the table (operations.h); arguments and answers are
// documented there.

/// code.scan: whose code each picture shows, or why it does not scan, and the cure.
core::Result<Answer> scan_codes(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> capture(Node& node, const boost::json::object& arguments, const Progress& progress);
/// capture of a folder: "folder", "table", "submit".
core::Result<Answer> capture_folder(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> list_drafts(Node& node, const boost::json::object& arguments, const Progress& progress);
/// discard: takes a draft out of the box, once the profile allows it.
core::Result<Answer> discard(Node& node, const boost::json::object& arguments, const Progress& progress);
/// withdraw: takes back what waits, as long as nothing has carried it away. kAlreadyLeft.
core::Result<Answer> withdraw(Node& node, const boost::json::object& arguments, const Progress& progress);
/// submit of all: the best draft of everyone who has one and has submitted nothing.
core::Result<Answer> submit_all(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> submit(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
