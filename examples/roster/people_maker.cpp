#include "examples/roster/people_maker.h"

#include <array>
#include <cstdio>
#include <set>
#include <string_view>

#include "core/campaign/people.h"

namespace satchel::examples {
namespace {

constexpr std::array<std::string_view, 16> kSurnames{"赵", "钱", "孙", "李", "周", "吴", "郑", "王",
                                                     "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "欧阳"};
constexpr std::array<std::string_view, 24> kSyllables{"安", "北", "晨", "冬", "恩", "方", "光", "禾", "佳", "可", "兰", "明",
                                                      "宁", "沛", "清", "然", "山", "天", "文", "夏", "雪", "雅", "泽", "竹"};
constexpr std::array<std::string_view, 5> kMajors{"汉语言文学", "历史学", "会计学", "护理学", "计算机科学与技术"};
constexpr std::array<std::string_view, 5> kClassMarks{"文", "史", "会", "护", "计"};

/// splitmix64 (Steele, Lea, Flood 2014): small, repeatable everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return (z ^ (z >> 31)) % bound;
  }
  template <class List>
  std::string_view pick(const List& list) {
    return list[below(list.size())];
  }

 private:
  std::uint64_t state_;
};

std::string digits(std::uint64_t value, int width) {
  std::array<char, 24> text{};
  const int size = std::snprintf(text.data(), text.size(), "%0*llu", width, static_cast<unsigned long long>(value));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string draw_name(Dice& dice) {
  std::string name{dice.pick(kSurnames)};
  name += dice.pick(kSyllables);
  if (dice.below(4) != 0) name += dice.pick(kSyllables);
  return name;
}

/// Born 18 to 40 years before 2026, on one of the first 28 days of a month, so that every day is real.
std::string draw_id_number(Dice& dice) {
  std::string first17 =
      "999999" + digits(1986 + dice.below(22), 4) + digits(1 + dice.below(12), 2) + digits(1 + dice.below(28), 2);
  first17 += digits(1 + dice.below(999), 3);
  return first17 + core::id_check_character(first17);
}

/// Year and month of an enrolment whose study validity ends in three months, or began two or three years ago.
std::pair<std::uint64_t, std::uint64_t> draw_enrolment(Dice& dice, const RosterWish& wish, bool upgrade, bool last_term) {
  const std::uint64_t before = last_term ? (upgrade ? 5 : 7) : 2 + dice.below(2);
  const auto now = static_cast<std::uint64_t>(wish.year) * 12 + static_cast<std::uint64_t>(wish.month) - 1;
  const std::uint64_t end = now + (last_term ? 3 : 0);
  return {end / 12 - before, last_term ? end % 12 + 1 : 3};
}

std::string draw_row(Dice& dice, std::size_t index, const RosterWish& wish, const std::string& site,
                     std::set<std::string>& id_numbers) {
  const bool upgrade = dice.below(3) != 0;  // 专升本
  const bool last_term = dice.below(6) == 0;
  const auto [year, month] = draw_enrolment(dice, wish, upgrade, last_term);
  std::string id_number = draw_id_number(dice);
  while (!id_numbers.insert(id_number).second) id_number = draw_id_number(dice);
  const std::uint64_t subject = dice.below(kMajors.size());

  std::string row = digits(year, 4) + "99" + digits(index + 1, 6) + (last_term ? "*" : "");
  row += "," + draw_name(dice) + "," + id_number + "," + digits(year, 4) + digits(month, 2) + "01";
  row += std::string{","} + (upgrade ? "专升本" : "高起本") + "," + site;
  row += "," + digits(year % 100, 2) + std::string{kClassMarks[subject]} + "（" + std::to_string(1 + dice.below(12)) + "）";
  row += "," + std::string{kMajors[subject]};
  row += ",173" + digits(dice.below(100), 2) + "XXX" + digits(dice.below(1000), 3);
  row += ",s" + std::to_string(index + 1) + "@example.invalid,";
  return row + "\r\n";
}

/// A site's name may hold a comma or a quotation mark.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string{"\"\""} : std::string{c};
  return out + "\"";
}

}  // namespace

std::string make_roster(const RosterWish& wish) {
  Dice dice{wish.seed};
  std::set<std::string> id_numbers;
  std::string out = "学号,姓名,身份证号,入学日期,学历层次,站点,班级,专业,手机,EMAIL,备注\r\n";
  for (std::size_t i = 0; i < wish.students; ++i) {
    out += draw_row(dice, i, wish, quoted(wish.sites[i % wish.sites.size()]), id_numbers);
  }
  return out;
}

}  // namespace satchel::examples
