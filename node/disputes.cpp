// The hub's desk: two reviewers who decided differently on one submission.
#include "node/disputes.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "node/arguments.h"
#include "node/desk.h"
#include "node/restate.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

Result<const core::ReviewerWord*> choose(const core::Dispute& dispute, const std::string& wanted) {
  if (wanted.empty()) {
    if (!dispute.settled()) return Error{Code::kChoiceNeeded, "the reviewers differ"};
    return &dispute.words.front();
  }
  const auto found = std::ranges::find(dispute.words, wanted, &core::ReviewerWord::word);
  if (found != dispute.words.end()) return &*found;
  std::string words;
  for (const core::ReviewerWord& word : dispute.words) words += (words.empty() ? "" : " ") + word.word;
  return Error{Code::kSubmissionUnknown, words};
}

/// What is decided must still be possible: as for a first verdict.
Result<void> may_say(const Enrolled& all, const core::StudentState& state, const core::Dispute& dispute, bool approve) {
  if (!approve) return core::exported_or_after(state.stage) ? Result<void>{Code::kAlreadyApproved} : Result<void>{};
  const core::SubmissionSeen* submission = core::find_submission(state, dispute.submission);
  const core::CaptureSeen* capture = submission != nullptr ? core::find_capture(state, submission->fact.capture) : nullptr;
  if (capture == nullptr) return Code::kPictureNotHere;
  SATCHEL_TRY_ASSIGN(const auto stored, all.ledger->blobs().find(capture->fact.standard));
  return stored ? Result<void>{} : Result<void>{Code::kPictureNotHere};
}

}  // namespace

void tell_dispute(json::object& out, const core::Dispute& dispute) {
  out["submission"] = short_id(dispute.submission);
  json::array words;
  for (const core::ReviewerWord& word : dispute.words) {
    words.push_back(json::object{{"word", word.word},
                                 {"approved", word.verdict->fact.approved},
                                 {"by", text_array(word.by)},
                                 {"note", word.verdict->fact.note},
                                 {"decided", core::to_iso8601(word.verdict->fact.decided.wall)}});
  }
  out["candidates"] = std::move(words);
  out["proposal"] = dispute.words.front().word;
  out["reason"] = core::dispute_reason_name(dispute.reason);
  json::array doubts;
  if (!dispute.settled()) doubts.emplace_back("reviewers_differ");
  out["doubts"] = std::move(doubts);
}

Result<std::string> settle_dispute(Node& node, Enrolled& all, const core::StudentState& state, const core::Dispute& dispute,
                                   const std::string& wanted, const std::string& by, const std::string& note) {
  SATCHEL_TRY_ASSIGN(const core::ReviewerWord* word, choose(dispute, wanted));
  core::VerdictFact verdict = word->verdict->fact;
  SATCHEL_TRY(may_say(all, state, dispute, verdict.approved));
  verdict.by = by;
  if (!note.empty()) verdict.note = note;
  verdict.decided = node.surroundings().clock.moment();
  verdict.review_epoch = all.ledger->number(core::next_review_epoch(state)) + 1;
  const core::VerdictFact undo = take_back_before(verdict);
  const auto audiences = who_holds(all, state);
  if (audiences.empty()) return Error{Code::kSiteUnknown, "the student's site"};
  Ledger::Turn turn = all.ledger->turn();
  if (!verdict.approved || core::urgent(state)) turn.make_urgent();
  for (const core::NodeNumber site : audiences) {
    SATCHEL_TRY(turn.state(core::Audience{site.value}, core::Lane::control, undo));
    SATCHEL_TRY(turn.state(core::Audience{site.value}, core::Lane::control, verdict));
  }
  SATCHEL_TRY(turn.commit());
  return word->word;
}

}  // namespace satchel::node
