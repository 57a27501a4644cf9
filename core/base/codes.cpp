#include "core/base/codes.h"

#include <array>

namespace satchel::core {
namespace {

constexpr std::array kCodes{
#define SATCHEL_CODE(name, id, exit, zh, cure_zh, en, cure_en) CodeInfo{Code::name, id, Exit::exit, zh, cure_zh, en, cure_en},
#include "core/base/codes.def"
#undef SATCHEL_CODE
};

}  // namespace

const CodeInfo& info(Code code) noexcept { return kCodes[static_cast<std::size_t>(code)]; }
std::span<const CodeInfo> all_codes() noexcept { return kCodes; }

}  // namespace satchel::core
