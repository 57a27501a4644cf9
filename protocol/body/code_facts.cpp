#include "protocol/body/code_facts.h"

namespace satchel::protocol {

void put(schema::CodeRevocation::Builder out, const core::CodeRevocationFact& fact) {
  out.setStudent(fact.student.value);
  out.setBelow(fact.below);
  put(out.initRevoked(), fact.revoked);
}

void put(schema::ForeignCode::Builder out, const core::ForeignCodeFact& fact) {
  out.setStudent(fact.student.value);
  out.setDigest(data(fact.digest));
  out.setSealed(data(core::ByteView{fact.sealed}));
  out.setSealedRecovery(data(core::ByteView{fact.sealed_recovery}));
  out.setReason(text(fact.reason));
  put(out.initMatched(), fact.matched);
}

void put(schema::ForeignAnswer::Builder out, const core::ForeignAnswerFact& fact) {
  out.setStudent(fact.student.value);
  out.setDigest(data(fact.digest));
  out.setConfirmed(fact.confirmed);
  out.setSource(static_cast<schema::AnswerSource>(fact.source));
  out.setEpoch(fact.epoch);
  put(out.initAnswered(), fact.answered);
}

namespace {

core::Bytes bytes_from(capnp::Data::Reader value) { return core::to_bytes({value.begin(), value.size()}); }

}  // namespace

core::Fact take(schema::CodeRevocation::Reader in) {
  return core::CodeRevocationFact{{in.getStudent()}, in.getBelow(), take(in.getRevoked())};
}

core::Fact take(Taker& taker, schema::ForeignCode::Reader in) {
  core::ForeignCodeFact out;
  out.student.value = in.getStudent();
  out.digest = taker.hash(in.getDigest());
  out.sealed = bytes_from(in.getSealed());
  out.sealed_recovery = bytes_from(in.getSealedRecovery());
  out.reason = text(in.getReason());
  out.matched = take(in.getMatched());
  return out;
}

core::Fact take(Taker& taker, schema::ForeignAnswer::Reader in) {
  return core::ForeignAnswerFact{{in.getStudent()}, taker.hash(in.getDigest()), in.getConfirmed(), taker.source(in.getSource()),
                                 in.getEpoch(),     take(in.getAnswered())};
}

}  // namespace satchel::protocol
