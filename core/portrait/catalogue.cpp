#include "core/portrait/catalogue.h"

#include <cstddef>
#include <iterator>

namespace satchel::core::portrait {
namespace {

constexpr Message kMessages[] = {
#define SATCHEL_MESSAGE(code, side, zh, cure_zh, en, cure_en) {code, Side::side, zh, en, cure_zh, cure_en},
#include "core/portrait/catalogue.def"
#undef SATCHEL_MESSAGE
};

constexpr BlindReason kBlind[] = {
#define SATCHEL_BLIND(why, zh, cure_zh, en, cure_en) {Blind::why, zh, en, cure_zh, cure_en},
#include "core/portrait/blind.def"
#undef SATCHEL_BLIND
};
static_assert(std::size(kBlind) == static_cast<std::size_t>(Blind::no_admission) + 1);

constexpr CheckItem kChecklist[] = {
#define SATCHEL_CHECK_ITEM(code, zh, en) {code, zh, en},
#include "core/portrait/checklist.def"
#undef SATCHEL_CHECK_ITEM
};

constexpr Source kSources[] = {
#define SATCHEL_SOURCE(code, zh, en) {code, zh, en},
#include "core/portrait/sources.def"
#undef SATCHEL_SOURCE
};

}  // namespace

std::span<const Source> all_sources() noexcept { return kSources; }

const Source* source_of(std::string_view code) noexcept {
  for (const Source& source : kSources) {
    if (source.code == code) return &source;
  }
  return nullptr;
}

std::span<const BlindReason> all_blind_reasons() noexcept { return kBlind; }

const BlindReason& blind_reason(Blind why) noexcept { return kBlind[static_cast<std::size_t>(why)]; }

std::span<const CheckItem> operator_checklist() noexcept { return kChecklist; }

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
