#include "core/portrait/ground_plane.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace satchel::core::portrait {
namespace {

constexpr double kBelongsLeast = 0.6;

/// CIE Lab (L 0..100) of an 8-bit BGR picture, as floats.
cv::Mat lab_of(const cv::Mat& bgr) {
  cv::Mat scaled, lab;
  bgr.convertTo(scaled, CV_32F, 1 / 255.0);
  cv::cvtColor(scaled, lab, cv::COLOR_BGR2Lab);
  return lab;
}

cv::Vec3d terms_at(cv::Size size, int x, int y) {
  return {1, 2.0 * x / std::max(1, size.width - 1) - 1, 2.0 * y / std::max(1, size.height - 1) - 1};
}

struct Sample {
  cv::Vec3d at;  ///< 1, x, y
  cv::Vec3d lab;
};

std::vector<Sample> border(const cv::Mat& lab) {
  const cv::Size size = lab.size();
  const int side = std::max(1, size.width * 6 / 100), top = std::max(1, size.height * 4 / 100);
  const int shoulders = size.height * 52 / 100;
  std::vector<Sample> out;
  for (int y = 0; y < shoulders; y += 2) {
    const auto* row = lab.ptr<cv::Vec3f>(y);
    for (int x = 0; x < size.width; x += 2) {
      if (y >= top && x >= side && x < size.width - side) continue;
      out.push_back({terms_at(size, x, y), cv::Vec3d(row[x])});
    }
  }
  return out;
}

cv::Vec3d value_at(const std::array<cv::Vec3d, 3>& terms, const cv::Vec3d& at) {
  return terms[0] * at[0] + terms[1] * at[1] + terms[2] * at[2];
}

cv::Vec3d median(const std::vector<Sample>& samples) {
  cv::Vec3d out;
  std::vector<double> values(samples.size());
  for (int c = 0; c < 3; ++c) {
    std::transform(samples.begin(), samples.end(), values.begin(), [&](const Sample& s) { return s.lab[c]; });
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    out[c] = values[values.size() / 2];
  }
  return out;
}

/// Least squares over the samples within `reach` of the present plane. False when they do not span one.
bool refit(const std::vector<Sample>& samples, double reach, std::array<cv::Vec3d, 3>& terms) {
  cv::Matx33d normal = cv::Matx33d::zeros(), right = cv::Matx33d::zeros();
  for (const Sample& s : samples) {
    if (cv::norm(s.lab - value_at(terms, s.at)) > reach) continue;
    normal += s.at * s.at.t();
    right += s.at * s.lab.t();
  }
  if (std::abs(cv::determinant(normal)) < 1e-6) return false;
  const cv::Matx33d solved = normal.inv() * right;
  for (int i = 0; i < 3; ++i) terms[static_cast<std::size_t>(i)] = {solved(i, 0), solved(i, 1), solved(i, 2)};
  return true;
}

}  // namespace

std::optional<GroundPlane> fit_ground(const cv::Mat& bgr) {
  const std::vector<Sample> samples = border(lab_of(bgr));
  if (samples.size() < 16) return std::nullopt;
  GroundPlane out;
  out.terms = {median(samples), cv::Vec3d(), cv::Vec3d()};
  double reach = 0;
  for (const double within : {25.0, 15.0, 12.0, 12.0}) {
    reach = within;
    if (!refit(samples, within, out.terms)) return std::nullopt;
  }
  std::vector<double> residuals;
  for (const Sample& s : samples) {
    const double off = cv::norm(s.lab - value_at(out.terms, s.at));
    if (off <= reach) residuals.push_back(off);
  }
  out.share = static_cast<double>(residuals.size()) / static_cast<double>(samples.size());
  if (out.share < kBelongsLeast) return std::nullopt;
  const auto at = residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() * 95 / 100);
  std::nth_element(residuals.begin(), at, residuals.end());
  out.residual = *at;
  return out;
}

cv::Mat GroundPlane::distance(const cv::Mat& bgr) const {
  const cv::Mat lab = lab_of(bgr);
  cv::Mat out(bgr.size(), CV_32FC1);
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* row = lab.ptr<cv::Vec3f>(y);
    float* to = out.ptr<float>(y);
    for (int x = 0; x < bgr.cols; ++x) {
      to[x] = static_cast<float>(cv::norm(cv::Vec3d(row[x]) - value_at(terms, terms_at(bgr.size(), x, y))));
    }
  }
  return out;
}

cv::Mat GroundPlane::colours(cv::Size size) const {
  cv::Mat lab(size, CV_32FC3), bgr;
  for (int y = 0; y < size.height; ++y) {
    auto* row = lab.ptr<cv::Vec3f>(y);
    for (int x = 0; x < size.width; ++x) row[x] = cv::Vec3f(value_at(terms, terms_at(size, x, y)));
  }
  cv::cvtColor(lab, bgr, cv::COLOR_Lab2BGR);
  return bgr * 255;
}

}  // namespace satchel::core::portrait
