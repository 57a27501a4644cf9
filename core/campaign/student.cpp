#include "core/campaign/student.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "core/campaign/after_approval.h"
#include "core/campaign/student_rank.h"

namespace satchel::core {
namespace {

template <class Word>
bool later(const Word& a, const Word& b) {
  if (a.fact.review_epoch != b.fact.review_epoch) return a.fact.review_epoch > b.fact.review_epoch;
  return a.id > b.id;
}

/// Sorts records of one student into the state's lists, whatever their order.
class Collector {
 public:
  explicit Collector(StudentState& state) : state_(state) {}

  void take(const Record& record) {
    std::visit([&](const auto& fact) { add(record, fact); }, record.fact);
  }
  /// Each id counts once.
  void settle() {
    settle(state_.captures);
    settle(state_.submissions);
    settle(state_.verdicts);
    settle(state_.unlocks);
    settle(state_.exports);
    settle(state_.discards);
    settle(state_.withdrawals);
    settle(state_.resolutions);
    settle(state_.second_looks);
    settle(state_.nationals);
    settle(state_.case_steps);
    settle(state_.proofs);
    settle(state_.errata);
    settle(state_.deliveries);
    settle(state_.purges);
    settle(state_.purged);
    settle(state_.code_revocations);
    settle(state_.foreign_codes);
    settle(state_.foreign_answers);
    state_.attempts.clear();
    for (const CaptureSeen& seen : state_.captures) ++state_.attempts[seen.author];
  }

 private:
  template <class Seen>
  static void settle(std::vector<Seen>& list) {
    std::sort(list.begin(), list.end(), [](const Seen& a, const Seen& b) { return a.id < b.id; });
    list.erase(std::unique(list.begin(), list.end(), [](const Seen& a, const Seen& b) { return a.id == b.id; }), list.end());
  }
  bool from_hub(const Record& record) {
    if (record.author == kHubNumber) return true;
    state_.flags.foreign_decision = true;
    return false;
  }
  void add(const Record& record, const RosterFact& fact) {
    if (!from_hub(record)) return;
    if (state_.roster && std::tie(fact.version, record.id) < std::tie(state_.roster->version, state_.roster_record)) return;
    state_.roster = fact;
    state_.roster_record = record.id;
  }
  void add(const Record& record, const CaptureFact& fact) { state_.captures.push_back({record.id, record.author, fact}); }
  void add(const Record& record, const SubmissionFact& fact) { state_.submissions.push_back({record.id, record.author, fact}); }
  void add(const Record& record, const VerdictFact& fact) {
    if (from_hub(record)) state_.verdicts.push_back({record.id, fact});
  }
  void add(const Record& record, const UnlockFact& fact) {
    if (from_hub(record)) state_.unlocks.push_back({record.id, fact});
  }
  void add(const Record& record, const ExportFact& fact) {
    if (from_hub(record)) state_.exports.push_back({record.id, fact});
  }
  void add(const Record& record, const DiscardFact& fact) { state_.discards.push_back({record.id, record.author, fact}); }
  void add(const Record& record, const WithdrawalFact& fact) { state_.withdrawals.push_back({record.id, record.author, fact}); }
  void add(const Record& record, const ResolutionFact& fact) {
    if (from_hub(record)) state_.resolutions.push_back({record.id, fact});
  }
  void add(const Record& record, const SecondLookFact& fact) {
    if (from_hub(record)) state_.second_looks.push_back({record.id, fact});
  }
  void add(const Record& record, const NationalFact& fact) {
    if (from_hub(record)) state_.nationals.push_back({record.id, fact});
  }
  void add(const Record& record, const CaseFact& fact) {
    if (from_hub(record)) state_.case_steps.push_back({record.id, fact});
  }
  void add(const Record& record, const ProofFact& fact) { state_.proofs.push_back({record.id, record.author, fact}); }
  void add(const Record& record, const ErrataFact& fact) {
    if (from_hub(record)) state_.errata.push_back({record.id, fact});
  }
  void add(const Record& record, const DeliveryFact& fact) {
    if (from_hub(record)) state_.deliveries.push_back({record.id, fact});
  }
  void add(const Record& record, const PurgeFact& fact) {
    if (from_hub(record)) state_.purges.push_back({record.id, fact});
  }
  void add(const Record& record, const PurgedFact& fact) { state_.purged.push_back({record.id, record.author, fact}); }
  void add(const Record& record, const CodeRevocationFact& fact) {
    if (from_hub(record)) state_.code_revocations.push_back({record.id, fact});
  }
  void add(const Record& record, const ForeignCodeFact& fact) {
    state_.foreign_codes.push_back({record.id, record.author, fact});
  }
  void add(const Record& record, const ForeignAnswerFact& fact) {
    if (from_hub(record)) state_.foreign_answers.push_back({record.id, fact});
  }
  void add(const Record& /*record*/, const IndexFact& /*fact*/) {}
  void add(const Record& /*record*/, const TimetableFact& /*fact*/) {}
  void add(const Record& /*record*/, const MemberFact& /*fact*/) {}
  void add(const Record& /*record*/, const RevocationFact& /*fact*/) {}
  void add(const Record& /*record*/, const ProfileFact& /*fact*/) {}

  StudentState& state_;
};

/// The approval that stays: the first. The submission need not be here: a site may hear of what another site submitted.
const VerdictSeen* first_approval(const StudentState& state) {
  const VerdictSeen* out = nullptr;
  for (const VerdictSeen& verdict : state.verdicts) {
    if (!verdict.fact.approved || !stands(state, verdict.fact)) continue;
    if (out == nullptr || later(*out, verdict)) out = &verdict;
  }
  return out;
}

bool several_approved(const StudentState& state) {
  std::set<RecordId> approved;
  for (const VerdictSeen& verdict : state.verdicts) {
    if (verdict.fact.approved && stands(state, verdict.fact)) approved.insert(verdict.fact.submission);
  }
  return approved.size() > 1;
}

/// The newest verdict that stands: a rejection, when it is asked for after first_approval().
const VerdictSeen* last_verdict(const StudentState& state) {
  const VerdictSeen* out = nullptr;
  for (const VerdictSeen& verdict : state.verdicts) {
    if (stands(state, verdict.fact) && (out == nullptr || later(verdict, *out))) out = &verdict;
  }
  return out;
}

/// What the hub chose among submissions of several places and what is not here: a site does not hear of what another submitted.
/// It waits all the same, so that nobody is photographed again meanwhile.
const ResolutionSeen* awaited_choice(const StudentState& state) {
  const ResolutionSeen* out = nullptr;
  for (const ResolutionSeen& seen : state.resolutions) {
    const RecordId& chosen = seen.fact.chosen;
    if (find_submission(state, chosen) != nullptr || dismissed(state, chosen) || set_aside(state, chosen)) continue;
    const bool decided = std::any_of(state.verdicts.begin(), state.verdicts.end(), [&](const VerdictSeen& verdict) {
      return verdict.fact.submission == chosen && stands(state, verdict.fact);
    });
    if (!decided && (out == nullptr || later(seen, *out))) out = &seen;
  }
  return out;
}

void choose_current(StudentState& state) {
  const VerdictSeen* verdict = first_approval(state);
  if (verdict == nullptr) {
    if (const auto pending = pending_submissions(state); !pending.empty()) {
      state.current = pending.front()->id;
      return;
    }
    if (const ResolutionSeen* choice = awaited_choice(state)) {
      state.current = choice->fact.chosen;
      return;
    }
    verdict = last_verdict(state);
  }
  if (verdict == nullptr) return;
  state.current = verdict->fact.submission;
  state.verdict = verdict->id;
}

bool exported(const StudentState& state) {
  return std::any_of(state.exports.begin(), state.exports.end(),
                     [&](const ExportSeen& seen) { return state.current && seen.fact.submission == *state.current; });
}

/// Each step counts by itself: a proof that came before the export's record has arrived is not lost.
Stage read_after_approval(const StudentState& state) {
  if (current_delivery(state) != nullptr) return Stage::delivered;
  const ProofSeen* proof = current_proof(state);
  if (!exported(state)) return Stage::approved;
  return proof != nullptr && proof->fact.right ? Stage::proofed : Stage::exported;
}

Stage read_stage(const StudentState& state) {
  if (purges(state, PurgeScope::pictures)) return Stage::purged;
  const VerdictSeen* verdict = current_verdict(state);
  if (verdict != nullptr && verdict->fact.approved) return read_after_approval(state);
  if (state.roster && state.roster->delisted) return Stage::delisted;
  if (state.roster && state.roster->exempt) return Stage::exempt;
  if (verdict != nullptr) return Stage::rejected;
  if (state.current) return Stage::submitted;
  if (!usable_drafts(state).empty()) return Stage::drafted;
  if (!state.captures.empty()) return Stage::captured;
  return state.roster ? Stage::eligible : Stage::unknown;
}

/// Two submissions show one picture when they name one capture, or captures of one file.
bool different_pictures(const StudentState& state, const std::vector<const SubmissionSeen*>& pending) {
  std::set<Hash> pictures;
  for (const SubmissionSeen* submission : pending) {
    const CaptureSeen* capture = find_capture(state, submission->fact.capture);
    pictures.insert(capture != nullptr ? capture->fact.original : submission->fact.capture);
  }
  return pictures.size() > 1;
}

void raise_flags(StudentState& state) {
  const CaptureSeen* capture = current_capture(state);
  const bool open = state.current && !state.verdict;
  state.flags.conflict = open && different_pictures(state, pending_submissions(state));
  state.flags.verdict_conflict = several_approved(state);
  state.flags.capture_missing = state.current && capture == nullptr;
  state.flags.unusable_submission = capture != nullptr && !capture->fact.usable();
  state.flags.submitted_while_closed = open && (state.stage == Stage::delisted || state.stage == Stage::exempt);
}

}  // namespace

StudentState fold(StudentRef student, std::span<const Record> records) {
  StudentState nothing;
  nothing.student = student;
  return fold_on(std::move(nothing), records);
}

StudentState fold_on(StudentState state, std::span<const Record> more) {
  const bool foreign_decision = state.flags.foreign_decision;
  state.flags = {};
  state.flags.foreign_decision = foreign_decision;
  state.current.reset();
  state.verdict.reset();
  Collector collector{state};
  for (const Record& record : more) {
    if (student_of(record.fact) == state.student) collector.take(record);
  }
  collector.settle();
  if (state.roster && purges(state, PurgeScope::records)) state.roster = without_person(*std::move(state.roster));
  choose_current(state);
  state.stage = read_stage(state);
  raise_flags(state);
  return state;
}

}  // namespace satchel::core
