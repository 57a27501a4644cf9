#include <chrono>

#include "core/campaign/people.h"

namespace satchel::core {
namespace {

bool all_digits(std::string_view text) noexcept {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

int number(std::string_view digits) noexcept {
  int out = 0;
  for (const char c : digits) out = out * 10 + (c - '0');
  return out;
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) noexcept {
  if (text.size() != 8 || !all_digits(text)) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{number(text.substr(0, 4))},
                                        std::chrono::month{static_cast<unsigned>(number(text.substr(4, 2)))},
                                        std::chrono::day{static_cast<unsigned>(number(text.substr(6, 2)))}};
  if (!day.ok() || day.year() < std::chrono::year{1900}) return std::nullopt;
  return day;
}

/// A month later or earlier on the same day, or the month's last day where that day is not there.
std::chrono::year_month_day plus_months(std::chrono::year_month_day day, int months) {
  const std::chrono::year_month_day moved = day + std::chrono::months{months};
  return moved.ok() ? moved : std::chrono::year_month_day{moved.year() / moved.month() / std::chrono::last};
}

}  // namespace

char id_check_character(std::string_view first17) noexcept {
  if (first17.size() != 17 || !all_digits(first17)) return '\0';
  // GB 11643-1999: weight of position i (from the right, the check character being 1) is 2^(i-1) mod 11; the sum of all eighteen
  // products is 1 mod 11.
  int sum = 0;
  int weight = 1;
  for (std::size_t i = first17.size(); i-- > 0;) {
    weight = weight * 2 % 11;
    sum += weight * (first17[i] - '0');
  }
  return "10X98765432"[sum % 11];
}

bool valid_id_number(std::string_view id_number) noexcept {
  if (id_number.size() != 18) return false;
  const char check = id_check_character(id_number.substr(0, 17));
  const char last = id_number[17] == 'x' ? 'X' : id_number[17];
  return check != '\0' && check == last && valid_date(id_number.substr(6, 8));
}

bool valid_date(std::string_view yyyymmdd) noexcept { return parse_date(yyyymmdd).has_value(); }

std::optional<bool> derive_last_term(std::string_view level, std::string_view enrolled_on, std::string_view on) {
  const int years = level.starts_with("专升本") ? 5 : level.starts_with("高起本") ? 7 : 0;
  const auto begin = parse_date(enrolled_on);
  const auto day = parse_date(on);
  if (years == 0 || !begin || !day) return std::nullopt;
  const auto end = plus_months(*begin, years * 12);
  return *day >= plus_months(end, -6) && *day < end;
}

}  // namespace satchel::core
