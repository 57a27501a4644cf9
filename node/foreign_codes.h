#pragma once

#include <optional>
#include <string>

#include "core/record/facts.h"
#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// Codes that Satchel did not make: sealed as evidence, matched by a person at the site, answered for at the hub. Operations of
// the table (operations.h). No byte of a code is ever in an answer, an error or a log.

/// Whose a foreign code is taken to be, and the fact that says so, unless it was said before.
struct ForeignMatch {
  core::StudentRef student;
  std::optional<core::ForeignCodeFact> fact;
};
/// `named` is whom the operator names; without, whom the code was matched to earlier (kForeignUnknown, kForeignTwice). A code of
/// another student is kForeignTwice, unless `reason` says why it is this one's all the same.
core::Result<ForeignMatch> match_foreign(Node& node, const Enrolled& all, const std::string& bytes,
                                         std::optional<core::StudentRef> named, const std::string& reason);

/// code.match {image, student, override}: at a site, for a student who comes without Satchel's own code.
core::Result<Answer> match_code(Node& node, const boost::json::object& arguments, const Progress& progress);
/// code.foreign: every foreign code here, where it stands, and what a person must look at.
core::Result<Answer> list_foreign(Node& node, const boost::json::object& arguments, const Progress& progress);
/// code.resolve at the hub: {mapping} a table, {decoder, decoder_args, timeout_s} a program, or {student, decide} a person.
core::Result<Answer> resolve_foreign(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
