#include "protocol/body/limits_check.h"

#include <cmath>
#include <initializer_list>

#include "core/base/utf8.h"
#include "protocol/body/body.h"

namespace satchel::protocol {
namespace {

using core::Code;
using core::Result;

Result<void> check_texts(std::size_t max, std::initializer_list<const std::string*> texts) {
  for (const std::string* text : texts) {
    if (text->size() > max) return Code::kLimitExceeded;
    if (!core::is_utf8(*text)) return Code::kMalformed;
  }
  return {};
}

Result<void> check_student(core::StudentRef student) {
  if (student.value >= (1ULL << 50)) return Code::kMalformed;
  return {};
}

Result<void> check_fields(const std::vector<std::string>& fields) {
  if (fields.size() > kFactFieldsMax) return Code::kLimitExceeded;
  for (const std::string& field : fields) SATCHEL_TRY(check_texts(kFactCodeMax, {&field}));
  return {};
}

Result<void> check_scope(core::PurgeScope scope) {
  if (scope < core::PurgeScope::originals || scope > core::PurgeScope::records) return Code::kMalformed;
  return {};
}

struct Check {
  Result<void> operator()(const core::RosterFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    SATCHEL_TRY(check_texts(kFactCodeMax, {&fact.id_number, &fact.enrolled_on}));
    SATCHEL_TRY(check_texts(kFactTextMax, {&fact.student_number, &fact.name, &fact.level, &fact.site_name, &fact.class_name,
                                           &fact.major, &fact.phone, &fact.mail, &fact.remark}));
    if (fact.extra.size() > kFactExtrasMax) return Code::kLimitExceeded;
    for (const core::ExtraField& extra : fact.extra) SATCHEL_TRY(check_texts(kFactTextMax, {&extra.name, &extra.value}));
    return {};
  }
  Result<void> operator()(const core::CaptureFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    SATCHEL_TRY(check_texts(kFactTextMax, {&fact.override_reason, &fact.judge_version}));
    if (!std::isfinite(fact.score)) return Code::kMalformed;
    if (fact.findings.size() > kFactFindingsMax) return Code::kLimitExceeded;
    for (const core::NotedFinding& finding : fact.findings) {
      SATCHEL_TRY(check_texts(kFactCodeMax, {&finding.code}));
      if (!std::isfinite(finding.value)) return Code::kMalformed;
    }
    return {};
  }
  Result<void> operator()(const core::SubmissionFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    return check_fields(fact.looked_at);
  }
  Result<void> operator()(const core::VerdictFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    SATCHEL_TRY(check_texts(kFactCodeMax, {&fact.reason}));
    return check_texts(kFactTextMax, {&fact.note, &fact.by});
  }
  Result<void> operator()(const core::SecondLookFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    SATCHEL_TRY(check_texts(kFactCodeMax, {&fact.reason}));
    return check_texts(kFactTextMax, {&fact.by});
  }
  Result<void> operator()(const core::NationalFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    return check_texts(kFactTextMax, {&fact.reason});
  }
  Result<void> operator()(const core::CaseFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    return check_texts(kFactTextMax, {&fact.owner, &fact.next});
  }
  Result<void> operator()(const core::ExportFact& fact) const { return check_student(fact.student); }
  Result<void> operator()(const core::MemberFact& fact) const {
    if (fact.certificate.size() > kFactCertificateMax) return Code::kLimitExceeded;
    return {};
  }
  Result<void> operator()(const core::RevocationFact& fact) const {
    if (fact.revocation.positions.size() > kFactPositionsMax) return Code::kLimitExceeded;
    return check_texts(kFactTextMax, {&fact.reason});
  }
  Result<void> operator()(const core::DiscardFact& fact) const { return check_student(fact.student); }
  Result<void> operator()(const core::WithdrawalFact& fact) const { return check_student(fact.student); }
  Result<void> operator()(const core::ResolutionFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    if (fact.dismissed.size() > kFactDismissedMax) return Code::kLimitExceeded;
    return check_texts(kFactTextMax, {&fact.note});
  }
  Result<void> operator()(const core::IndexFact& fact) const {
    if (fact.entries.size() > kFactIndexMax) return Code::kLimitExceeded;
    for (const core::IndexEntry& entry : fact.entries) SATCHEL_TRY(check_student(entry.student));
    return {};
  }
  Result<void> operator()(const core::TimetableFact& fact) const {
    if (fact.slots.size() > kFactSlotsMax) return Code::kLimitExceeded;
    for (const core::TimetableSlot& slot : fact.slots) SATCHEL_TRY(check_texts(kFactTextMax, {&slot.room, &slot.class_name}));
    return {};
  }
  Result<void> operator()(const core::CodeRevocationFact& fact) const { return check_student(fact.student); }
  Result<void> operator()(const core::ForeignCodeFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    if (fact.sealed.size() > kFactSealedCodeMax || fact.sealed_recovery.size() > kFactSealedCodeMax) return Code::kLimitExceeded;
    return check_texts(kFactTextMax, {&fact.reason});
  }
  Result<void> operator()(const core::ForeignAnswerFact& fact) const { return check_student(fact.student); }
  Result<void> operator()(const core::ProfileFact& fact) const {
    if (fact.profile.size() > kFactProfileMax) return Code::kLimitExceeded;
    return {};
  }
  Result<void> operator()(const core::ProofFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    SATCHEL_TRY(check_fields(fact.fields));
    return check_texts(kFactTextMax, {&fact.note});
  }
  Result<void> operator()(const core::ErrataFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    SATCHEL_TRY(check_fields(fact.fields));
    return check_texts(kFactTextMax, {&fact.note});
  }
  Result<void> operator()(const core::DeliveryFact& fact) const { return check_student(fact.student); }
  Result<void> operator()(const core::PurgeFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    return check_scope(fact.scope);
  }
  Result<void> operator()(const core::PurgedFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    SATCHEL_TRY(check_scope(fact.scope));
    if (fact.destroyed.size() > kFactDestroyedMax) return Code::kLimitExceeded;
    return {};
  }
  Result<void> operator()(const core::UnlockFact& fact) const {
    SATCHEL_TRY(check_student(fact.student));
    return check_texts(kFactTextMax, {&fact.note});
  }
};

}  // namespace

Result<void> check_limits(const core::Fact& fact) { return std::visit(Check{}, fact); }

}  // namespace satchel::protocol
