// The bytes of a StudentState. A node's own index, not a wire format: it may change with the version byte, because every node can
// fold its records again.
//   version(1) ‖ student(8) ‖ stage(1) ‖ flags(1) ‖ roster? ‖ captures ‖ attempts ‖ submissions ‖ verdicts ‖ unlocks ‖ exports ‖
//   discards ‖ withdrawals ‖ resolutions ‖ second looks ‖ national results ‖ case steps ‖ proofs ‖ errata ‖ deliveries ‖ purges ‖
//   purged ‖ code revocations ‖ foreign codes ‖ foreign answers ‖ current? ‖ verdict?
// Lists are a varint count and the items, optional parts a byte 0 or 1; numbers are little-endian, texts sized
// (core/base/bytes.h).

#include <bit>

#include "core/campaign/student.h"

namespace satchel::core {
namespace {

constexpr std::uint8_t kVersion = 4;
constexpr std::size_t kTextMax = 64 * 1024;  // no text in a record is longer than a record (core/record/entry.h)

// --- writing

void put(ByteWriter& out, const Moment& at) {
  out.u64(at.boot_id).u64(static_cast<std::uint64_t>(at.mono.value)).u64(static_cast<std::uint64_t>(at.wall.value));
}

void put(ByteWriter& out, double value) { out.u64(std::bit_cast<std::uint64_t>(value)); }

void put(ByteWriter& out, const RosterFact& fact) {
  out.u64(fact.version).u8(fact.delisted).u8(fact.exempt).u8(fact.last_term).u32(fact.site.value);
  out.sized(fact.student_number).sized(fact.name).sized(fact.id_number).sized(fact.enrolled_on).sized(fact.level);
  out.sized(fact.site_name).sized(fact.class_name).sized(fact.major).sized(fact.phone).sized(fact.mail).sized(fact.remark);
  out.u8(fact.must_retake).varint(fact.extra.size());
  for (const ExtraField& extra : fact.extra) out.sized(extra.name).sized(extra.value);
}

void put(ByteWriter& out, const CaptureSeen& seen) {
  const CaptureFact& fact = seen.fact;
  out.raw(seen.id.view()).u32(seen.author.value);
  put(out, fact.taken);
  out.u8(static_cast<std::uint8_t>(fact.grade));
  put(out, fact.score);
  out.varint(fact.findings.size());
  for (const NotedFinding& finding : fact.findings) {
    out.sized(finding.code).u8(static_cast<std::uint8_t>(finding.grade));
    put(out, finding.value);
  }
  out.sized(fact.override_reason).raw(fact.original.view()).u64(fact.original_size);
  out.raw(fact.standard.view()).u64(fact.standard_size).raw(fact.preview.view()).u64(fact.perceptual_hash);
  out.sized(fact.judge_version);
}

void put(ByteWriter& out, const SubmissionSeen& seen) {
  out.raw(seen.id.view()).u32(seen.author.value).raw(seen.fact.capture.view());
  put(out, seen.fact.submitted);
  out.u64(seen.fact.photo_bundle).u64(seen.fact.original_bundle);
}

void put(ByteWriter& out, const VerdictSeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.submission.view()).u8(seen.fact.approved);
  out.sized(seen.fact.reason).sized(seen.fact.note).u64(seen.fact.review_epoch);
  put(out, seen.fact.decided);
  out.u8(seen.fact.undone).sized(seen.fact.by);
}

void put(ByteWriter& out, const SecondLookSeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.submission.view()).u8(seen.fact.approved);
  out.sized(seen.fact.reason).sized(seen.fact.by).u64(seen.fact.seed);
  put(out, seen.fact.looked);
}

void put(ByteWriter& out, const NationalSeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.submission.view()).u8(static_cast<std::uint8_t>(seen.fact.result));
  out.sized(seen.fact.reason).u64(seen.fact.version);
  put(out, seen.fact.noted);
}

void put(ByteWriter& out, const CaseSeen& seen) {
  out.raw(seen.id.view()).u8(seen.fact.closed).sized(seen.fact.owner).sized(seen.fact.next);
  out.u64(static_cast<std::uint64_t>(seen.fact.due.value)).u64(seen.fact.version);
  put(out, seen.fact.noted);
}

void put(ByteWriter& out, const UnlockSeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.submission.view()).u32(seen.fact.attempts);
  out.sized(seen.fact.note).u64(seen.fact.review_epoch);
  put(out, seen.fact.unlocked);
}

void put(ByteWriter& out, const ExportSeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.submission.view()).raw(seen.fact.file.view());
  put(out, seen.fact.exported);
}

void put(ByteWriter& out, const DiscardSeen& seen) {
  out.raw(seen.id.view()).u32(seen.author.value).raw(seen.fact.capture.view());
  put(out, seen.fact.discarded);
}

void put(ByteWriter& out, const WithdrawalSeen& seen) {
  out.raw(seen.id.view()).u32(seen.author.value).raw(seen.fact.submission.view());
  put(out, seen.fact.withdrawn);
}

void put(ByteWriter& out, const ResolutionSeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.chosen.view()).varint(seen.fact.dismissed.size());
  for (const RecordId& one : seen.fact.dismissed) out.raw(one.view());
  out.sized(seen.fact.note).u64(seen.fact.review_epoch);
  put(out, seen.fact.resolved);
}

void put(ByteWriter& out, const std::vector<std::string>& texts) {
  out.varint(texts.size());
  for (const std::string& text : texts) out.sized(text);
}

void put(ByteWriter& out, const ProofSeen& seen) {
  out.raw(seen.id.view()).u32(seen.author.value).raw(seen.fact.submission.view()).u8(seen.fact.right);
  put(out, seen.fact.fields);
  out.sized(seen.fact.note).u64(seen.fact.epoch);
  put(out, seen.fact.proofed);
}

void put(ByteWriter& out, const ErrataSeen& seen) {
  out.raw(seen.id.view()).u8(seen.fact.closed);
  put(out, seen.fact.fields);
  out.sized(seen.fact.note).u64(seen.fact.epoch);
  put(out, seen.fact.at);
}

void put(ByteWriter& out, const DeliverySeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.submission.view());
  put(out, seen.fact.delivered);
}

void put(ByteWriter& out, const PurgeSeen& seen) {
  out.raw(seen.id.view()).u8(static_cast<std::uint8_t>(seen.fact.scope));
  put(out, seen.fact.ordered);
}

void put(ByteWriter& out, const PurgedSeen& seen) {
  out.raw(seen.id.view()).u32(seen.author.value).u8(static_cast<std::uint8_t>(seen.fact.scope));
  out.varint(seen.fact.destroyed.size());
  for (const Hash& one : seen.fact.destroyed) out.raw(one.view());
  out.u64(seen.fact.bytes).u32(seen.fact.rows);
  put(out, seen.fact.done);
}

void put(ByteWriter& out, const CodeRevocationSeen& seen) {
  out.raw(seen.id.view()).u64(seen.fact.below);
  put(out, seen.fact.revoked);
}

void put(ByteWriter& out, const ForeignCodeSeen& seen) {
  out.raw(seen.id.view()).u32(seen.author.value).raw(seen.fact.digest.view());
  out.sized(seen.fact.sealed).sized(seen.fact.sealed_recovery).sized(seen.fact.reason);
  put(out, seen.fact.matched);
}

void put(ByteWriter& out, const ForeignAnswerSeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.digest.view()).u8(seen.fact.confirmed).u8(static_cast<std::uint8_t>(seen.fact.source));
  out.u64(seen.fact.epoch);
  put(out, seen.fact.answered);
}

template <class Item>
void put_list(ByteWriter& out, const std::vector<Item>& items) {
  out.varint(items.size());
  for (const Item& item : items) put(out, item);
}

void put_id(ByteWriter& out, const std::optional<RecordId>& id) {
  out.u8(id.has_value());
  if (id) out.raw(id->view());
}

std::uint8_t pack(const StudentFlags& flags) {
  const bool bits[] = {flags.conflict,        flags.verdict_conflict,      flags.foreign_decision, flags.unusable_submission,
                       flags.capture_missing, flags.submitted_while_closed};
  unsigned out = 0;
  for (std::size_t i = 0; i < std::size(bits); ++i) out |= bits[i] ? 1U << i : 0U;
  return static_cast<std::uint8_t>(out);
}

// --- reading: each take() mirrors its put(). What does not fit makes the reader fail, and the caller asks once.

bool take_bool(ByteReader& in) {
  const std::uint8_t value = in.u8();
  if (value > 1) in.fail();
  return value == 1;
}

template <class Enum>
Enum take_enum(ByteReader& in, Enum last) {
  const std::uint8_t value = in.u8();
  if (value <= static_cast<std::uint8_t>(last)) return static_cast<Enum>(value);
  in.fail();
  return last;
}

double take_double(ByteReader& in) { return std::bit_cast<double>(in.u64()); }

Moment take_moment(ByteReader& in) {
  Moment at;
  at.boot_id = in.u64();
  at.mono.value = static_cast<std::int64_t>(in.u64());
  at.wall.value = static_cast<std::int64_t>(in.u64());
  return at;
}

/// A count that the bytes left over can hold, each item taking at least `smallest` bytes.
std::size_t take_count(ByteReader& in, std::size_t smallest) {
  const std::uint64_t count = in.varint();
  if (count <= in.remaining() / smallest) return static_cast<std::size_t>(count);
  in.fail();
  return 0;
}

void take(ByteReader& in, RosterFact& fact) {
  fact.version = in.u64();
  fact.delisted = take_bool(in);
  fact.exempt = take_bool(in);
  fact.last_term = take_bool(in);
  fact.site.value = in.u32();
  for (std::string* text : {&fact.student_number, &fact.name, &fact.id_number, &fact.enrolled_on, &fact.level, &fact.site_name,
                            &fact.class_name, &fact.major, &fact.phone, &fact.mail, &fact.remark}) {
    *text = in.text(kTextMax);
  }
  fact.must_retake = take_bool(in);
  fact.extra.resize(take_count(in, 2));
  for (ExtraField& extra : fact.extra) {
    extra.name = in.text(kTextMax);
    extra.value = in.text(kTextMax);
  }
}

void take(ByteReader& in, CaptureSeen& seen) {
  CaptureFact& fact = seen.fact;
  seen.id = in.fixed<RecordId>();
  seen.author.value = in.u32();
  fact.taken = take_moment(in);
  fact.grade = take_enum(in, Grade::fail);
  fact.score = take_double(in);
  fact.findings.resize(take_count(in, 10));
  for (NotedFinding& finding : fact.findings) {
    finding.code = in.text(kTextMax);
    finding.grade = take_enum(in, Grade::fail);
    finding.value = take_double(in);
  }
  fact.override_reason = in.text(kTextMax);
  fact.original = in.fixed<Hash>();
  fact.original_size = in.u64();
  fact.standard = in.fixed<Hash>();
  fact.standard_size = in.u64();
  fact.preview = in.fixed<Hash>();
  fact.perceptual_hash = in.u64();
  fact.judge_version = in.text(kTextMax);
}

void take(ByteReader& in, SubmissionSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.author.value = in.u32();
  seen.fact.capture = in.fixed<RecordId>();
  seen.fact.submitted = take_moment(in);
  seen.fact.photo_bundle = in.u64();
  seen.fact.original_bundle = in.u64();
}

void take(ByteReader& in, VerdictSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.submission = in.fixed<RecordId>();
  seen.fact.approved = take_bool(in);
  seen.fact.reason = in.text(kTextMax);
  seen.fact.note = in.text(kTextMax);
  seen.fact.review_epoch = in.u64();
  seen.fact.decided = take_moment(in);
  seen.fact.undone = take_bool(in);
  seen.fact.by = in.text(kTextMax);
}

void take(ByteReader& in, SecondLookSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.submission = in.fixed<RecordId>();
  seen.fact.approved = take_bool(in);
  seen.fact.reason = in.text(kTextMax);
  seen.fact.by = in.text(kTextMax);
  seen.fact.seed = in.u64();
  seen.fact.looked = take_moment(in);
}

void take(ByteReader& in, NationalSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.submission = in.fixed<RecordId>();
  seen.fact.result = take_enum(in, NationalResult::undetermined);
  seen.fact.reason = in.text(kTextMax);
  seen.fact.version = in.u64();
  seen.fact.noted = take_moment(in);
}

void take(ByteReader& in, CaseSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.closed = take_bool(in);
  seen.fact.owner = in.text(kTextMax);
  seen.fact.next = in.text(kTextMax);
  seen.fact.due.value = static_cast<std::int64_t>(in.u64());
  seen.fact.version = in.u64();
  seen.fact.noted = take_moment(in);
}

void take(ByteReader& in, UnlockSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.submission = in.fixed<RecordId>();
  seen.fact.attempts = in.u32();
  seen.fact.note = in.text(kTextMax);
  seen.fact.review_epoch = in.u64();
  seen.fact.unlocked = take_moment(in);
}

void take(ByteReader& in, ExportSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.submission = in.fixed<RecordId>();
  seen.fact.file = in.fixed<Hash>();
  seen.fact.exported = take_moment(in);
}

void take(ByteReader& in, DiscardSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.author.value = in.u32();
  seen.fact.capture = in.fixed<RecordId>();
  seen.fact.discarded = take_moment(in);
}

void take(ByteReader& in, WithdrawalSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.author.value = in.u32();
  seen.fact.submission = in.fixed<RecordId>();
  seen.fact.withdrawn = take_moment(in);
}

void take(ByteReader& in, ResolutionSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.chosen = in.fixed<RecordId>();
  seen.fact.dismissed.resize(take_count(in, RecordId::kSize));
  for (RecordId& one : seen.fact.dismissed) one = in.fixed<RecordId>();
  seen.fact.note = in.text(kTextMax);
  seen.fact.review_epoch = in.u64();
  seen.fact.resolved = take_moment(in);
}

void take(ByteReader& in, std::vector<std::string>& texts) {
  texts.resize(take_count(in, 1));
  for (std::string& text : texts) text = in.text(kTextMax);
}

void take(ByteReader& in, ProofSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.author.value = in.u32();
  seen.fact.submission = in.fixed<RecordId>();
  seen.fact.right = take_bool(in);
  take(in, seen.fact.fields);
  seen.fact.note = in.text(kTextMax);
  seen.fact.epoch = in.u64();
  seen.fact.proofed = take_moment(in);
}

void take(ByteReader& in, ErrataSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.closed = take_bool(in);
  take(in, seen.fact.fields);
  seen.fact.note = in.text(kTextMax);
  seen.fact.epoch = in.u64();
  seen.fact.at = take_moment(in);
}

void take(ByteReader& in, DeliverySeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.submission = in.fixed<RecordId>();
  seen.fact.delivered = take_moment(in);
}

PurgeScope take_scope(ByteReader& in) {
  const std::uint8_t value = in.u8();
  if (value < 1 || value > 3) in.fail();
  return in.ok() ? static_cast<PurgeScope>(value) : PurgeScope::originals;
}

void take(ByteReader& in, PurgeSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.scope = take_scope(in);
  seen.fact.ordered = take_moment(in);
}

void take(ByteReader& in, PurgedSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.author.value = in.u32();
  seen.fact.scope = take_scope(in);
  seen.fact.destroyed.resize(take_count(in, Hash::kSize));
  for (Hash& one : seen.fact.destroyed) one = in.fixed<Hash>();
  seen.fact.bytes = in.u64();
  seen.fact.rows = in.u32();
  seen.fact.done = take_moment(in);
}

void take(ByteReader& in, CodeRevocationSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.below = in.u64();
  seen.fact.revoked = take_moment(in);
}

void take(ByteReader& in, ForeignCodeSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.author.value = in.u32();
  seen.fact.digest = in.fixed<Hash>();
  seen.fact.sealed = to_bytes(in.sized(kTextMax));
  seen.fact.sealed_recovery = to_bytes(in.sized(kTextMax));
  seen.fact.reason = in.text(kTextMax);
  seen.fact.matched = take_moment(in);
}

void take(ByteReader& in, ForeignAnswerSeen& seen) {
  seen.id = in.fixed<RecordId>();
  seen.fact.digest = in.fixed<Hash>();
  seen.fact.confirmed = take_bool(in);
  seen.fact.source = take_enum(in, AnswerSource::person);
  seen.fact.epoch = in.u64();
  seen.fact.answered = take_moment(in);
}

/// Items in strictly rising order of id, each about `student`.
template <class Item>
void take_list(ByteReader& in, std::vector<Item>& items, StudentRef student) {
  items.resize(take_count(in, Hash::kSize));
  for (std::size_t i = 0; i < items.size(); ++i) {
    take(in, items[i]);
    items[i].fact.student = student;
    if (i > 0 && items[i].id <= items[i - 1].id) in.fail();
    if (!in.ok()) return;
  }
}

void take_attempts(ByteReader& in, std::map<NodeNumber, std::uint32_t>& attempts) {
  const std::size_t count = take_count(in, 8);
  for (std::size_t i = 0; i < count; ++i) {
    const NodeNumber author{in.u32()};
    if (!attempts.empty() && author <= attempts.rbegin()->first) in.fail();
    attempts[author] = in.u32();
  }
}

std::optional<RecordId> take_id(ByteReader& in) {
  if (!take_bool(in)) return std::nullopt;
  return in.fixed<RecordId>();
}

StudentFlags take_flags(ByteReader& in) {
  const std::uint8_t bits = in.u8();
  StudentFlags flags;
  flags.conflict = (bits & 1U) != 0;
  flags.verdict_conflict = (bits & 2U) != 0;
  flags.foreign_decision = (bits & 4U) != 0;
  flags.unusable_submission = (bits & 8U) != 0;
  flags.capture_missing = (bits & 16U) != 0;
  flags.submitted_while_closed = (bits & 32U) != 0;
  if (bits >= 64) in.fail();
  return flags;
}

}  // namespace

Bytes encode(const StudentState& state) {
  ByteWriter out;
  out.u8(kVersion).u64(state.student.value).u8(static_cast<std::uint8_t>(state.stage)).u8(pack(state.flags));
  out.u8(state.roster.has_value());
  if (state.roster) {
    out.raw(state.roster_record.view());
    put(out, *state.roster);
  }
  put_list(out, state.captures);
  out.varint(state.attempts.size());
  for (const auto& [author, count] : state.attempts) out.u32(author.value).u32(count);
  put_list(out, state.submissions);
  put_list(out, state.verdicts);
  put_list(out, state.unlocks);
  put_list(out, state.exports);
  put_list(out, state.discards);
  put_list(out, state.withdrawals);
  put_list(out, state.resolutions);
  put_list(out, state.second_looks);
  put_list(out, state.nationals);
  put_list(out, state.case_steps);
  put_list(out, state.proofs);
  put_list(out, state.errata);
  put_list(out, state.deliveries);
  put_list(out, state.purges);
  put_list(out, state.purged);
  put_list(out, state.code_revocations);
  put_list(out, state.foreign_codes);
  put_list(out, state.foreign_answers);
  put_id(out, state.current);
  put_id(out, state.verdict);
  return std::move(out).take();
}

Result<StudentState> decode_student(ByteView bytes) {
  ByteReader in{bytes};
  const std::uint8_t version = in.u8();
  if (version > kVersion) return Code::kVersionUnknown;
  if (version != kVersion) return Error{Code::kMalformed, "student state"};
  StudentState state;
  state.student.value = in.u64();
  state.stage = take_enum(in, Stage::purged);
  state.flags = take_flags(in);
  if (take_bool(in)) {
    state.roster_record = in.fixed<RecordId>();
    take(in, state.roster.emplace());
    state.roster->student = state.student;
  }
  take_list(in, state.captures, state.student);
  take_attempts(in, state.attempts);
  take_list(in, state.submissions, state.student);
  take_list(in, state.verdicts, state.student);
  take_list(in, state.unlocks, state.student);
  take_list(in, state.exports, state.student);
  take_list(in, state.discards, state.student);
  take_list(in, state.withdrawals, state.student);
  take_list(in, state.resolutions, state.student);
  take_list(in, state.second_looks, state.student);
  take_list(in, state.nationals, state.student);
  take_list(in, state.case_steps, state.student);
  take_list(in, state.proofs, state.student);
  take_list(in, state.errata, state.student);
  take_list(in, state.deliveries, state.student);
  take_list(in, state.purges, state.student);
  take_list(in, state.purged, state.student);
  take_list(in, state.code_revocations, state.student);
  take_list(in, state.foreign_codes, state.student);
  take_list(in, state.foreign_answers, state.student);
  state.current = take_id(in);
  state.verdict = take_id(in);
  if (!in.done()) return Error{Code::kMalformed, "student state"};
  return state;
}

}  // namespace satchel::core
