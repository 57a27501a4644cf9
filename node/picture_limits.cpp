#include "node/picture_limits.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace satchel::node {
namespace {

using core::portrait::Limits;

template <class T>
using Named = std::pair<std::string_view, T Limits::*>;

constexpr std::array kReal{
    Named<double>{"ratio_tolerance", &Limits::ratio_tolerance},
    Named<double>{"other_face_area", &Limits::other_face_area},
    Named<double>{"eye_height_aim", &Limits::eye_height_aim},
    Named<double>{"eye_height_pass", &Limits::eye_height_pass},
    Named<double>{"eye_height_fail", &Limits::eye_height_fail},
    Named<double>{"face_width_aim", &Limits::face_width_aim},
    Named<double>{"face_width_pass", &Limits::face_width_pass},
    Named<double>{"face_width_fail", &Limits::face_width_fail},
    Named<double>{"hairline_aim", &Limits::hairline_aim},
    Named<double>{"hairline_pass", &Limits::hairline_pass},
    Named<double>{"hairline_advice", &Limits::hairline_advice},
    Named<double>{"centre_pass", &Limits::centre_pass},
    Named<double>{"centre_fail", &Limits::centre_fail},
    Named<double>{"roll_pass_deg", &Limits::roll_pass_deg},
    Named<double>{"roll_fail_deg", &Limits::roll_fail_deg},
    Named<double>{"eye_distance_of_face", &Limits::eye_distance_of_face},
    Named<double>{"sharpness_eye_distance", &Limits::sharpness_eye_distance},
    Named<double>{"laplacian_pass", &Limits::laplacian_pass},
    Named<double>{"laplacian_fail", &Limits::laplacian_fail},
    Named<double>{"half_dark_pass", &Limits::half_dark_pass},
    Named<double>{"half_dark_fail", &Limits::half_dark_fail},
    Named<double>{"bright_luminance", &Limits::bright_luminance},
    Named<double>{"over_share_pass", &Limits::over_share_pass},
    Named<double>{"over_share_fail", &Limits::over_share_fail},
    Named<double>{"dark_luminance", &Limits::dark_luminance},
    Named<double>{"under_share_pass", &Limits::under_share_pass},
    Named<double>{"under_share_fail", &Limits::under_share_fail},
    Named<double>{"dark_picture_luminance", &Limits::dark_picture_luminance},
    Named<double>{"clothes_delta_pass", &Limits::clothes_delta_pass},
    Named<double>{"clothes_delta_fail", &Limits::clothes_delta_fail},
    Named<double>{"enlarge_max", &Limits::enlarge_max},
};
constexpr std::array kWhole{
    Named<int>{"frame_width", &Limits::frame_width},
    Named<int>{"frame_height", &Limits::frame_height},
    Named<int>{"standard_bytes_min", &Limits::standard_bytes_min},
    Named<int>{"standard_bytes_max", &Limits::standard_bytes_max},
    Named<int>{"standard_quality_min", &Limits::standard_quality_min},
    Named<int>{"dpi", &Limits::dpi},
    Named<int>{"small_width", &Limits::small_width},
    Named<int>{"small_height", &Limits::small_height},
    Named<int>{"preview_bytes_max", &Limits::preview_bytes_max},
};

bool set(Limits& limits, std::string_view name, double value) {
  for (const auto& [known, member] : kReal) {
    if (known == name) {
      limits.*member = value;
      return true;
    }
  }
  for (const auto& [known, member] : kWhole) {
    if (known == name) {
      limits.*member = static_cast<int>(std::lround(value));
      return true;
    }
  }
  return false;
}

}  // namespace

core::Result<Limits> picture_limits(const core::Profile& profile) {
  Limits out;
  for (const auto& [name, value] : profile.picture) {
    if (!set(out, name, value)) return core::Error{core::Code::kProfileBad, "picture." + name};
  }
  return out;
}

}  // namespace satchel::node
