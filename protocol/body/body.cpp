#include "protocol/body/body.h"

#include <capnp/message.h>
#include <capnp/serialize-packed.h>
#include <protocol/schema/fact.capnp.h>

#include <exception>

#include "core/record/entry.h"
#include "protocol/body/code_facts.h"
#include "protocol/body/fields.h"
#include "protocol/body/limits_check.h"

namespace satchel::protocol {
namespace {

using core::Code;
using core::Fact;
using core::Result;
using fields::data;
using fields::grade;
using fields::put;
using fields::take;
using fields::Taker;
using fields::text;

// Sixteen times the longest body unpacked is more than any real fact takes: packing saves at most the pointers and small numbers.
constexpr std::uint64_t kTraversalWords = 16 * core::kRecordBodyMax / sizeof(capnp::word);
constexpr int kNestingMax = 8;

// ---- writing

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
}

void put(schema::Verdict::Builder out, const core::VerdictFact& fact) {
  out.setStudent(fact.student.value);
  out.setSubmission(data(fact.submission));
  out.setApproved(fact.approved);
  out.setReason(text(fact.reason));
  out.setNote(text(fact.note));
  out.setReviewEpoch(fact.review_epoch);
  put(out.initDecided(), fact.decided);
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
  void operator()(const core::CodeRevocationFact& fact) { put(out.initCodeRevocation(), fact); }
  void operator()(const core::ForeignCodeFact& fact) { put(out.initForeignCode(), fact); }
  void operator()(const core::ForeignAnswerFact& fact) { put(out.initForeignAnswer(), fact); }
  void operator()(const core::ProfileFact& fact) { out.initProfile().setSigned(data(core::ByteView{fact.profile})); }
};

// ---- reading: each take() copies what is there; what it may be is judged once, by check_limits() on the value

Fact take(schema::Roster::Reader in) {
  core::RosterFact out;
  out.student.value = in.getStudent();
  out.version = in.getVersion();
  out.delisted = in.getDelisted();
  out.exempt = in.getExempt();
  out.last_term = in.getLastTerm();
  out.site.value = in.getSite();
  out.student_number = text(in.getStudentNumber());
  out.name = text(in.getName());
  out.id_number = text(in.getIdNumber());
  out.enrolled_on = text(in.getEnrolledOn());
  out.level = text(in.getLevel());
  out.site_name = text(in.getSiteName());
  out.class_name = text(in.getClassName());
  out.major = text(in.getMajor());
  out.phone = text(in.getPhone());
  out.mail = text(in.getMail());
  out.remark = text(in.getRemark());
  out.must_retake = in.getMustRetake();
  // As for findings: a list of empty structs may be far longer than its bytes.
  for (const schema::Extra::Reader extra : in.getExtra()) {
    if (out.extra.size() > kFactExtrasMax) break;
    out.extra.push_back({text(extra.getName()), text(extra.getValue())});
  }
  return out;
}

Fact take(Taker& taker, schema::Capture::Reader in) {
  core::CaptureFact out;
  out.student.value = in.getStudent();
  out.taken = take(in.getTaken());
  out.grade = taker.grade(in.getGrade());
  out.score = in.getScore();
  // A list of empty structs may be far longer than its bytes: stop one behind the limit, which then refuses it.
  for (const schema::Finding::Reader finding : in.getFindings()) {
    if (out.findings.size() > kFactFindingsMax) break;
    out.findings.push_back({text(finding.getCode()), taker.grade(finding.getGrade()), finding.getValue()});
  }
  out.override_reason = text(in.getOverrideReason());
  out.original = taker.hash(in.getOriginal());
  out.original_size = in.getOriginalSize();
  out.standard = taker.hash(in.getStandard());
  out.standard_size = in.getStandardSize();
  out.preview = taker.hash(in.getPreview());
  out.perceptual_hash = in.getPerceptualHash();
  out.judge_version = text(in.getJudgeVersion());
  return out;
}

Fact take(Taker& taker, schema::Submission::Reader in) {
  return core::SubmissionFact{
      {in.getStudent()}, taker.hash(in.getCapture()), take(in.getSubmitted()), in.getPhotoBundle(), in.getOriginalBundle()};
}

Fact take(Taker& taker, schema::Verdict::Reader in) {
  core::VerdictFact out;
  out.student.value = in.getStudent();
  out.submission = taker.hash(in.getSubmission());
  out.approved = in.getApproved();
  out.reason = text(in.getReason());
  out.note = text(in.getNote());
  out.review_epoch = in.getReviewEpoch();
  out.decided = take(in.getDecided());
  return out;
}

Fact take(Taker& taker, schema::Export::Reader in) {
  return core::ExportFact{{in.getStudent()}, taker.hash(in.getSubmission()), taker.hash(in.getFile()), take(in.getExported())};
}

Fact take(schema::Member::Reader in) {
  const capnp::Data::Reader certificate = in.getCertificate();
  return core::MemberFact{core::to_bytes({certificate.begin(), certificate.size()})};
}

Fact take(Taker& taker, schema::Revocation::Reader in) {
  core::RevocationFact out;
  out.revocation.number.value = in.getNode();
  out.reason = text(in.getReason());
  for (const schema::Position::Reader position : in.getPositions()) {
    if (out.revocation.positions.size() > kFactPositionsMax) break;
    const core::LogId log{
        {{position.getNode()}, {position.getIncarnation()}}, {position.getAudience()}, taker.lane(position.getLane())};
    out.revocation.positions.push_back({log, {position.getLastTrusted()}});
  }
  return out;
}

Fact take(Taker& taker, schema::Unlock::Reader in) {
  return core::UnlockFact{{in.getStudent()},   taker.hash(in.getSubmission()), in.getAttempts(), text(in.getNote()),
                          in.getReviewEpoch(), take(in.getUnlocked())};
}

Fact take(Taker& taker, schema::Discard::Reader in) {
  return core::DiscardFact{{in.getStudent()}, taker.hash(in.getCapture()), take(in.getDiscarded())};
}

Fact take(Taker& taker, schema::Withdrawal::Reader in) {
  return core::WithdrawalFact{{in.getStudent()}, taker.hash(in.getSubmission()), take(in.getWithdrawn())};
}

Fact take(Taker& taker, schema::Resolution::Reader in) {
  core::ResolutionFact out;
  out.student.value = in.getStudent();
  out.chosen = taker.hash(in.getChosen());
  for (const capnp::Data::Reader one : in.getDismissed()) {
    if (out.dismissed.size() > kFactDismissedMax) break;
    out.dismissed.push_back(taker.hash(one));
  }
  out.note = text(in.getNote());
  out.review_epoch = in.getReviewEpoch();
  out.resolved = take(in.getResolved());
  return out;
}

Fact take(schema::Index::Reader in) {
  core::IndexFact out;
  out.version = in.getVersion();
  for (const schema::IndexEntry::Reader one : in.getEntries()) {
    if (out.entries.size() > kFactIndexMax) break;
    out.entries.push_back({{one.getStudent()}, {one.getSite()}, one.getDelisted(), one.getExempt(), one.getMustRetake()});
  }
  return out;
}

Fact take(schema::Timetable::Reader in) {
  core::TimetableFact out;
  out.version = in.getVersion();
  for (const schema::Slot::Reader one : in.getSlots()) {
    if (out.slots.size() > kFactSlotsMax) break;
    out.slots.push_back({text(one.getRoom()), {one.getFromMs()}, {one.getUntilMs()}, text(one.getClassName())});
  }
  return out;
}

Fact take(schema::Profile::Reader in) {
  const capnp::Data::Reader profile = in.getSigned();
  return core::ProfileFact{core::to_bytes({profile.begin(), profile.size()})};
}

Result<Fact> take(Taker& taker, schema::Fact::Reader in) {
  switch (in.which()) {
    case schema::Fact::ROSTER: return take(in.getRoster());
    case schema::Fact::CAPTURE: return take(taker, in.getCapture());
    case schema::Fact::SUBMISSION: return take(taker, in.getSubmission());
    case schema::Fact::VERDICT: return take(taker, in.getVerdict());
    case schema::Fact::EXPORT: return take(taker, in.getExport());
    case schema::Fact::MEMBER: return take(in.getMember());
    case schema::Fact::REVOCATION: return take(taker, in.getRevocation());
    case schema::Fact::UNLOCK: return take(taker, in.getUnlock());
    case schema::Fact::PROFILE: return take(in.getProfile());
    case schema::Fact::DISCARD: return take(taker, in.getDiscard());
    case schema::Fact::WITHDRAWAL: return take(taker, in.getWithdrawal());
    case schema::Fact::RESOLUTION: return take(taker, in.getResolution());
    case schema::Fact::INDEX: return take(in.getIndex());
    case schema::Fact::TIMETABLE: return take(in.getTimetable());
    case schema::Fact::CODE_REVOCATION: return take(in.getCodeRevocation());
    case schema::Fact::FOREIGN_CODE: return take(taker, in.getForeignCode());
    case schema::Fact::FOREIGN_ANSWER: return take(taker, in.getForeignAnswer());
  }
  return Code::kVersionUnknown;
}

Result<Fact> unpack(core::ByteView body) {
  kj::ArrayInputStream in{kj::arrayPtr(body.data(), body.size())};
  capnp::PackedMessageReader message{in, capnp::ReaderOptions{kTraversalWords, kNestingMax}};
  Taker taker;
  Result<Fact> out = take(taker, message.getRoot<schema::Fact>());
  if (!out) return out;
  if (!taker.ok || in.tryGetReadBuffer().size() != 0) return Code::kMalformed;
  SATCHEL_TRY(check_limits(*out));
  return out;
}

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

Result<Fact> decode_fact(core::ByteView body) {
  if (body.size() > core::kRecordBodyMax) return Code::kLimitExceeded;
  // The library throws on whatever is wrong with a message. What it says may quote the message, so it is not kept.
  try {
    return unpack(body);
  } catch (const kj::Exception&) {
    return Code::kMalformed;
  } catch (const std::exception&) {
    return Code::kMalformed;
  }
}

}  // namespace satchel::protocol
