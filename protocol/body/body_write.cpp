// The bytes of a fact: writing.
#include <capnp/message.h>
#include <capnp/serialize-packed.h>
#include <protocol/schema/fact.capnp.h>

#include "core/record/entry.h"
#include "protocol/body/after_approval.h"
#include "protocol/body/body.h"
#include "protocol/body/code_facts.h"
#include "protocol/body/fact_parts.h"
#include "protocol/body/limits_check.h"

namespace satchel::protocol {
namespace {

using core::Code;
using core::Fact;
using core::Result;
using protocol::put;

void put(schema::Roster::Builder out, const core::RosterFact& fact) {
  out.setStudent(fact.student.value);
  out.setVersion(fact.version);
  out.setDelisted(fact.delisted);
  out.setExempt(fact.exempt);
  out.setLastTerm(fact.last_term);
  out.setSite(fact.site.value);
  out.setStudentNumber(text(fact.student_number));
  out.setName(text(fact.name));
  out.setIdNumber(text(fact.id_number));
  out.setEnrolledOn(text(fact.enrolled_on));
  out.setLevel(text(fact.level));
  out.setSiteName(text(fact.site_name));
  out.setClassName(text(fact.class_name));
  out.setMajor(text(fact.major));
  out.setPhone(text(fact.phone));
  out.setMail(text(fact.mail));
  out.setRemark(text(fact.remark));
  out.setMustRetake(fact.must_retake);
  auto extra = out.initExtra(static_cast<unsigned>(fact.extra.size()));
  for (unsigned i = 0; i < extra.size(); ++i) {
    extra[i].setName(text(fact.extra[i].name));
    extra[i].setValue(text(fact.extra[i].value));
  }
}

void put(schema::Capture::Builder out, const core::CaptureFact& fact) {
  out.setStudent(fact.student.value);
  put(out.initTaken(), fact.taken);
  out.setGrade(grade(fact.grade));
  out.setScore(fact.score);
  auto findings = out.initFindings(static_cast<unsigned>(fact.findings.size()));
  for (unsigned i = 0; i < findings.size(); ++i) {
    findings[i].setCode(text(fact.findings[i].code));
    findings[i].setGrade(grade(fact.findings[i].grade));
    findings[i].setValue(fact.findings[i].value);
  }
  out.setOverrideReason(text(fact.override_reason));
  out.setOriginal(data(fact.original));
  out.setOriginalSize(fact.original_size);
  out.setStandard(data(fact.standard));
  out.setStandardSize(fact.standard_size);
  out.setPreview(data(fact.preview));
  out.setPerceptualHash(fact.perceptual_hash);
  out.setJudgeVersion(text(fact.judge_version));
}

void put(schema::Submission::Builder out, const core::SubmissionFact& fact) {
  out.setStudent(fact.student.value);
  out.setCapture(data(fact.capture));
  put(out.initSubmitted(), fact.submitted);
  out.setPhotoBundle(fact.photo_bundle);
  out.setOriginalBundle(fact.original_bundle);
  put(out.initLookedAt(static_cast<unsigned>(fact.looked_at.size())), fact.looked_at);
}

void put(schema::Verdict::Builder out, const core::VerdictFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  out.setApproved(fact.approved);
  out.setReason(text(fact.reason));
  out.setNote(text(fact.note));
  out.setReviewEpoch(fact.review_epoch);
  put(out.initDecided(), fact.decided);
  out.setBy(text(fact.by));
  out.setUndone(fact.undone);
}

void put(schema::Export::Builder out, const core::ExportFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  out.setFile(data(fact.file));
  put(out.initExported(), fact.exported);
}

void put(schema::Revocation::Builder out, const core::RevocationFact& fact) {
  out.setNode(fact.revocation.number.value);
  out.setReason(fact.reason);
  auto positions = out.initPositions(static_cast<unsigned>(fact.revocation.positions.size()));
  for (unsigned i = 0; i < positions.size(); ++i) {
    const core::Revocation::Position& from = fact.revocation.positions[i];
    positions[i].setNode(from.log.author.node.value);
    positions[i].setIncarnation(from.log.author.incarnation.value);
    positions[i].setAudience(from.log.audience.value);
    positions[i].setLane(static_cast<std::uint8_t>(from.log.lane));
    positions[i].setLastTrusted(from.last_trusted.value);
  }
}

void put(schema::Unlock::Builder out, const core::UnlockFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  out.setAttempts(fact.attempts);
  out.setNote(text(fact.note));
  out.setReviewEpoch(fact.review_epoch);
  put(out.initUnlocked(), fact.unlocked);
}

void put(schema::Discard::Builder out, const core::DiscardFact& fact) {
  out.setStudent(fact.student.value);
  out.setCapture(data(fact.capture));
  put(out.initDiscarded(), fact.discarded);
}

void put(schema::Withdrawal::Builder out, const core::WithdrawalFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  put(out.initWithdrawn(), fact.withdrawn);
}

void put(schema::Resolution::Builder out, const core::ResolutionFact& fact) {
  out.setStudent(fact.student.value);
  out.setChosen(data(fact.chosen));
  auto dismissed = out.initDismissed(static_cast<unsigned>(fact.dismissed.size()));
  for (unsigned i = 0; i < dismissed.size(); ++i) dismissed.set(i, data(fact.dismissed[i]));
  out.setNote(text(fact.note));
  out.setReviewEpoch(fact.review_epoch);
  put(out.initResolved(), fact.resolved);
}

void put(schema::Index::Builder out, const core::IndexFact& fact) {
  out.setVersion(fact.version);
  auto entries = out.initEntries(static_cast<unsigned>(fact.entries.size()));
  for (unsigned i = 0; i < entries.size(); ++i) {
    const core::IndexEntry& from = fact.entries[i];
    entries[i].setStudent(from.student.value);
    entries[i].setSite(from.site.value);
    entries[i].setDelisted(from.delisted);
    entries[i].setExempt(from.exempt);
    entries[i].setMustRetake(from.must_retake);
  }
}

void put(schema::Timetable::Builder out, const core::TimetableFact& fact) {
  out.setVersion(fact.version);
  auto slots = out.initSlots(static_cast<unsigned>(fact.slots.size()));
  for (unsigned i = 0; i < slots.size(); ++i) {
    slots[i].setRoom(text(fact.slots[i].room));
    slots[i].setFromMs(fact.slots[i].from.value);
    slots[i].setUntilMs(fact.slots[i].until.value);
    slots[i].setClassName(text(fact.slots[i].class_name));
  }
}

void put(schema::SecondLook::Builder out, const core::SecondLookFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  out.setApproved(fact.approved);
  out.setReason(text(fact.reason));
  out.setBy(text(fact.by));
  out.setSeed(fact.seed);
  put(out.initLooked(), fact.looked);
}

void put(schema::National::Builder out, const core::NationalFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  out.setResult(static_cast<schema::NationalResult>(fact.result));
  out.setReason(text(fact.reason));
  out.setVersion(fact.version);
  put(out.initNoted(), fact.noted);
}

void put(schema::CaseStep::Builder out, const core::CaseFact& fact) {
  out.setStudent(fact.student.value);
  out.setClosed(fact.closed);
  out.setOwner(text(fact.owner));
  out.setNext(text(fact.next));
  out.setDueMs(fact.due.value);
  out.setVersion(fact.version);
  put(out.initNoted(), fact.noted);
}

struct Put {
  schema::Fact::Builder out;
  void operator()(const core::RosterFact& fact) { put(out.initRoster(), fact); }
  void operator()(const core::CaptureFact& fact) { put(out.initCapture(), fact); }
  void operator()(const core::SubmissionFact& fact) { put(out.initSubmission(), fact); }
  void operator()(const core::VerdictFact& fact) { put(out.initVerdict(), fact); }
  void operator()(const core::ExportFact& fact) { put(out.initExport(), fact); }
  void operator()(const core::MemberFact& fact) { out.initMember().setCertificate(data(core::ByteView{fact.certificate})); }
  void operator()(const core::RevocationFact& fact) { put(out.initRevocation(), fact); }
  void operator()(const core::UnlockFact& fact) { put(out.initUnlock(), fact); }
  void operator()(const core::DiscardFact& fact) { put(out.initDiscard(), fact); }
  void operator()(const core::WithdrawalFact& fact) { put(out.initWithdrawal(), fact); }
  void operator()(const core::ResolutionFact& fact) { put(out.initResolution(), fact); }
  void operator()(const core::IndexFact& fact) { put(out.initIndex(), fact); }
  void operator()(const core::TimetableFact& fact) { put(out.initTimetable(), fact); }
  void operator()(const core::SecondLookFact& fact) { put(out.initSecondLook(), fact); }
  void operator()(const core::NationalFact& fact) { put(out.initNational(), fact); }
  void operator()(const core::CaseFact& fact) { put(out.initCaseStep(), fact); }
  void operator()(const core::ProofFact& fact) { put(out.initProof(), fact); }
  void operator()(const core::ErrataFact& fact) { put(out.initErrata(), fact); }
  void operator()(const core::DeliveryFact& fact) { put(out.initDelivery(), fact); }
  void operator()(const core::PurgeFact& fact) { put(out.initPurge(), fact); }
  void operator()(const core::PurgedFact& fact) { put(out.initPurged(), fact); }
  void operator()(const core::CodeRevocationFact& fact) { put(out.initCodeRevocation(), fact); }
  void operator()(const core::ForeignCodeFact& fact) { put(out.initForeignCode(), fact); }
  void operator()(const core::ForeignAnswerFact& fact) { put(out.initForeignAnswer(), fact); }
  void operator()(const core::ProfileFact& fact) { out.initProfile().setSigned(data(core::ByteView{fact.profile})); }
};

}  // namespace

Result<core::Bytes> encode_fact(const Fact& fact) {
  SATCHEL_TRY(check_limits(fact));
  capnp::MallocMessageBuilder message;
  std::visit(Put{message.initRoot<schema::Fact>()}, fact);
  kj::VectorOutputStream out;
  capnp::writePackedMessage(out, message);
  const kj::ArrayPtr<kj::byte> bytes = out.getArray();
  if (bytes.size() > core::kRecordBodyMax) return Code::kLimitExceeded;
  return core::to_bytes({bytes.begin(), bytes.size()});
}

}  // namespace satchel::protocol
