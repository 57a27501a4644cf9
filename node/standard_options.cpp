#include "node/standard_options.h"

#include <cmath>

namespace satchel::node {

core::portrait::StandardOptions standard_options(const core::Profile& profile) {
  core::portrait::StandardOptions out;
  if (profile.full_chroma) out.chroma = core::portrait::Subsampling::k444;
  if (profile.replace_background && !profile.backgrounds.empty()) {
    const core::Colour& asked = profile.backgrounds.front();
    out.ground = core::portrait::Ground{asked.red, asked.green, asked.blue};
  }
  return out;
}

boost::json::object ground_document(const core::portrait::Replacement& replacement) {
  const core::portrait::GroundWords& words = core::portrait::words_of(replacement.change);
  const auto thousandth = [](double value) { return std::round(value * 1000) / 1000; };
  return {{"replaced", replacement.change == core::portrait::GroundChange::replaced},
          {"code", words.code},
          {"residual_delta_e", thousandth(replacement.residual)},
          {"clothes_delta_e", thousandth(replacement.clothes_delta)},
          {"person_share", thousandth(replacement.person_share)},
          {"zh", words.zh},
          {"en", words.en},
          {"cure_zh", words.cure_zh},
          {"cure_en", words.cure_en}};
}

}  // namespace satchel::node
