#pragma once

#include <optional>
#include <string>

#include "core/campaign/student.h"
#include "core/portrait/crop.h"
#include "core/portrait/verdict.h"
#include "node/node.h"

namespace satchel::node {

// What every way of taking a picture does: judge, keep, choose.

/// A picture with all that is made of it.
struct Shot {
  core::portrait::Verdict verdict;
  core::Bytes original;
  core::Bytes standard;
  core::Bytes preview;
  std::optional<core::portrait::Replacement> ground;  ///< where the campaign replaces it
  core::CaptureFact fact;
};

struct TakeWish {
  std::string override_reason;                 ///< the operator's signed word; empty without one
  bool submit = false;                         ///< at once, when it is usable
  std::vector<std::string> looked_at;          ///< of the operator's checklist; said with the submission
  std::string admission;                       ///< the admission photo to compare with; empty without one
  std::optional<core::ForeignCodeFact> match;  ///< stated with the picture: whose the foreign code is that was shown
};

struct Taken {
  Shot shot;
  core::RecordId draft;
  std::optional<core::RecordId> submission;
  std::uint32_t attempt = 0;        ///< the how-manyeth of this student, over all sites as far as known
  std::uint32_t attempts_left = 0;  ///< by the profile and the hub's unlocks
  std::optional<core::Lock> lock;   ///< what it has cost the student
};

/// A student whose row is here; or a visitor: one of another site, whom the hub's index names. A visitor's state gets the little
/// that the index says in place of the row. kStudentUnknown, kExempt.
core::Result<core::StudentState> known_student(Node& node, const Enrolled& all, core::StudentRef ref);

/// Judges the picture file at `path` and keeps it for `student`: durable when it returns. What may_capture() refuses is refused
/// here, before the file is read, unless the wish passes it. Errors of the file and of the disk besides.
core::Result<Taken> take_picture(Node& node, Enrolled& all, core::StudentRef student, const std::string& path,
                                 const TakeWish& wish);

/// Submits a usable capture of this student: durable when it returns. `looked_at`: what of the operator's checklist. As
/// may_submit().
core::Result<core::RecordId> submit_draft(Node& node, Enrolled& all, const core::StudentState& state,
                                          const core::CaptureSeen& draft, const std::vector<std::string>& looked_at);
/// Submits the best of the drafts that this node took of the student: the better grade, then the higher score. False when there
/// is none that may be submitted.
core::Result<bool> submit_best_draft(Node& node, Enrolled& all, core::StudentRef student,
                                     const std::vector<std::string>& looked_at);

}  // namespace satchel::node
