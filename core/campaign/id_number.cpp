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

std::optional<std::string> read_date(std::string_view text) {
  if (valid_date(text)) return std::string(text);
  int parts[3] = {0, 0, 0};
  std::size_t part = 0;
  bool digits = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      if (part > 2 || parts[part] > 99'999) return std::nullopt;
      parts[part] = parts[part] * 10 + (c - '0');
      digits = true;
      continue;
    }
    if (c == ' ' && part == 2 && digits) break;  // a time behind the day
    std::size_t length = 0;
    for (const std::string_view mark : {"-", "/", ".", "年", "月", "日"}) {
      if (text.substr(i).starts_with(mark)) length = mark.size();
    }
    if (length == 0 || !digits) return std::nullopt;
    i += length - 1;
    ++part;
    digits = false;
  }
  std::chrono::year_month_day day{};
  if (part == 0 && parts[0] >= 10'000 && parts[0] <= 99'999) {
    // Days as spreadsheets count them; ECMA-376 part 1, 18.17.4.1, from March 1900 on.
    constexpr std::chrono::sys_days kBase{std::chrono::year{1899} / std::chrono::month{12} / std::chrono::day{30}};
    day = kBase + std::chrono::days{parts[0]};
  } else if (part >= 2 && parts[0] >= 1900 && parts[0] <= 9999) {
    day = std::chrono::year{parts[0]} / std::chrono::month{static_cast<unsigned>(parts[1])} /
          std::chrono::day{static_cast<unsigned>(parts[2])};
  }
  if (!day.ok() || day.year() < std::chrono::year{1900}) return std::nullopt;
  const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return std::to_string(static_cast<int>(day.year())) + two(static_cast<unsigned>(day.month())) +
         two(static_cast<unsigned>(day.day()));
}

namespace {

/// The first day behind the study validity.
std::optional<std::chrono::year_month_day> validity_end(std::string_view level, std::string_view enrolled_on,
                                                        const StudyRules& study) {
  const auto begin = parse_date(enrolled_on);
  if (!begin) return std::nullopt;
  // The longest name that fits: 专升本 before 专.
  const std::pair<const std::string, int>* rule = nullptr;
  for (const auto& one : study.years) {
    if (level.starts_with(one.first) && (rule == nullptr || one.first.size() > rule->first.size())) rule = &one;
  }
  if (rule == nullptr) return std::nullopt;
  return plus_months(*begin, rule->second * 12);
}

}  // namespace

std::optional<bool> derive_last_term(std::string_view level, std::string_view enrolled_on, std::string_view on,
                                     const StudyRules& study) {
  const auto end = validity_end(level, enrolled_on, study);
  const auto day = parse_date(on);
  if (!end || !day) return std::nullopt;
  return *day >= plus_months(*end, -study.last_term_months) && *day < *end;
}

std::optional<bool> validity_over(std::string_view level, std::string_view enrolled_on, std::string_view on,
                                  const StudyRules& study) {
  const auto end = validity_end(level, enrolled_on, study);
  const auto day = parse_date(on);
  if (!end || !day) return std::nullopt;
  return *day >= *end;
}

}  // namespace satchel::core
