// The bytes of a StudentState: what the hub's desk, the papers and the collection codes add to it.
#include "core/campaign/student_bytes.h"

namespace satchel::core::student_bytes {

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

static PurgeScope take_scope(ByteReader& in) {
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
}  // namespace satchel::core::student_bytes
