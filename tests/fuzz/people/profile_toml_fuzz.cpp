// A profile that somebody wrote by hand.
#include "core/base/bytes.h"
#include "core/base/check.h"
#include "core/campaign/profile.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto profile = core::parse_profile(core::as_text({data, size}));
  if (profile) {
    SATCHEL_CHECK(!profile->name.empty() && profile->attempts_max > 0 && !profile->backgrounds.empty());
    SATCHEL_CHECK(!profile->reject_reasons.empty() && profile->export_width > 0 && profile->export_height > 0);
  } else {
    SATCHEL_CHECK(profile.error().code == core::Code::kProfileBad);
  }
  return 0;
}
