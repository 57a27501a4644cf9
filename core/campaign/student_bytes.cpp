// The bytes of a StudentState. A node's own index, not a wire format: it may change with the version byte, because every node can
// fold its records again.
//   version(1) ‖ student(8) ‖ stage(1) ‖ flags(1) ‖ roster? ‖ captures ‖ attempts ‖ submissions ‖ verdicts ‖ unlocks ‖ exports ‖
//   discards ‖ withdrawals ‖ resolutions ‖ second looks ‖ national results ‖ case steps ‖ proofs ‖ errata ‖ deliveries ‖ purges ‖
//   purged ‖ code revocations ‖ foreign codes ‖ foreign answers ‖ current? ‖ verdict?
// Lists are a varint count and the items, optional parts a byte 0 or 1; numbers are little-endian, texts sized
// (core/base/bytes.h).

#include <bit>

#include "core/campaign/student.h"
#include "core/campaign/student_bytes.h"

namespace satchel::core {
namespace {

using student_bytes::kTextMax;
using student_bytes::put;
using student_bytes::take;
using student_bytes::take_bool;
using student_bytes::take_count;
using student_bytes::take_double;
using student_bytes::take_enum;
using student_bytes::take_moment;

constexpr std::uint8_t kVersion = 5;

// --- writing

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
  put(out, seen.fact.looked_at);
}

void put(ByteWriter& out, const VerdictSeen& seen) {
  out.raw(seen.id.view()).raw(seen.fact.submission.view()).u8(seen.fact.approved);
  out.sized(seen.fact.reason).sized(seen.fact.note).u64(seen.fact.review_epoch);
  put(out, seen.fact.decided);
  out.u8(seen.fact.undone).sized(seen.fact.by);
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
  take(in, seen.fact.looked_at);
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
