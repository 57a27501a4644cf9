#include "tests/property/campaign/naive_student.h"

#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace satchel::tests {
namespace {

using namespace core;

/// All facts of one kind about the student, by record id.
template <class Wanted>
std::map<RecordId, std::pair<NodeNumber, Wanted>> all(StudentRef student, const std::vector<Record>& records) {
  std::map<RecordId, std::pair<NodeNumber, Wanted>> out;
  for (const Record& record : records) {
    const Wanted* fact = std::get_if<Wanted>(&record.fact);
    if (fact != nullptr && fact->student == student) out[record.id] = {record.author, *fact};
  }
  return out;
}

template <class Wanted>
std::map<RecordId, Wanted> by_hub(StudentRef student, const std::vector<Record>& records, bool& foreign) {
  std::map<RecordId, Wanted> out;
  for (const auto& [id, said] : all<Wanted>(student, records)) {
    if (said.first == NodeNumber{0}) {
      out[id] = said.second;
    } else {
      foreign = true;
    }
  }
  return out;
}

/// How good a submission is, as a tuple in which larger is better: capture here, grade, score, id.
std::tuple<bool, int, double, RecordId> merit(const RecordId& id, const SubmissionFact& submission,
                                              const std::map<RecordId, std::pair<NodeNumber, CaptureFact>>& captures) {
  const auto found = captures.find(submission.capture);
  if (found == captures.end()) return {false, 0, 0, id};
  const CaptureFact& capture = found->second.second;
  const bool sane = !std::isnan(capture.score) && capture.score >= 0 && capture.score <= 100;
  return {true, -static_cast<int>(capture.grade), sane ? capture.score : 0, id};
}

}  // namespace

NaiveStudent naive_fold(StudentRef student, const std::vector<Record>& records) {
  NaiveStudent out;
  const auto captures = all<CaptureFact>(student, records);
  const auto submissions = all<SubmissionFact>(student, records);
  const auto rosters = by_hub<RosterFact>(student, records, out.foreign_decision);
  const auto verdicts = by_hub<VerdictFact>(student, records, out.foreign_decision);
  const auto unlocks = by_hub<UnlockFact>(student, records, out.foreign_decision);
  const auto exports = by_hub<ExportFact>(student, records, out.foreign_decision);
  out.attempts = static_cast<std::uint32_t>(captures.size());

  std::map<std::pair<std::uint64_t, RecordId>, RosterFact> rows;
  for (const auto& [id, fact] : rosters) rows[{fact.version, id}] = fact;
  out.listed = !rows.empty();
  const bool delisted = out.listed && rows.rbegin()->second.delisted;
  const bool exempt = out.listed && rows.rbegin()->second.exempt;

  std::map<std::pair<std::uint64_t, RecordId>, RecordId> approvals;
  std::map<std::pair<std::uint64_t, RecordId>, RecordId> rejections;
  std::set<RecordId> decided;
  std::map<std::uint64_t, std::uint32_t> granted;
  for (const auto& [id, fact] : unlocks) {
    decided.insert(fact.submission);
    granted[fact.review_epoch] = std::max(granted[fact.review_epoch], fact.attempts);
  }
  for (const auto& [epoch, attempts] : granted) out.granted += attempts;
  for (const auto& [id, fact] : verdicts) {
    bool voided = false;
    for (const auto& [other, unlock] : unlocks) {
      voided = voided || (unlock.submission == fact.submission && unlock.review_epoch >= fact.review_epoch);
    }
    decided.insert(fact.submission);
    if (voided) continue;
    (fact.approved ? approvals : rejections)[{fact.review_epoch, id}] = fact.submission;
  }
  std::map<std::tuple<bool, int, double, RecordId>, RecordId> waiting;
  std::set<RecordId> pictures;
  for (const auto& [id, said] : submissions) {
    if (decided.contains(id)) continue;
    waiting[merit(id, said.second, captures)] = id;
    const auto capture = captures.find(said.second.capture);
    pictures.insert(capture == captures.end() ? said.second.capture : capture->second.second.original);
  }

  if (!approvals.empty()) {
    out.current = approvals.begin()->second;
  } else if (!waiting.empty()) {
    out.current = waiting.rbegin()->second;
  } else if (!rejections.empty()) {
    out.current = rejections.rbegin()->second;
  }
  out.conflict = approvals.empty() && pictures.size() > 1;

  bool exported = false;
  for (const auto& [id, fact] : exports) exported = exported || fact.submission == out.current;
  bool draft = false;
  for (const auto& [id, said] : captures) {
    bool submitted = false;
    for (const auto& [other, submission] : submissions) submitted = submitted || submission.second.capture == id;
    draft = draft || (!submitted && (said.second.grade != Grade::fail || !said.second.override_reason.empty()));
  }

  out.stage = !approvals.empty()    ? (exported ? "exported" : "approved")
              : delisted            ? "delisted"
              : exempt              ? "exempt"
              : !waiting.empty()    ? "submitted"
              : !rejections.empty() ? "rejected"
              : draft               ? "drafted"
              : !captures.empty()   ? "captured"
              : out.listed          ? "eligible"
                                    : "unknown";
  return out;
}

}  // namespace satchel::tests
