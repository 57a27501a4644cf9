#include "core/campaign/people.h"

#include <catch2/catch.hpp>

using namespace satchel::core;

TEST_CASE("the check character of an ID number follows GB 11643") {
  // The standard's own two examples; their people and places are not real.
  CHECK(id_check_character("11010519491231002") == 'X');
  CHECK(id_check_character("44052418800101001") == '4');
  CHECK(id_check_character("1101051949123100") == '\0');
  CHECK(id_check_character("1101051949123100A") == '\0');
}

TEST_CASE("an ID number needs eighteen characters, a real birthday and its check character") {
  const std::string first17 = "99999920000229001";
  const std::string good = first17 + id_check_character(first17);
  CHECK(valid_id_number(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == '1' ? '2' : '1';
    INFO("position " << i);
    CHECK(!valid_id_number(changed));
  }
  const std::string no_day = "99999920010229001";
  CHECK(!valid_id_number(no_day + id_check_character(no_day)));
  CHECK(!valid_id_number(""));
  CHECK(!valid_id_number(good + "0"));
}

TEST_CASE("a lower-case x is the check character X") {
  std::string first17;
  for (int serial = 0; serial < 1000; ++serial) {
    first17 = "99999919990101" + std::to_string(1000 + serial).substr(1);
    if (id_check_character(first17) == 'X') break;
  }
  REQUIRE(id_check_character(first17) == 'X');
  CHECK(valid_id_number(first17 + "X"));
  CHECK(valid_id_number(first17 + "x"));
}

TEST_CASE("only real days from 1900 on are dates") {
  CHECK(valid_date("20240229"));
  CHECK(valid_date("19000101"));
  for (const char* bad :
       {"", "2024", "20230229", "20241301", "20240431", "20240100", "18991231", "2024-1-1", "2024010a", "+2024010"}) {
    INFO(bad);
    CHECK(!valid_date(bad));
  }
}

TEST_CASE("the last term is the last half-year of five years after 专升本 and seven after 高起本") {
  CHECK(derive_last_term("专升本", "20210301", "20260228") == true);
  CHECK(derive_last_term("专升本", "20210301", "20250901") == true);
  CHECK(derive_last_term("专升本", "20210301", "20250831") == false);
  CHECK(derive_last_term("专升本", "20210301", "20260301") == false);
  CHECK(derive_last_term("高起本", "20190301", "20251001") == true);
  CHECK(derive_last_term("高起本", "20210301", "20251001") == false);
  CHECK(derive_last_term("专升本（函授）", "20210301", "20251001") == true);
  CHECK(derive_last_term("研究生", "20210301", "20251001") == std::nullopt);
  CHECK(derive_last_term("专升本", "20219901", "20251001") == std::nullopt);
  CHECK(derive_last_term("专升本", "20210301", "") == std::nullopt);
}

TEST_CASE("half a year before the last day of August is the last day of February") {
  CHECK(derive_last_term("专升本", "20200831", "20250228") == true);
  CHECK(derive_last_term("专升本", "20200831", "20250227") == false);
}
