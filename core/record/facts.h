#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/crypto/membership.h"

namespace satchel::core {

/// What records say. Plain values; protocol/body turns them into Cap'n Proto bytes and back. All texts are UTF-8.

/// A column of the roster that has no meaning here: kept for the lists that go back to the school.
struct ExtraField {
  std::string name;
  std::string value;
  bool operator==(const ExtraField&) const = default;
};

/// One row of the roster, by the hub for one site. The row with the largest version counts.
struct RosterFact {
  StudentRef student;
  std::uint64_t version = 0;   ///< counts imports
  bool delisted = false;       ///< gone from the roster
  bool exempt = false;         ///< photographed before
  bool last_term = false;      ///< last term of study validity: first in every queue
  NodeNumber site;             ///< whose student
  std::string student_number;  ///< 学号
  std::string name;            ///< 姓名
  std::string id_number;       ///< 身份证号, X upper case
  std::string enrolled_on;     ///< 入学日期 YYYYMMDD
  std::string level;           ///< 学历层次
  std::string site_name;       ///< 站点
  std::string class_name;      ///< 班级
  std::string major;           ///< 专业
  std::string phone;           ///< 手机, possibly masked
  std::string mail;            ///< EMAIL
  std::string remark;          ///< 备注
  bool must_retake = false;    ///< an earlier picture failed the verification: to be taken, and before others
  std::vector<ExtraField> extra;
  bool operator==(const RosterFact&) const = default;
};

enum class Grade : std::uint8_t { pass = 0, advice = 1, fail = 2 };
/// "pass", "advice", "fail".
std::string_view grade_name(Grade grade);

/// One finding of the check, as it is kept: the words come from the catalogue by code.
struct NotedFinding {
  std::string code;  ///< "Q-BLUR"
  Grade grade = Grade::fail;
  double value = 0;
  bool operator==(const NotedFinding&) const = default;
};

/// A picture was taken of a student and judged. It is a draft when it may be submitted: grade is not fail, or an override stands.
struct CaptureFact {
  StudentRef student;
  Moment taken;
  Grade grade = Grade::fail;
  double score = 0;  ///< 0 to 100, larger is better
  std::vector<NotedFinding> findings;
  std::string override_reason;  ///< the operator's signed word; empty without one
  Hash original;                ///< BLAKE2b-256 of the untouched file
  std::uint64_t original_size = 0;
  Hash standard;  ///< of the standard picture; zero when none could be made
  std::uint64_t standard_size = 0;
  Hash preview;
  std::uint64_t perceptual_hash = 0;
  std::string judge_version;  ///< build and limits that judged
  bool usable() const { return grade != Grade::fail || !override_reason.empty(); }
  bool operator==(const CaptureFact&) const = default;
};

/// Which bundle carries a picture: the first eight bytes of the bundle's root, big-endian; 0 for none. A number in a log would do
/// if no disk were ever cloned: two machines with one disk write different pictures under one number, and what is said of the
/// one must not touch the other. Content that is sealed anew has a new root, and then this names nothing.
using BundleMark = std::uint64_t;
inline BundleMark bundle_mark(const Hash& root) { return ByteReader{root.view()}.u64_be(); }

/// A draft was chosen: from here on it is frozen.
struct SubmissionFact {
  StudentRef student;
  RecordId capture;
  Moment submitted;
  BundleMark photo_bundle = 0;           ///< of the author's: carries the standard picture
  BundleMark original_bundle = 0;        ///< carries the original
  std::vector<std::string> looked_at{};  ///< of the operator's checklist ("C-HAIR"): what the operator says to have looked at
  bool operator==(const SubmissionFact&) const = default;
};

/// The hub's decision on a submission.
struct VerdictFact {
  StudentRef student;
  RecordId submission;
  bool approved = false;
  std::string reason;              ///< code of the reject catalogue ("R-BLUR"); empty when approved
  std::string note;                ///< for the teacher; the operator keeps personal data out of it
  std::uint64_t review_epoch = 0;  ///< grows with each decision of this hub; the highest counts
  Moment decided;
  bool undone = false;  ///< takes back what verdicts up to this epoch said of the submission: it waits again
  std::string by = {};  ///< which reviewer, as the hub calls them; empty: not said
  bool operator==(const VerdictFact&) const = default;
};

/// The hub opens what is locked: a chosen picture, decided or not, counts no more, and more attempts are allowed. It is signed
/// like a verdict and needs no line: it works wherever it has arrived.
struct UnlockFact {
  StudentRef student;
  RecordId submission;             ///< set aside, with every verdict on it up to this epoch; zero for none
  std::uint32_t attempts = 0;      ///< allowed beyond the profile's limit
  std::string note;                ///< for the teacher; the operator keeps personal data out of it
  std::uint64_t review_epoch = 0;  ///< of the same count as verdicts
  Moment unlocked;
  bool operator==(const UnlockFact&) const = default;
};

/// An exported picture; the hub's own memory.
struct ExportFact {
  StudentRef student;
  RecordId submission;
  Hash file;
  Moment exported;
  bool operator==(const ExportFact&) const = default;
};

/// Enrolment and revocation: to everyone.
struct MemberFact {
  Bytes certificate;  ///< encode(Member)
  bool operator==(const MemberFact&) const = default;
};
struct RevocationFact {
  Revocation revocation;
  std::string reason;  ///< for people; the operator keeps personal data out of it
  bool operator==(const RevocationFact&) const = default;
};

/// A draft goes out of the box. Counts when it is said by who took the picture; one that was submitted stays what it is.
struct DiscardFact {
  StudentRef student;
  RecordId capture;
  Moment discarded;
  bool operator==(const DiscardFact&) const = default;
};

/// A submission is taken back before it has left. Counts when it is said by who submitted; a verdict goes before it.
struct WithdrawalFact {
  StudentRef student;
  RecordId submission;
  Moment withdrawn;
  bool operator==(const WithdrawalFact&) const = default;
};

/// A person at the hub has chosen among submissions. Of several about one submission the one with the largest epoch counts, then
/// record id: the chosen one waits for its verdict, the dismissed ones wait no more. What nobody named is not settled by it.
struct ResolutionFact {
  StudentRef student;
  RecordId chosen;
  std::vector<RecordId> dismissed;
  std::string note;                ///< why; the operator keeps personal data out of it
  std::uint64_t review_epoch = 0;  ///< of the same count as verdicts
  Moment resolved;
  bool operator==(const ResolutionFact&) const = default;
};

/// Whose student a reference is, for sites that do not have the row: the reference is keyed, and says nothing to others.
struct IndexEntry {
  StudentRef student;
  NodeNumber site;
  bool delisted = false;
  bool exempt = false;
  bool must_retake = false;
  bool operator==(const IndexEntry&) const = default;
};
/// A part of the index over all students, by the hub for everyone. Of several about one student the largest version counts.
struct IndexFact {
  std::uint64_t version = 0;  ///< of the roster's rows
  std::vector<IndexEntry> entries;
  bool operator==(const IndexFact&) const = default;
};

/// One class in one room for some minutes; without a class it is open to all.
struct TimetableSlot {
  std::string room;
  WallMs from;
  WallMs until;
  std::string class_name;
  bool operator==(const TimetableSlot&) const = default;
};
/// The whole timetable, by the hub for everyone. The one with the largest version counts, then record id.
struct TimetableFact {
  std::uint64_t version = 0;
  std::vector<TimetableSlot> slots;
  bool operator==(const TimetableFact&) const = default;
};

/// The campaign's profile, changed: to everyone. Of several the one with the largest version counts, and of two with one version
/// (a hub whose disk was set back signed twice) the one with the larger bytes, so that all nodes settle on one.
struct ProfileFact {
  Bytes profile;  ///< encode(SignedProfile)
  bool operator==(const ProfileFact&) const = default;
};

/// A second reviewer looked at a decided submission without changing anything: how often two people differ is a fact about the
/// review. Which submissions are looked at again is drawn with `seed`, so that anybody can draw them again.
struct SecondLookFact {
  StudentRef student;
  RecordId submission;
  bool approved = false;  ///< what the second one would have said …
  std::string reason;     ///< … and why not: code of the reject catalogue
  std::string by;         ///< the second reviewer
  std::uint64_t seed = 0;
  Moment looked;
  bool operator==(const SecondLookFact&) const = default;
};

enum class NationalResult : std::uint8_t { passed = 0, failed = 1, undetermined = 2 };
/// "passed", "failed", "undetermined".
std::string_view national_result_name(NationalResult result);

/// What the national check said of an exported picture. Of several about one submission the one with the largest version counts,
/// then record id.
struct NationalFact {
  StudentRef student;
  RecordId submission;
  NationalResult result = NationalResult::undetermined;
  std::string reason;         ///< as the list says it
  std::uint64_t version = 0;  ///< counts what the hub has taken in about this student
  Moment noted;
  bool operator==(const NationalFact&) const = default;
};

/// One step of a case: who has it, what comes next, until when. Of several the one with the largest version counts, then record
/// id; a closed case opens again by a later step.
struct CaseFact {
  StudentRef student;
  bool closed = false;
  std::string owner;          ///< as the hub calls them
  std::string next;           ///< what is to be done; the operator keeps personal data out of it
  WallMs due;                 ///< 0: none
  std::uint64_t version = 0;  ///< counts the steps of this student's case
  Moment noted;
  bool operator==(const CaseFact&) const = default;
};

/// The student has looked at the picture and the data that go out: right (正确) or wrong (错误). By the hub, or by the site whose
/// student it is. Of several about one submission the one with the largest epoch counts, then record id.
struct ProofFact {
  StudentRef student;
  RecordId submission;
  bool right = false;
  std::vector<std::string> fields;  ///< what is wrong, by the names of core/campaign/proofing.h ("name"); empty when right
  std::string note;                 ///< for the office; personal data stays out of it
  std::uint64_t epoch = 0;          ///< counts the proofs of one student
  Moment proofed;
  bool operator==(const ProofFact&) const = default;
};

/// A correction (勘误) is opened, or closed when it has been made; the hub's. The one with the largest epoch counts, then record
/// id.
struct ErrataFact {
  StudentRef student;
  bool closed = false;
  std::vector<std::string> fields;  ///< what is to be corrected, as in ProofFact
  std::string note;                 ///< the operator keeps personal data out of it
  std::uint64_t epoch = 0;          ///< counts the errata of one student
  Moment at;
  bool operator==(const ErrataFact&) const = default;
};

/// The picture was handed over to the student; the hub's.
struct DeliveryFact {
  StudentRef student;
  RecordId submission;
  Moment delivered;
  bool operator==(const DeliveryFact&) const = default;
};

/// What a purge takes, each with all before it.
enum class PurgeScope : std::uint8_t {
  originals = 1,  ///< the untouched files
  pictures = 2,   ///< and every other rendition
  records = 3,    ///< and the personal fields of the roster
};
/// "originals", "pictures", "records".
std::string_view purge_scope_name(PurgeScope scope);

/// The hub's order to destroy what is kept of a student. Final: nothing undoes it, and what comes later is destroyed as it comes.
struct PurgeFact {
  StudentRef student;
  PurgeScope scope = PurgeScope::originals;
  Moment ordered;
  bool operator==(const PurgeFact&) const = default;
};

/// One node's signed word that it has carried the order out.
struct PurgedFact {
  StudentRef student;
  PurgeScope scope = PurgeScope::originals;
  std::vector<Hash> destroyed;  ///< the pictures that lay there, by hash, sorted
  std::uint64_t bytes = 0;      ///< of those
  std::uint32_t rows = 0;       ///< roster rows whose personal fields were struck out
  Moment done;
  bool operator==(const PurgedFact&) const = default;
};

/// Collection codes of this student that were issued under a smaller number count no more. By the hub for everyone; of several
/// the largest number counts.
struct CodeRevocationFact {
  StudentRef student;
  std::uint64_t below = 0;  ///< the first issue that still counts (core/code/issue.h)
  Moment revoked;
  bool operator==(const CodeRevocationFact&) const = default;
};

/// A code that Satchel did not make (the national one) was shown, and a person says whose it is.
struct ForeignCodeFact {
  StudentRef student;
  Hash digest;            ///< code_digest() of its bytes (core/code/issue.h)
  Bytes sealed;           ///< the code's bytes, sealed to the hub's key; nobody else opens them
  Bytes sealed_recovery;  ///< the same for the recovery key
  std::string reason;     ///< why it is this student's although it was matched to another one; empty ordinarily
  Moment matched;
  bool operator==(const ForeignCodeFact&) const = default;
};

/// Who answered whose a foreign code is.
enum class AnswerSource : std::uint8_t { mapping = 0, decoder = 1, person = 2 };
/// "mapping", "decoder", "person".
std::string_view answer_source_name(AnswerSource source);

/// What the hub has found out about a foreign code that a site matched to this student. Of several about one digest the largest
/// epoch counts, then record id.
struct ForeignAnswerFact {
  StudentRef student;
  Hash digest;
  bool confirmed = false;  ///< false: the answer names another student, and a person must look
  AnswerSource source = AnswerSource::mapping;
  std::uint64_t epoch = 0;  ///< grows with each answer about this student
  Moment answered;
  bool operator==(const ForeignAnswerFact&) const = default;
};

using Fact = std::variant<RosterFact, CaptureFact, SubmissionFact, VerdictFact, ExportFact, MemberFact, RevocationFact,
                          UnlockFact, ProfileFact, DiscardFact, WithdrawalFact, ResolutionFact, IndexFact, TimetableFact,
                          SecondLookFact, NationalFact, CaseFact, ProofFact, ErrataFact, DeliveryFact, PurgeFact, PurgedFact,
                          CodeRevocationFact, ForeignCodeFact, ForeignAnswerFact>;

/// A verified record as the rules see it.
struct Record {
  RecordId id;
  NodeNumber author;
  Fact fact;
};

/// Whom the fact is about; nullopt for what is about the campaign.
std::optional<StudentRef> student_of(const Fact& fact);

}  // namespace satchel::core
