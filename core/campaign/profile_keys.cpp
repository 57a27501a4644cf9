#include "core/campaign/profile_keys.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/campaign/profile.h"

namespace satchel::core {
namespace {

constexpr std::array kPictureKeys{
    PictureKey{"blur_fail", 0, 6},
    PictureKey{"blur_pass", 0, 6},
    PictureKey{"bright_luminance", 128, 255},
    PictureKey{"centre_fail", 0, 0.5},
    PictureKey{"centre_pass", 0, 0.5},
    PictureKey{"clothes_blue", 0, 2, true},
    PictureKey{"clothes_delta_fail", 0, 100},
    PictureKey{"clothes_delta_pass", 0, 100},
    PictureKey{"clothes_white", 0, 2, true},
    PictureKey{"dark_luminance", 0, 128},
    PictureKey{"dark_picture_luminance", 0, 255},
    PictureKey{"dpi", 72, 1200, true},
    PictureKey{"enlarge_max", 1, 4},
    PictureKey{"eye_distance_of_face", 0.2, 0.8},
    PictureKey{"eye_height_aim", 50, 600},
    PictureKey{"eye_height_fail", 0, 300},
    PictureKey{"eye_height_pass", 0, 300},
    PictureKey{"eyes_open_fail", -5, 5},
    PictureKey{"eyes_open_pass", -5, 5},
    PictureKey{"face_width_aim", 50, 480},
    PictureKey{"face_width_fail", 0, 240},
    PictureKey{"face_width_pass", 0, 240},
    PictureKey{"frame_height", 160, 4000, true},
    PictureKey{"frame_width", 120, 3000, true},
    PictureKey{"glare_fail", 0, 1},
    PictureKey{"glare_pass", 0, 1},
    PictureKey{"glasses_allowed", 0, 1, true},
    PictureKey{"glasses_edge", 0, 2},
    PictureKey{"glasses_sure", 0, 2},
    PictureKey{"ground_delta_fail", 0, 200},
    PictureKey{"ground_delta_pass", 0, 200},
    PictureKey{"ground_residual_fail", 0, 100},
    PictureKey{"ground_residual_pass", 0, 100},
    PictureKey{"ground_slope_pass", 0, 100},
    PictureKey{"hairline_advice", 0, 200},
    PictureKey{"hairline_aim", 0, 300},
    PictureKey{"hairline_pass", 0, 200},
    PictureKey{"half_dark_fail", 0, 5},
    PictureKey{"half_dark_pass", 0, 5},
    PictureKey{"highlight_fail", 0, 1},
    PictureKey{"highlight_pass", 0, 1},
    PictureKey{"mouth_closed_fail", -5, 5},
    PictureKey{"mouth_closed_pass", -5, 5},
    PictureKey{"moved_fail", 0, 6},
    PictureKey{"moved_pass", 0, 6},
    PictureKey{"other_face_area", 0.01, 1},
    PictureKey{"over_share_fail", 0, 1},
    PictureKey{"over_share_pass", 0, 1},
    PictureKey{"pitch_high", 0, 1},
    PictureKey{"pitch_low", 0, 1},
    PictureKey{"pitch_slack", 0, 1},
    PictureKey{"preview_bytes_max", 512, 65536, true},
    PictureKey{"ratio_tolerance", 0, 0.2},
    PictureKey{"red_eye_fail", 0, 10},
    PictureKey{"red_eye_pass", 0, 10},
    PictureKey{"roll_fail_deg", 0, 45},
    PictureKey{"roll_pass_deg", 0, 45},
    PictureKey{"screen_peak_pass", 0, 100},
    PictureKey{"sharpness_eye_distance", 20, 500},
    PictureKey{"skin_a_high", -50, 80},
    PictureKey{"skin_a_low", -50, 80},
    PictureKey{"skin_b_high", -50, 80},
    PictureKey{"skin_b_low", -50, 80},
    PictureKey{"skin_detail_pass", 0, 5},
    PictureKey{"skin_slack", 0, 50},
    PictureKey{"small_height", 32, 1600, true},
    PictureKey{"small_width", 24, 1200, true},
    PictureKey{"standard_bytes_max", 5'000, 1'000'000, true},
    PictureKey{"standard_bytes_min", 1'000, 1'000'000, true},
    PictureKey{"standard_quality_min", 10, 98, true},
    PictureKey{"stripes_pass", 0, 100},
    PictureKey{"tint_pass", 0, 100},
    PictureKey{"top_light_fail", 0, 5},
    PictureKey{"top_light_pass", 0, 5},
    PictureKey{"under_share_fail", 0, 1},
    PictureKey{"under_share_pass", 0, 1},
    PictureKey{"yaw_fail", 0, 1},
    PictureKey{"yaw_pass", 0, 1},
};
static_assert(std::is_sorted(kPictureKeys.begin(), kPictureKeys.end(),
                             [](const PictureKey& a, const PictureKey& b) { return a.name < b.name; }));

/// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row;
  for (std::size_t j = 0; j <= b.size(); ++j) row.push_back(j);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchange = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchange, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const PictureKey> picture_key_table() noexcept { return kPictureKeys; }

std::vector<std::string_view> picture_keys() {
  std::vector<std::string_view> out;
  for (const PictureKey& key : kPictureKeys) out.push_back(key.name);
  return out;
}

std::string_view nearest(std::string_view written, std::span<const std::string_view> known) {
  constexpr std::size_t kWrittenMax = 100;  // ours: no key is that long, and the work is bounded
  if (written.size() > kWrittenMax) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, written.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t here = distance(written, candidate);
    if (here < best_distance) {
      best = candidate;
      best_distance = here;
    }
  }
  return best;
}

}  // namespace satchel::core
