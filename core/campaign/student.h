#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/campaign/profile.h"
#include "core/record/facts.h"

namespace satchel::core {

/// The life of one student's picture:
///
///                                    ┌──────────── cooldown, lock: wait ◄────────────┐
///                                    ▼                                               │ failed check
///   unknown ──roster row──► eligible ──capture──► captured ──usable capture──► drafted(1..n) ──submission──► submitted
///                             │ │                                               │      ▲                       │   │   │
///                             │ │                        discard, after a while ┘      │   withdrawal, before   │   │   │
///                             │ └─ roster says so ─► exempt / delisted                 ├── it has left ◄────────┘   │   │
///                             │                     (a later row undoes it)            │                   reject    approve
///                             │                                           capture, and submission             │      │
///                             │                                              of another draft                 ▼      ▼
///                             └────────────────────────────────────────────────────────────────── rejected  approved ──export──►
///                             exported ──proof: right──► proofed ──handed over──► delivered ──the profile's days──► purged
///
///   after export nothing is taken or reviewed; an unlock reopens from there too, until a purge has destroyed the pictures.
///
///   over, without a submission: expired, which is no stage but a question of the calendar (windows.h); an unlock or a picture
///   that was taken in time and comes late passes it.
///
/// The stage is read off the SET of verified records, so it does not matter in which order, how often, or by which way they came.
/// What counts when several answer (product rules, "what two places may do to the same student"):
///   captures      all are kept; attempts are counted by author and only grow
///   locks         follow from the failed checks and the profile: locked(); the latest end counts, and an unlock by the hub that
///                 was signed after the check opens
///   discard       by who took the picture; a picture that was submitted is not discarded
///   roster row    by the hub only; highest version, then record id
///   verdict       by the hub only; an approval is final: the first one (lowest review epoch, then record id) stays, whatever is
///                 said later, but for an undo or unlock. Without one the highest epoch counts, then record id
///   undo          a verdict that takes back: voids verdicts on its submission up to its own epoch; the submission waits again
///   unlock        by the hub only; voids what was said of the submission that it names up to its own epoch, and that submission
///                 waits no more; the attempts that unlocks allow add up
///   withdrawal    by who submitted; that submission waits no more, and its picture is a draft again. A verdict goes before it
///   second look, national result, step of a case
///                 by the hub only; all are kept, and none of them moves the stage. What counts of the latter two: the largest
///                 version, then record id
///   resolution    by the hub only; for each submission the one with the highest epoch that names it, then record id: what it
///                 dismisses waits no more
///   proof         by the hub, or the site whose student it is; of those on the current submission the one with the
///                 highest epoch, then record id
///   errata        by the hub only; the one with the highest epoch, then record id, says whether a correction is open
///   purge         by the hub only; the widest scope; final, whatever arrives later
///   submission    the approved one; else the best of those that wait; else what the hub chose and has not decided, when it is
///                 not here; else the one that was rejected last. "Best" is the better grade, then the higher score, then the
///                 larger record id; one whose capture has not arrived is last
///   codes         revoked by the hub only; the largest number counts
///   foreign code  all matches are kept; the hub's answer on one counts by largest epoch, then record id
///   stage         purged, delivered, proofed, exported, approved, delisted, exempt, submitted, rejected, drafted, captured,
///                 eligible, unknown: the first that holds. `rejected` reopens: captures are allowed, and a new submission
///                 supersedes. An unlock reopens as well, from any stage after `drafted`: an approval is final but for it
enum class Stage : std::uint8_t {
  unknown = 0,    ///< nothing but foreign records: the roster row has not arrived
  eligible = 1,   ///< on the roster, no picture yet
  captured = 2,   ///< judged, none usable
  drafted = 3,    ///< at least one usable draft
  submitted = 4,  ///< chosen and frozen, waits for the hub
  approved = 5,
  rejected = 6,  ///< open again
  exported = 7,
  exempt = 8,    ///< photographed before
  delisted = 9,  ///< gone from the roster
  proofed = 10,  ///< exported, and the student found it right
  delivered = 11,
  purged = 12,  ///< the pictures are destroyed
};
/// "eligible": stable, for JSON.
std::string_view stage_name(Stage stage) noexcept;
/// Somebody still has to take a picture: eligible, captured, drafted, rejected.
bool lacks_picture(Stage stage) noexcept;

/// approved, exported, and what comes after: nothing is taken any more unless the hub opens it again.
bool approved_or_after(Stage stage) noexcept;
/// Has left the hub: exported, and what comes after.
bool exported_or_after(Stage stage) noexcept;
/// approved_or_after(), and the picture is not destroyed.
bool approved_and_kept(Stage stage) noexcept;

/// A record about the student, as far as the state keeps it: of what any node may say, by whom it was said.
template <class Fact>
struct Said {
  RecordId id;
  NodeNumber author;
  Fact fact;
  bool operator==(const Said&) const = default;
};
/// Of what only the hub's word counts for.
template <class Fact>
struct SaidByHub {
  RecordId id;
  Fact fact;
  bool operator==(const SaidByHub&) const = default;
};
using CaptureSeen = Said<CaptureFact>;
using SubmissionSeen = Said<SubmissionFact>;
using VerdictSeen = SaidByHub<VerdictFact>;
using UnlockSeen = SaidByHub<UnlockFact>;
using DiscardSeen = Said<DiscardFact>;
using WithdrawalSeen = Said<WithdrawalFact>;
using ResolutionSeen = SaidByHub<ResolutionFact>;
using SecondLookSeen = SaidByHub<SecondLookFact>;
using NationalSeen = SaidByHub<NationalFact>;
using CaseSeen = SaidByHub<CaseFact>;
using CodeRevocationSeen = SaidByHub<CodeRevocationFact>;
using ForeignCodeSeen = Said<ForeignCodeFact>;
using ForeignAnswerSeen = SaidByHub<ForeignAnswerFact>;
using ExportSeen = SaidByHub<ExportFact>;
using ProofSeen = Said<ProofFact>;
using ErrataSeen = SaidByHub<ErrataFact>;
using DeliverySeen = SaidByHub<DeliveryFact>;
using PurgeSeen = SaidByHub<PurgeFact>;
using PurgedSeen = Said<PurgedFact>;

/// What a reviewer is shown beside the stage; none of them loses anything.
struct StudentFlags {
  bool conflict = false;                ///< different pictures are submitted and none is decided
  bool verdict_conflict = false;        ///< two submissions were approved
  bool foreign_decision = false;        ///< a roster row, verdict or export by someone who is not the hub: ignored
  bool unusable_submission = false;     ///< the current submission names a failed capture without an override
  bool capture_missing = false;         ///< the current submission, or its capture, has not arrived
  bool submitted_while_closed = false;  ///< a submission waits although the student is exempt or delisted
  bool operator==(const StudentFlags&) const = default;
};

/// All that is known of one student. Lists are sorted by record id, so that equal sets give equal states.
struct StudentState {
  StudentRef student;
  Stage stage = Stage::unknown;
  StudentFlags flags;
  std::optional<RosterFact> roster;  ///< without_person() once the records are purged
  RecordId roster_record;            ///< zero without a roster row
  std::vector<CaptureSeen> captures;
  std::map<NodeNumber, std::uint32_t> attempts;  ///< captures by author
  std::vector<SubmissionSeen> submissions;
  std::vector<VerdictSeen> verdicts;  ///< the hub's, all
  std::vector<UnlockSeen> unlocks;    ///< the hub's, all
  std::vector<ExportSeen> exports;    ///< the hub's, all
  std::vector<DiscardSeen> discards;
  std::vector<WithdrawalSeen> withdrawals;
  std::vector<ResolutionSeen> resolutions;   ///< the hub's, all
  std::vector<SecondLookSeen> second_looks;  ///< the hub's, all
  std::vector<NationalSeen> nationals;       ///< the hub's, all
  std::vector<CaseSeen> case_steps;          ///< the hub's, all
  std::vector<ProofSeen> proofs;
  std::vector<ErrataSeen> errata;                    ///< the hub's, all
  std::vector<DeliverySeen> deliveries;              ///< the hub's, all
  std::vector<PurgeSeen> purges;                     ///< the hub's, all
  std::vector<PurgedSeen> purged;                    ///< each node's own word
  std::vector<CodeRevocationSeen> code_revocations;  ///< the hub's, all
  std::vector<ForeignCodeSeen> foreign_codes;
  std::vector<ForeignAnswerSeen> foreign_answers;  ///< the hub's, all
  std::optional<RecordId> current;                 ///< the submission that counts
  std::optional<RecordId> verdict;                 ///< the verdict on it, if there is one

  std::uint32_t attempts_total() const noexcept;
  bool operator==(const StudentState&) const = default;
};

/// Folds verified records about `student` (others, and enrolments, are passed over). A pure function of the set of record ids:
/// any order, any split, any repetition gives the same state. Cost: n log n.
StudentState fold(StudentRef student, std::span<const Record> records);

/// The state of the records that gave `state` together with `more`, in whatever they overlap: as fold() over all of them, at the
/// cost of `more` and of what the state lists.
StudentState fold_on(StudentState state, std::span<const Record> more);

/// Canonical bytes: equal states give equal bytes, and only they.
Bytes encode(const StudentState& state);
/// kMalformed for anything that encode() would not write, kVersionUnknown for a newer form.
Result<StudentState> decode_student(ByteView bytes);

// --- questions to a state; pointers borrow from it

const CaptureSeen* find_capture(const StudentState& state, const RecordId& id) noexcept;
const SubmissionSeen* find_submission(const StudentState& state, const RecordId& id) noexcept;
/// nullptr when nothing was submitted, or what was has not arrived here.
const SubmissionSeen* current_submission(const StudentState& state) noexcept;
/// Of the current submission; nullptr when nothing was submitted or its capture has not arrived.
const CaptureSeen* current_capture(const StudentState& state) noexcept;
/// On the current submission; nullptr when it is undecided.
const VerdictSeen* current_verdict(const StudentState& state) noexcept;
/// What was submitted and has no verdict: more than one is a conflict set. Best first.
std::vector<const SubmissionSeen*> pending_submissions(const StudentState& state);

/// Taken back by who submitted it, and not decided.
bool withdrawn(const StudentState& state, const SubmissionSeen& submission) noexcept;
/// The resolution that counts for this submission chose another one.
bool dismissed(const StudentState& state, const RecordId& submission) noexcept;

/// Usable captures that are in the box: not discarded, and not submitted but for what was withdrawn. Newest first (by wall time,
/// then monotonic time, then record id).
std::vector<const CaptureSeen*> usable_drafts(const StudentState& state);
const CaptureSeen* latest_usable_draft(const StudentState& state);

/// What the national check said of the submission that counts: the largest version, then record id; nullptr when nothing.
const NationalSeen* national_of(const StudentState& state) noexcept;
/// The step of this student's case that counts; nullptr when there is no case. It may be closed.
const CaseSeen* case_of(const StudentState& state) noexcept;
/// The versions that the next national result and the next step take.
std::uint64_t next_national_version(const StudentState& state) noexcept;
std::uint64_t next_case_version(const StudentState& state) noexcept;

/// False when an unlock has voided it, or it was undone; and of a word that only undoes.
bool stands(const StudentState& state, const VerdictFact& verdict) noexcept;
/// The hub has set this submission aside.
bool set_aside(const StudentState& state, const RecordId& submission) noexcept;
/// The newest unlock, while nothing has been decided since and nothing waits: what the teacher is to be told; nullptr else.
const UnlockSeen* open_by_unlock(const StudentState& state) noexcept;
/// The profile's attempts and those that unlocks allow, each review epoch counted once.
std::uint32_t attempts_allowed(const StudentState& state, const Profile& profile) noexcept;
/// Larger than that of every verdict and unlock here.
std::uint64_t next_review_epoch(const StudentState& state) noexcept;
/// More captures than the profile and the unlocks allow, over all authors.
bool over_attempts(const StudentState& state, const Profile& profile) noexcept;

/// Why no picture may be taken at this moment.
struct Lock {
  enum class Kind : std::uint8_t { cooldown, failures, day };
  Kind kind = Kind::cooldown;
  std::int64_t left_ms = 0;  ///< of the waiting time; above zero
  WallMs until;              ///< by the clock of `now`
  std::size_t failures = 0;  ///< failed checks in a row
};
/// "cooldown", "failures", "day".
std::string_view lock_name(Lock::Kind kind) noexcept;
/// What failed checks cost by the profile, as seen at `now`: of several the latest end. Checks are counted back to the last
/// usable capture, or the last unlock that was signed after them. A clock that was set back since a check (it was taken in what
/// is now the future, in another boot) holds nobody: within a boot monotonic time counts alone.
std::optional<Lock> locked(const StudentState& state, const Profile& profile, const Moment& now);
/// The windows of the student's site are over by this clock, and nothing was submitted: for lists, never a refusal.
bool expired(const StudentState& state, const Profile& profile, WallMs now);

/// Whether a new picture may be taken: kExempt, kStudentUnknown (not or no longer on the roster), kAlreadyApproved,
/// kAlreadySubmitted. Then, and these an operator may override with a signed reason: kAttemptsUsed, kDraftsFull.
Result<void> may_capture(const StudentState& state, const Profile& profile);
/// The same at this moment: kCooldown and kLocked too, with the time in the detail. An operator may override these as well.
Result<void> may_capture(const StudentState& state, const Profile& profile, const Moment& now);
/// Whether this draft may be deleted: kDraftUnknown, kDraftSubmitted, kDraftYoung before the profile's hours are over. A clock
/// that was set back holds as the draft were new.
Result<void> may_discard(const StudentState& state, const Profile& profile, const RecordId& capture, const Moment& now);
/// Whether the submission that waits may be taken back, as far as records say; whether it has left only the node knows. Gives it.
/// kNothingToWithdraw.
Result<RecordId> may_withdraw(const StudentState& state, NodeNumber by);
/// True for the refusals of may_capture() that an override passes.
bool may_override(Code refusal) noexcept;
/// Whether `capture` may be submitted now: as may_capture() without the last two, and kDraftUnknown (no such capture), kNoDraft
/// (it is not usable, or was submitted and rejected).
Result<void> may_submit(const StudentState& state, const RecordId& capture);
/// The smallest issue number of this student's collection codes that still counts (core/code/issue.h).
std::uint64_t codes_from(const StudentState& state) noexcept;

/// Where a foreign code of a student stands.
enum class ForeignStanding : std::uint8_t {
  matched = 0,    ///< by a person at a site; the hub has found out nothing yet
  confirmed = 1,  ///< the hub's mapping, decoder or a person says the same
  disputed = 2,   ///< the hub's answer names another student: a person must look
  refused = 3,    ///< a person has looked: it is not this student's
};
/// "matched", "confirmed", "disputed", "refused".
std::string_view standing_name(ForeignStanding standing) noexcept;
/// Of the code with this digest; nullopt when it was never matched to this student.
std::optional<ForeignStanding> foreign_standing(const StudentState& state, const Hash& digest) noexcept;
/// The answer that counts for this digest; nullptr when there is none.
const ForeignAnswerSeen* foreign_answer(const StudentState& state, const Hash& digest) noexcept;
/// The hub's answer on one of its foreign codes names another student.
bool code_disputed(const StudentState& state) noexcept;
/// Larger than that of every answer here.
std::uint64_t next_answer_epoch(const StudentState& state) noexcept;

/// Goes before others on every way: a student of the last term, one who must be taken again because an earlier picture failed the
/// verification, or one whose picture was rejected.
bool urgent(const StudentState& state) noexcept;
/// Whether it is settled that `submission` will not be used: it was rejected or set aside, or another one was approved, and it is
/// not approved itself. A submission that waits beside another one is not: a person has still to choose.
bool decided_against(const StudentState& state, const RecordId& submission);
/// Whether a rejection of the current submission may be taken back by an approval: kNothingToReview when there is none.
Result<void> may_undo_rejection(const StudentState& state);
/// Whether the hub may decide on the current submission: kNothingToReview, kAlreadyApproved.
Result<void> may_review(const StudentState& state);

}  // namespace satchel::core
