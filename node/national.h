#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// What comes after the export: the national check and its cases. At the hub.

/// national.import: takes the result list "file" ("dry_run": only says so). What failed or is undetermined and has no open case
/// gets one, due in the profile's days for proofing (the shorter); what passed closes its case. satchel.national/1.
core::Result<Answer> import_national(Node& node, const boost::json::object& arguments, const Progress& progress);

/// cases.list ("all": closed ones too; "owner"), cases.show "student": satchel.cases/1, satchel.case/1.
core::Result<Answer> list_cases(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> show_case(Node& node, const boost::json::object& arguments, const Progress& progress);
/// cases.step, cases.close "student": "owner", "next", "due" (a date), each kept as it was when it is not given. Opens a case
/// where there is none. satchel.case/1.
core::Result<Answer> step_case(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> close_case(Node& node, const boost::json::object& arguments, const Progress& progress);
/// cases.pack "student" "out": the objection pack, one ZIP archive with the verdicts, the picture, the original, their hashes and
/// the records about them. satchel.pack/1.
core::Result<Answer> pack_case(Node& node, const boost::json::object& arguments, const Progress& progress);

/// One line of a case as lists show it, for a state that has one.
boost::json::object case_document(const core::StudentState& state, core::WallMs now);

}  // namespace satchel::node
