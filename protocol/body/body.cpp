// The bytes of a fact: reading.
#include "protocol/body/body.h"

#include <capnp/message.h>
#include <capnp/serialize-packed.h>
#include <protocol/schema/fact.capnp.h>

#include <exception>

#include "core/record/entry.h"
#include "protocol/body/after_approval.h"
#include "protocol/body/code_facts.h"
#include "protocol/body/fact_parts.h"
#include "protocol/body/limits_check.h"

namespace satchel::protocol {
namespace {

using core::Code;
using core::Fact;
using core::Result;
using protocol::take;

// Sixteen times the longest body unpacked is more than any real fact takes: packing saves at most the pointers and small numbers.
constexpr std::uint64_t kTraversalWords = 16 * core::kRecordBodyMax / sizeof(capnp::word);
constexpr int kNestingMax = 8;

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
  return core::SubmissionFact{{in.getStudent()},   taker.hash(in.getCapture()), take(in.getSubmitted()),
                              in.getPhotoBundle(), in.getOriginalBundle(),      take(in.getLookedAt())};
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
  out.by = text(in.getBy());
  out.undone = in.getUndone();
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

Fact take(Taker& taker, schema::SecondLook::Reader in) {
  return core::SecondLookFact{
      {in.getStudent()},   taker.hash(in.getSubmission()), in.getApproved(), text(in.getReason()), text(in.getBy()), in.getSeed(),
      take(in.getLooked())};
}

Fact take(Taker& taker, schema::National::Reader in) {
  return core::NationalFact{
      {in.getStudent()},  taker.hash(in.getSubmission()), taker.national(in.getResult()), text(in.getReason()), in.getVersion(),
      take(in.getNoted())};
}

Fact take(schema::CaseStep::Reader in) {
  return core::CaseFact{{in.getStudent()}, in.getClosed(),  text(in.getOwner()), text(in.getNext()),
                        {in.getDueMs()},   in.getVersion(), take(in.getNoted())};
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
    case schema::Fact::SECOND_LOOK: return take(taker, in.getSecondLook());
    case schema::Fact::NATIONAL: return take(taker, in.getNational());
    case schema::Fact::CASE_STEP: return take(in.getCaseStep());
    case schema::Fact::PROOF: return take(taker, in.getProof());
    case schema::Fact::ERRATA: return take(in.getErrata());
    case schema::Fact::DELIVERY: return take(taker, in.getDelivery());
    case schema::Fact::PURGE: return take(taker, in.getPurge());
    case schema::Fact::PURGED: return take(taker, in.getPurged());
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
