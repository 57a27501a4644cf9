#include "core/campaign/natural_order.h"

#include <cstddef>
#include <cstdint>

#include "core/base/utf8.h"

namespace satchel::core {
namespace {

/// One step of a text: a number (its digits without leading zeros, as code points) or a single character.
class Steps {
 public:
  explicit Steps(std::string_view text) : text_(text) {}
  bool done() const { return at_ >= text_.size(); }

  /// The next code point, full-width forms (U+FF01 to U+FF5E) as their ASCII twins: input methods mix the two.
  std::uint32_t peek(std::size_t& after) const {
    after = at_;
    const std::uint32_t point = next_code_point(text_, after);
    return point >= 0xFF01 && point <= 0xFF5E ? point - 0xFEE0 : point;
  }
  bool at_digit() const {
    std::size_t after = 0;
    return !done() && is_digit(peek(after));
  }
  std::uint32_t take() {
    std::size_t after = 0;
    const std::uint32_t point = peek(after);
    at_ = after;
    return point;
  }
  void skip_zeros() {
    std::size_t after = 0;
    while (!done() && peek(after) == '0') at_ = after;
  }

 private:
  static bool is_digit(std::uint32_t point) { return point >= '0' && point <= '9'; }
  std::string_view text_;
  std::size_t at_ = 0;
};

int sign_of(std::uint32_t a, std::uint32_t b) { return a < b ? -1 : a > b ? 1 : 0; }

/// Both stand on a number. The longer one (without leading zeros) is larger; of two equally long ones the first digit that
/// differs decides. No number is ever built, so that no length can overflow.
int compare_numbers(Steps& a, Steps& b) {
  a.skip_zeros();
  b.skip_zeros();
  int first_difference = 0;
  while (a.at_digit() && b.at_digit()) {
    const int step = sign_of(a.take(), b.take());
    if (first_difference == 0) first_difference = step;
  }
  if (a.at_digit()) return 1;
  if (b.at_digit()) return -1;
  return first_difference;
}

}  // namespace

int natural_compare(std::string_view a, std::string_view b) noexcept {
  Steps left{a};
  Steps right{b};
  while (!left.done() && !right.done()) {
    const bool numbers = left.at_digit() && right.at_digit();
    const int step = numbers ? compare_numbers(left, right) : sign_of(left.take(), right.take());
    if (step != 0) return step;
  }
  if (left.done() != right.done()) return left.done() ? -1 : 1;
  const int bytes = a.compare(b);
  return bytes < 0 ? -1 : bytes > 0 ? 1 : 0;
}

}  // namespace satchel::core
