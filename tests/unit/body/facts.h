#pragma once

#include <string>
#include <vector>

#include "core/record/facts.h"

namespace satchel::tests {

/// A hash that is easy to tell from others.
inline core::Hash hash_of(std::uint8_t byte) {
  core::Hash out;
  out.value.fill(byte);
  return out;
}

inline const core::StudentRef kStudent{0x2A5A5A5A5A5A5ULL};

inline core::RosterFact roster() {
  return {kStudent,
          12,
          false,
          true,
          true,
          {7},
          "2026010001",
          "测试 甲",
          "00000020000101001X",
          "20260301",
          "专升本",
          "东站",
          "一班",
          "汉语言文学",
          "138****0001",
          "a@example.invalid",
          "备注",
          true,
          {{"考生号", "26990001"}}};
}
inline core::CaptureFact capture() {
  core::CaptureFact out;
  out.student = kStudent;
  out.taken = {9, {-5}, {1'780'000'000'000}};
  out.grade = core::Grade::advice;
  out.score = 87.5;
  out.findings = {{"Q-BLUR", core::Grade::advice, -0.25}, {"Q-DARK", core::Grade::pass, 1e300}};
  out.override_reason = "操作员确认";
  out.original = hash_of(1);
  out.original_size = 4'000'000;
  out.standard = hash_of(2);
  out.standard_size = 120'000;
  out.preview = hash_of(3);
  out.perceptual_hash = ~0ULL;
  out.judge_version = "judge 1";
  return out;
}
inline core::SubmissionFact submission() {
  return {kStudent, hash_of(4), {1, {2}, {3}}, 0x0123456789ABCDEF, 9, {"C-HAIR", "C-PERSON"}};
}
inline core::VerdictFact verdict() {
  return {kStudent, hash_of(5), false, "R-BLUR", "请重拍", 3, {1, {2}, {3}}, true, "审核员甲"};
}
inline core::ExportFact export_of() { return {kStudent, hash_of(6), hash_of(7), {1, {2}, {3}}}; }
inline core::MemberFact member() { return {{1, 2, 3, 0, 255}}; }
inline core::RevocationFact revocation() {
  const core::Author author{{7}, {0x1122334455667788}};
  return {{{7}, {{{author, core::kToHub, core::Lane::record}, {9}}, {{author, core::kEveryone, core::Lane::original}, {~0ULL}}}},
          "遗失"};
}

inline core::UnlockFact unlock() { return {kStudent, hash_of(8), 3, "可再拍", 4, {1, {2}, {3}}}; }

inline core::ProfileFact profile() { return {{1, 9, 0, 0, 7, 255}}; }

inline core::DiscardFact discard() { return {kStudent, hash_of(9), {1, {2}, {3}}}; }
inline core::WithdrawalFact withdrawal() { return {kStudent, hash_of(10), {1, {2}, {3}}}; }
inline core::ResolutionFact resolution() {
  return {kStudent, hash_of(11), {hash_of(12), hash_of(13)}, "两处都拍了", 5, {1, {2}, {3}}};
}
inline core::IndexFact index() { return {7, {{kStudent, {3}, false, true, false}, {{1}, {0}, true, false, true}}}; }
inline core::TimetableFact timetable() {
  return {2, {{"一号教室", {1'780'000'000'000}, {1'780'000'900'000}, "19史（5）"}, {"一号教室", {-1}, {5}, ""}}};
}

inline core::SecondLookFact second_look() { return {kStudent, hash_of(14), false, "R-BLUR", "审核员乙", 77, {1, {2}, {3}}}; }
inline core::NationalFact national() {
  return {kStudent, hash_of(15), core::NationalResult::failed, "比对不通过", 2, {1, {2}, {3}}};
}
inline core::CaseFact case_step() { return {kStudent, true, "学籍科", "请学生补材料", {1'780'000'000'000}, 3, {1, {2}, {3}}}; }
inline core::ProofFact proof() { return {kStudent, hash_of(14), false, {"name", "picture"}, "见附件", 2, {1, {2}, {3}}}; }
inline core::ErrataFact errata() { return {kStudent, true, {"id_number"}, "已更正", 3, {1, {2}, {3}}}; }
inline core::DeliveryFact delivery() { return {kStudent, hash_of(15), {1, {2}, {3}}}; }
inline core::PurgeFact purge() { return {kStudent, core::PurgeScope::pictures, {1, {2}, {3}}}; }
inline core::PurgedFact purged() {
  return {kStudent, core::PurgeScope::records, {hash_of(16), hash_of(17)}, 123'456, 2, {1, {2}, {3}}};
}
inline core::CodeRevocationFact code_revocation() { return {kStudent, 3, {1, {2}, {3}}}; }
inline core::ForeignCodeFact foreign_code() {
  return {kStudent, hash_of(14), core::Bytes(120, 7), core::Bytes(121, 8), "本人到场", {1, {2}, {3}}};
}
inline core::ForeignAnswerFact foreign_answer() {
  return {kStudent, hash_of(14), true, core::AnswerSource::person, 4, {1, {2}, {3}}};
}

/// One of each kind, and each kind with nothing in it.
inline std::vector<core::Fact> all_facts() {
  return {roster(),
          capture(),
          submission(),
          verdict(),
          export_of(),
          member(),
          revocation(),
          unlock(),
          profile(),
          discard(),
          withdrawal(),
          resolution(),
          index(),
          timetable(),
          second_look(),
          national(),
          case_step(),
          proof(),
          errata(),
          delivery(),
          purge(),
          purged(),
          code_revocation(),
          foreign_code(),
          foreign_answer(),
          core::RosterFact{},
          core::CaptureFact{},
          core::SubmissionFact{},
          core::VerdictFact{},
          core::ExportFact{},
          core::MemberFact{},
          core::RevocationFact{},
          core::UnlockFact{},
          core::ProfileFact{},
          core::DiscardFact{},
          core::WithdrawalFact{},
          core::ResolutionFact{},
          core::IndexFact{},
          core::TimetableFact{},
          core::SecondLookFact{},
          core::NationalFact{},
          core::CaseFact{},
          core::ProofFact{},
          core::ErrataFact{},
          core::DeliveryFact{},
          core::PurgeFact{},
          core::PurgedFact{},
          core::CodeRevocationFact{},
          core::ForeignCodeFact{},
          core::ForeignAnswerFact{}};
}

}  // namespace satchel::tests
