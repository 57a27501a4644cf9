#pragma once

#include <map>
#include <set>
#include <string>

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// The hub's desk: roster, codes, review, export. Operations of the table (operations.h); arguments and answers are documented
// there.

core::Result<Answer> import_roster(Node& node, const boost::json::object& arguments, const Progress& progress);
/// roster.mark: sets "exempt", "retake" or "none" for the students of a list.
core::Result<Answer> mark_roster(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> list_conflicts(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> show_conflict(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> resolve_conflict(Node& node, const boost::json::object& arguments, const Progress& progress);
/// A collection code of this student, issued now under the number that counts, as a JPEG to be printed.
core::Result<core::Bytes> code_picture(Node& node, const Enrolled& all, const core::StudentState& state);
/// code.issue {out, student, class}: a picture of each student's code.
core::Result<Answer> issue_codes(Node& node, const boost::json::object& arguments, const Progress& progress);
/// code.revoke {students, list, out}: codes issued so far count no more; with `out` new ones are issued at once.
core::Result<Answer> revoke_codes(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> list_reviews(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> approve(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> reject(Node& node, const boost::json::object& arguments, const Progress& progress);
/// review.undo: takes back the last verdict on each of "students"; the submission waits again.
core::Result<Answer> undo_review(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> unlock(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> export_pictures(Node& node, const boost::json::object& arguments, const Progress& progress);

/// Calls `visit` for each student's whole state, opened, in order of reference. Stops at the first error.
core::Result<void> each_student(Node& node, const Enrolled& all,
                                const std::function<core::Result<void>(const core::StudentState&)>& visit);

/// The numbers in the column 学号 of a list (CSV, TSV, XLSX), or in its first column when it has no header. kRosterBad.
core::Result<std::vector<std::string>> read_numbers(core::ByteView file);

/// Who is on the roster by 学号; nobody stands under an empty one.
using ByNumber = std::map<std::string, core::StudentRef, std::less<>>;
core::Result<ByNumber> students_by_number(Node& node, const Enrolled& all);
/// A student whose row is here. kStudentUnknown.
core::Result<core::StudentState> listed_student(const Enrolled& all, core::StudentRef student);
/// Every node that may take a picture of this student or hold something of it: its site, and who has taken or submitted one. Not
/// the hub, and nobody whose key is not trusted any more.
std::set<core::NodeNumber> who_holds(const core::Membership& members, const core::StudentState& state);
std::set<core::NodeNumber> who_holds(const Enrolled& all, const core::StudentState& state);

/// The best rendition of a picture that is here to be looked at: "standard", else "preview"; nullopt when none is.
struct Shown {
  std::string_view name;
  core::Hash hash;
};
core::Result<std::optional<Shown>> best_rendition(const Enrolled& all, const core::CaptureSeen* capture);
/// Writes it to `path`; false when nothing is here yet.
core::Result<bool> write_rendition(Node& node, const Enrolled& all, const core::CaptureSeen* capture, const std::string& path);

/// What is decided for each of `students`, as typed: `one` fills its line in or fails, and the others go on. The lines stand
/// under `words.list`; a single student's error is the answer's. A receipt is issued, since it covers what was let go.
struct DecideWords {
  std::string_view schema;
  std::string_view list;
};
using DecideOne = std::function<core::Result<void>(core::StudentRef, boost::json::object& line)>;
core::Result<Answer> decide_each(Enrolled& all, const std::vector<std::string>& students, const DecideWords& words,
                                 const DecideOne& one);

/// A new node takes the place of revoked ones: the rows of their students, and the verdicts on them, are stated for it. Gives how
/// many students it was. Durable when it returns; done again after a kill it only says the same again.
core::Result<std::size_t> hand_over_students(Node& node, Enrolled& all, const std::vector<core::NodeNumber>& from,
                                             core::NodeNumber to);

}  // namespace satchel::node
