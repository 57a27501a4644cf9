#include "protocol/body/body.h"

#include <catch2/catch.hpp>
#include <limits>

#include "core/record/entry.h"
#include "tests/unit/body/facts.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::Code;
using core::Fact;

/// Both sides must refuse: what cannot be read is never signed.
Code refusal(const Fact& fact) {
  const auto bytes = encode_fact(fact);
  REQUIRE_FALSE(bytes);
  return bytes.error().code;
}

TEST_CASE("every kind of fact comes back from its bytes as it was") {
  for (const Fact& fact : tests::all_facts()) {
    INFO("kind " << fact.index());
    const auto bytes = encode_fact(fact);
    REQUIRE(bytes);
    const auto back = decode_fact(*bytes);
    REQUIRE(back);
    CHECK(*back == fact);
    CHECK(*encode_fact(*back) == *bytes);
  }
}

TEST_CASE("a record of a capture is small") {
  const auto bytes = encode_fact(tests::capture());
  REQUIRE(bytes);
  CHECK(bytes->size() < 400);
}

TEST_CASE("texts, lists and numbers are taken up to their limits") {
  core::RosterFact row = tests::roster();
  row.remark = std::string(kFactTextMax, 'x');
  row.id_number = std::string(kFactCodeMax, 'x');
  row.student.value = (1ULL << 50) - 1;
  CHECK(*decode_fact(*encode_fact(row)) == Fact{row});
  core::CaptureFact capture = tests::capture();
  capture.findings.assign(kFactFindingsMax, {std::string(kFactCodeMax, 'Q'), core::Grade::fail, 1});
  CHECK(*decode_fact(*encode_fact(capture)) == Fact{capture});
  core::RevocationFact revocation = tests::revocation();
  revocation.revocation.positions.resize(kFactPositionsMax, revocation.revocation.positions[0]);
  CHECK(*decode_fact(*encode_fact(revocation)) == Fact{revocation});
  core::MemberFact member{Bytes(kFactCertificateMax, 1)};
  CHECK(*decode_fact(*encode_fact(member)) == Fact{member});
}

TEST_CASE("one more than a limit is refused before it is signed") {
  core::RosterFact row = tests::roster();
  row.remark.assign(kFactTextMax + 1, 'x');
  CHECK(refusal(row) == Code::kLimitExceeded);
  row = tests::roster();
  row.id_number.assign(kFactCodeMax + 1, 'x');
  CHECK(refusal(row) == Code::kLimitExceeded);
  core::CaptureFact capture = tests::capture();
  capture.findings.resize(kFactFindingsMax + 1);
  CHECK(refusal(capture) == Code::kLimitExceeded);
  capture = tests::capture();
  capture.findings[0].code.assign(kFactCodeMax + 1, 'Q');
  CHECK(refusal(capture) == Code::kLimitExceeded);
  core::VerdictFact verdict = tests::verdict();
  verdict.note.assign(kFactTextMax + 1, 'x');
  CHECK(refusal(verdict) == Code::kLimitExceeded);
  verdict = tests::verdict();
  verdict.reason.assign(kFactCodeMax + 1, 'x');
  CHECK(refusal(verdict) == Code::kLimitExceeded);
  core::RevocationFact revocation = tests::revocation();
  revocation.revocation.positions.resize(kFactPositionsMax + 1);
  CHECK(refusal(revocation) == Code::kLimitExceeded);
  CHECK(refusal(core::MemberFact{Bytes(kFactCertificateMax + 1, 1)}) == Code::kLimitExceeded);
}

TEST_CASE("what is no text, no number or no student is refused before it is signed") {
  core::RosterFact row = tests::roster();
  row.name = "\xC0\xAF";  // over-long
  CHECK(refusal(row) == Code::kMalformed);
  row = tests::roster();
  row.student.value = 1ULL << 50;
  CHECK(refusal(row) == Code::kMalformed);
  core::CaptureFact capture = tests::capture();
  capture.score = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(capture) == Code::kMalformed);
  capture = tests::capture();
  capture.findings[0].value = std::numeric_limits<double>::infinity();
  CHECK(refusal(capture) == Code::kMalformed);
  core::SubmissionFact submission = tests::submission();
  submission.student.value = ~0ULL;
  CHECK(refusal(submission) == Code::kMalformed);
  submission = tests::submission();
  submission.looked_at.assign(kFactFieldsMax + 1, "C-HAIR");
  CHECK(refusal(submission) == Code::kLimitExceeded);
}

}  // namespace
}  // namespace satchel::protocol
