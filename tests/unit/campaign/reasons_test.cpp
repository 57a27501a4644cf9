#include "core/campaign/reasons.h"

#include <catch2/catch.hpp>
#include <set>

#include "core/base/utf8.h"
#include "core/campaign/people.h"

using namespace satchel::core;

namespace {

template <class Message>
void check_words(const Message& message) {
  INFO(message.code);
  for (const std::string_view text : {message.zh, message.en, message.cure_zh, message.cure_en}) {
    CHECK(!text.empty());
    CHECK(is_plain_text(text));
  }
  CHECK(message.zh != message.en);
  CHECK(message.zh != message.cure_zh);
}

}  // namespace

TEST_CASE("each reject reason has a code of its own, and words and a cure in both languages") {
  std::set<std::string_view> codes;
  for (const RejectReason& reason : all_reject_reasons()) {
    check_words(reason);
    CHECK(codes.insert(reason.code).second);
    CHECK(reject_reason(reason.code) == &reason);
  }
}

TEST_CASE("the seven reasons of the provincial system are there") {
  for (const char* code : {"R-UNEVEN", "R-FAKE", "R-BLUR", "R-OVEREXPOSED", "R-TOP-LIGHT", "R-DARK", "R-SMALL"}) {
    CHECK(reject_reason(code) != nullptr);
  }
  CHECK(reject_reason("R-NOTHING") == nullptr);
  CHECK(reject_reason("") == nullptr);
}

TEST_CASE("six reasons more are ours") {
  for (const char* code : {"R-BACKGROUND", "R-CLOTHES", "R-POSE", "R-EYES", "R-WRONG-PERSON", "R-OTHER"}) {
    CHECK(reject_reason(code) != nullptr);
  }
}

TEST_CASE("each code of a roster row has words and a cure in both languages") {
  std::set<std::string_view> codes;
  for (const RowMessage& message : all_row_messages()) {
    check_words(message);
    CHECK(codes.insert(message.code).second);
    CHECK(row_message(message.code) == &message);
  }
  CHECK(row_message("R-ROW-NOTHING") == nullptr);
}
