#include "tests/property/campaign/naive_student.h"

#include <algorithm>
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

/// It takes back, or was taken back.
bool undone(const std::map<RecordId, VerdictFact>& verdicts, const VerdictFact& verdict) {
  if (verdict.undone) return true;
  for (const auto& [id, other] : verdicts) {
    if (other.undone && other.submission == verdict.submission && other.review_epoch >= verdict.review_epoch) return true;
  }
  return false;
}

bool set_aside_at(const std::map<RecordId, UnlockFact>& unlocks, const VerdictFact& verdict) {
  for (const auto& [id, unlock] : unlocks) {
    if (unlock.submission == verdict.submission && unlock.review_epoch >= verdict.review_epoch) return true;
  }
  return false;
}

}  // namespace

namespace {

void look_at_codes(StudentRef student, const std::vector<Record>& records, NaiveStudent& out) {
  for (const auto& [id, fact] : by_hub<CodeRevocationFact>(student, records, out.foreign_decision)) {
    out.codes_from = std::max(out.codes_from, fact.below);
  }
  for (const auto& [id, said] : all<ForeignCodeFact>(student, records)) out.foreign[said.second.digest] = "matched";
  std::map<std::tuple<Hash, std::uint64_t, RecordId>, ForeignAnswerFact> in_order;
  for (const auto& [id, fact] : by_hub<ForeignAnswerFact>(student, records, out.foreign_decision)) {
    in_order[{fact.digest, fact.epoch, id}] = fact;
  }
  for (const auto& [when, fact] : in_order) {
    const auto known = out.foreign.find(fact.digest);
    if (known == out.foreign.end()) continue;
    known->second = fact.confirmed ? "confirmed" : fact.source == AnswerSource::person ? "refused" : "disputed";
  }
}

}  // namespace

namespace {

std::string word_of(const VerdictFact& verdict) { return verdict.approved ? "approve" : verdict.reason; }

/// What is proposed where a view of a submission has these words, said by these people.
std::string propose(const std::map<std::string, std::set<std::string>>& words, const RecordId& submission, StudentRef student,
                    const std::vector<Record>& records) {
  std::map<std::string, int> agree;
  int yes = 0;
  int no = 0;
  std::set<std::string> parties;
  for (const auto& [word, by] : words) parties.insert(by.begin(), by.end());
  bool ignored = false;
  for (const auto& [id, look] : by_hub<SecondLookFact>(student, records, ignored)) {
    if (look.submission != submission || parties.contains(look.by)) continue;
    ++(look.approved ? yes : no);
    ++agree[look.approved ? "approve" : look.reason];
  }
  if (words.contains("approve")) {
    if (yes > no) return "approve";
    const auto submissions = all<SubmissionFact>(student, records);
    const auto captures = all<CaptureFact>(student, records);
    const auto seen = submissions.find(submission);
    const auto capture = seen == submissions.end() ? captures.end() : captures.find(seen->second.second.capture);
    if (yes == no && capture != captures.end() && capture->second.second.grade == Grade::pass) return "approve";
  }
  std::string best;
  for (const auto& [word, by] : words) {
    if (word != "approve" && (best.empty() || agree[word] > agree[best])) best = word;
  }
  return best;
}

void look_at_dispute(StudentRef student, const std::vector<Record>& records, const std::map<RecordId, VerdictFact>& verdicts,
                     const std::set<RecordId>& without, NaiveStudent& out) {
  std::map<std::tuple<bool, RecordId, std::uint64_t>, std::map<std::string, std::set<std::string>>> views;
  for (const auto& [id, fact] : verdicts) {
    if (without.contains(id)) continue;
    views[{fact.submission == out.current, fact.submission, fact.review_epoch}][word_of(fact)].insert(fact.by);
  }
  for (const auto& [view, words] : views) {
    if (words.size() < 2) continue;
    out.disputed = std::get<1>(view);
    out.dispute_proposal = propose(words, *out.disputed, student, records);
  }
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
  const auto resolutions = by_hub<ResolutionFact>(student, records, out.foreign_decision);
  const auto errata = by_hub<ErrataFact>(student, records, out.foreign_decision);
  const auto deliveries = by_hub<DeliveryFact>(student, records, out.foreign_decision);
  const auto purges = by_hub<PurgeFact>(student, records, out.foreign_decision);
  const auto proofs = all<ProofFact>(student, records);
  const auto discards = all<DiscardFact>(student, records);
  const auto withdrawals = all<WithdrawalFact>(student, records);
  look_at_codes(student, records, out);
  out.attempts = static_cast<std::uint32_t>(captures.size());

  std::map<std::pair<std::uint64_t, RecordId>, RosterFact> rows;
  for (const auto& [id, fact] : rosters) rows[{fact.version, id}] = fact;
  out.listed = !rows.empty();
  const bool delisted = out.listed && rows.rbegin()->second.delisted;
  const bool exempt = out.listed && rows.rbegin()->second.exempt;

  std::map<std::pair<std::uint64_t, RecordId>, RecordId> approvals;
  std::map<std::pair<std::uint64_t, RecordId>, RecordId> rejections;
  std::set<RecordId> decided;
  std::set<RecordId> with_verdict;
  std::map<std::uint64_t, std::uint32_t> granted;
  for (const auto& [id, fact] : unlocks) {
    decided.insert(fact.submission);
    granted[fact.review_epoch] = std::max(granted[fact.review_epoch], fact.attempts);
  }
  for (const auto& [epoch, attempts] : granted) out.granted += attempts;
  for (const auto& [id, fact] : verdicts) {
    if (undone(verdicts, fact)) continue;
    bool voided = false;
    for (const auto& [other, unlock] : unlocks) {
      voided = voided || (unlock.submission == fact.submission && unlock.review_epoch >= fact.review_epoch);
    }
    decided.insert(fact.submission);
    with_verdict.insert(fact.submission);
    if (voided) continue;
    (fact.approved ? approvals : rejections)[{fact.review_epoch, id}] = fact.submission;
  }
  const auto taken_back = [&](const RecordId& id) {
    for (const auto& [other, said] : withdrawals) {
      const auto submission = submissions.find(id);
      const bool own = submission != submissions.end() && submission->second.first == said.first;
      if (said.second.submission == id && own && !with_verdict.contains(id)) return true;
    }
    return false;
  };
  // By rising epoch, so that the last word stays.
  std::map<std::pair<std::uint64_t, RecordId>, ResolutionFact> choices;
  for (const auto& [id, fact] : resolutions) choices[{fact.review_epoch, id}] = fact;
  std::map<RecordId, bool> passed_over;
  for (const auto& [when, fact] : choices) {
    for (const RecordId& one : fact.dismissed) passed_over[one] = true;
    passed_over[fact.chosen] = false;
  }

  std::map<std::tuple<bool, int, double, RecordId>, RecordId> waiting;
  std::set<RecordId> pictures;
  for (const auto& [id, said] : submissions) {
    if (decided.contains(id) || taken_back(id) || passed_over[id]) continue;
    waiting[merit(id, said.second, captures)] = id;
    const auto capture = captures.find(said.second.capture);
    pictures.insert(capture == captures.end() ? said.second.capture : capture->second.second.original);
  }

  std::map<std::pair<std::uint64_t, RecordId>, RecordId> elsewhere;
  for (const auto& [when, fact] : choices) {
    const bool here = submissions.contains(fact.chosen);
    if (!here && !decided.contains(fact.chosen) && !passed_over[fact.chosen]) elsewhere[when] = fact.chosen;
  }

  if (!approvals.empty()) {
    out.current = approvals.begin()->second;
  } else if (!waiting.empty()) {
    out.current = waiting.rbegin()->second;
  } else if (!elsewhere.empty()) {
    out.current = elsewhere.rbegin()->second;
  } else if (!rejections.empty()) {
    out.current = rejections.rbegin()->second;
  }
  out.conflict = approvals.empty() && pictures.size() > 1;

  std::map<std::pair<std::uint64_t, RecordId>, RecordId> checks;
  for (const auto& [id, fact] : by_hub<NationalFact>(student, records, out.foreign_decision)) {
    if (fact.submission == out.current) checks[{fact.version, id}] = id;
  }
  if (!checks.empty()) out.national = checks.rbegin()->second;
  std::map<std::pair<std::uint64_t, RecordId>, RecordId> steps;
  for (const auto& [id, fact] : by_hub<CaseFact>(student, records, out.foreign_decision)) steps[{fact.version, id}] = id;
  if (!steps.empty()) out.case_step = steps.rbegin()->second;
  std::set<RecordId> verdicts_void;
  out.second_looks = by_hub<SecondLookFact>(student, records, out.foreign_decision).size();
  for (const auto& [id, one] : verdicts) {
    for (const auto& [other, two] : verdicts) {
      const bool at_once = one.submission == two.submission && one.review_epoch == two.review_epoch;
      const bool both_stand = !set_aside_at(unlocks, one) && !undone(verdicts, one) && !undone(verdicts, two);
      out.reviewers_differ =
          out.reviewers_differ || (at_once && both_stand && (one.approved != two.approved || one.reason != two.reason));
    }
  }

  for (const auto& [id, fact] : verdicts) {
    if (set_aside_at(unlocks, fact) || undone(verdicts, fact)) verdicts_void.insert(id);
  }
  look_at_dispute(student, records, verdicts, verdicts_void, out);

  bool exported = false;
  for (const auto& [id, fact] : exports) exported = exported || fact.submission == out.current;
  bool delivered = false;
  for (const auto& [id, fact] : deliveries) delivered = delivered || fact.submission == out.current;
  bool destroyed = false;
  for (const auto& [id, fact] : purges) destroyed = destroyed || fact.scope != PurgeScope::originals;
  std::map<std::pair<std::uint64_t, RecordId>, bool> said_right;
  for (const auto& [id, said] : proofs) {
    const bool own_site = out.listed && rows.rbegin()->second.site == said.first;
    if (said.second.submission == out.current && (said.first == NodeNumber{0} || own_site)) {
      said_right[{said.second.epoch, id}] = said.second.right;
    }
  }
  const bool right = !said_right.empty() && said_right.rbegin()->second;
  std::map<std::pair<std::uint64_t, RecordId>, bool> closed;
  for (const auto& [id, fact] : errata) closed[{fact.epoch, id}] = fact.closed;
  out.errata_open = !closed.empty() && !closed.rbegin()->second;
  bool draft = false;
  for (const auto& [id, said] : captures) {
    bool submitted = false;
    for (const auto& [other, submission] : submissions) {
      submitted = submitted || (submission.second.capture == id && !taken_back(other));
    }
    bool thrown_away = false;
    for (const auto& [other, discard] : discards) {
      thrown_away = thrown_away || (discard.second.capture == id && discard.first == said.first);
    }
    draft = draft || (!submitted && !thrown_away && (said.second.grade != Grade::fail || !said.second.override_reason.empty()));
  }

  out.stage = destroyed                                ? "purged"
              : !approvals.empty()                     ? (delivered           ? "delivered"
                                                          : exported && right ? "proofed"
                                                          : exported          ? "exported"
                                                                              : "approved")
              : delisted                               ? "delisted"
              : exempt                                 ? "exempt"
              : !waiting.empty() || !elsewhere.empty() ? "submitted"
              : !rejections.empty()                    ? "rejected"
              : draft                                  ? "drafted"
              : !captures.empty()                      ? "captured"
              : out.listed                             ? "eligible"
                                                       : "unknown";
  return out;
}

std::int64_t naive_wait_ms(StudentRef student, const std::vector<Record>& records, const LockRules& rules, const Moment& now) {
  bool foreign = false;
  const auto captures = all<CaptureFact>(student, records);
  const auto unlocks = by_hub<UnlockFact>(student, records, foreign);
  std::map<std::tuple<WallMs, MonoMs, RecordId>, CaptureFact> in_time;
  for (const auto& [id, said] : captures) in_time[{said.second.taken.wall, said.second.taken.mono, id}] = said.second;
  int failed = 0;
  int failed_today = 0;
  Moment last;
  for (const auto& [when, capture] : in_time) {
    bool opened = false;
    for (const auto& [id, unlock] : unlocks) opened = opened || unlock.unlocked.wall >= capture.taken.wall;
    if (opened || capture.grade != Grade::fail || !capture.override_reason.empty()) {
      failed = 0;
      failed_today = 0;
      continue;
    }
    bool day_code = false;
    for (const NotedFinding& finding : capture.findings) {
      for (const std::string& code : rules.day_codes)
        day_code = day_code || (finding.code == code && finding.grade == Grade::fail);
    }
    ++failed;
    failed_today = day_code ? failed_today + 1 : 0;
    last = capture.taken;
  }
  if (failed == 0) return 0;
  std::int64_t age = now.wall.value - last.wall.value;
  if (last.boot_id != 0 && last.boot_id == now.boot_id && now.mono >= last.mono) {
    age = now.mono - last.mono;
  } else if (age < 0) {
    return 0;
  }
  std::int64_t wait = rules.cooldown_min * 60'000LL - age;
  if (rules.fails > 0 && failed >= rules.fails) wait = std::max<std::int64_t>(wait, rules.lock_min * 60'000LL - age);
  if (rules.day_fails > 0 && failed_today >= rules.day_fails) {
    constexpr std::int64_t kDay = 86'400'000;
    const std::int64_t since_midnight = ((last.wall.value + 8 * 3'600'000) % kDay + kDay) % kDay;
    wait = std::max<std::int64_t>(wait, kDay - since_midnight - age);
  }
  return std::max<std::int64_t>(wait, 0);
}

}  // namespace satchel::tests
