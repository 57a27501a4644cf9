#include "protocol/body/after_approval.h"

#include "protocol/body/body.h"

namespace satchel::protocol {

using core::Fact;

void put(schema::Proof::Builder out, const core::ProofFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  out.setRight(fact.right);
  put(out.initFields(static_cast<unsigned>(fact.fields.size())), fact.fields);
  out.setNote(text(fact.note));
  out.setEpoch(fact.epoch);
  put(out.initProofed(), fact.proofed);
}

void put(schema::Errata::Builder out, const core::ErrataFact& fact) {
  out.setStudent(fact.student.value);
  out.setClosed(fact.closed);
  put(out.initFields(static_cast<unsigned>(fact.fields.size())), fact.fields);
  out.setNote(text(fact.note));
  out.setEpoch(fact.epoch);
  put(out.initAt(), fact.at);
}

void put(schema::Delivery::Builder out, const core::DeliveryFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  put(out.initDelivered(), fact.delivered);
}

void put(schema::Purge::Builder out, const core::PurgeFact& fact) {
  out.setStudent(fact.student.value);
  out.setScope(static_cast<std::uint8_t>(fact.scope));
  put(out.initOrdered(), fact.ordered);
}

void put(schema::Purged::Builder out, const core::PurgedFact& fact) {
  out.setStudent(fact.student.value);
  out.setScope(static_cast<std::uint8_t>(fact.scope));
  auto destroyed = out.initDestroyed(static_cast<unsigned>(fact.destroyed.size()));
  for (unsigned i = 0; i < destroyed.size(); ++i) destroyed.set(i, data(fact.destroyed[i]));
  out.setBytes(fact.bytes);
  out.setRows(fact.rows);
  put(out.initDone(), fact.done);
}

Fact take(Taker& taker, schema::Proof::Reader in) {
  return core::ProofFact{
      {in.getStudent()}, taker.hash(in.getSubmission()), in.getRight(), take(in.getFields()), text(in.getNote()),
      in.getEpoch(),     take(in.getProofed())};
}

Fact take(schema::Errata::Reader in) {
  return core::ErrataFact{{in.getStudent()},  in.getClosed(), take(in.getFields()),
                          text(in.getNote()), in.getEpoch(),  take(in.getAt())};
}

Fact take(Taker& taker, schema::Delivery::Reader in) {
  return core::DeliveryFact{{in.getStudent()}, taker.hash(in.getSubmission()), take(in.getDelivered())};
}

Fact take(Taker& taker, schema::Purge::Reader in) {
  return core::PurgeFact{{in.getStudent()}, taker.scope(in.getScope()), take(in.getOrdered())};
}

Fact take(Taker& taker, schema::Purged::Reader in) {
  core::PurgedFact out;
  out.student.value = in.getStudent();
  out.scope = taker.scope(in.getScope());
  for (const capnp::Data::Reader one : in.getDestroyed()) {
    if (out.destroyed.size() > kFactDestroyedMax) break;
    out.destroyed.push_back(taker.hash(one));
  }
  out.bytes = in.getBytes();
  out.rows = in.getRows();
  out.done = take(in.getDone());
  return out;
}

}  // namespace satchel::protocol
