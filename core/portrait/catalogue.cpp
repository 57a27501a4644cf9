#include "core/portrait/catalogue.h"

namespace satchel::core::portrait {
namespace {

constexpr Message kMessages[] = {
#define SATCHEL_MESSAGE(code, side, zh, cure_zh, en, cure_en) {code, Side::side, zh, en, cure_zh, cure_en},
#include "core/portrait/catalogue.def"
#undef SATCHEL_MESSAGE
};

}  // namespace

std::span<const Message> all_messages() noexcept { return kMessages; }

const Message* message(std::string_view code, Side side) noexcept {
  const Message* first = nullptr;
  for (const Message& candidate : kMessages) {
    if (candidate.code != code) continue;
    if (candidate.side == side) return &candidate;
    if (first == nullptr) first = &candidate;
  }
  return first;
}

}  // namespace satchel::core::portrait
