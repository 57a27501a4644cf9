#include "examples/portraits/canvas.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace satchel::examples {
namespace {

constexpr int kShift = 6;  // fractional bits of polygon corners

/// How far the front of an ellipsoid head stands before its middle, in face units.
double head_surface(double x, double y) {
  constexpr double kDepth = 1.15, kHalfWidth = 1.25, kHalfHeight = 2.3;
  return kDepth * std::sqrt(std::max(0.0, 1 - x * x / (kHalfWidth * kHalfWidth) - y * y / (kHalfHeight * kHalfHeight)));
}

/// A point on the front of a head that turns and nods about its middle.
cv::Point2d turned(cv::Point2d p, const Placement& place) {
  const double yaw = place.yaw_deg * CV_PI / 180, pitch = place.pitch_deg * CV_PI / 180;
  const double z = head_surface(p.x, p.y) + place.relief, eye = head_surface(0.5, 0);
  return {p.x * std::cos(yaw) + (z - eye) * std::sin(yaw), p.y * std::cos(pitch) + (z - eye) * std::sin(pitch)};
}

}  // namespace

Colour rgb(double red, double green, double blue) { return {blue, green, red}; }

Colour mix(const Colour& a, const Colour& b, double t) { return a * (1 - t) + b * t; }

cv::Point2d Placement::at(cv::Point2d face) const {
  if (yaw_deg != 0 || pitch_deg != 0) face = turned(face, *this);
  const double angle = roll_deg * CV_PI / 180;
  const double c = std::cos(angle) * unit;
  const double s = std::sin(angle) * unit;
  return origin + cv::Point2d(face.x * c - face.y * s, face.x * s + face.y * c);
}

cv::Point2d Placement::back(cv::Point2d pixel) const {
  const double angle = -roll_deg * CV_PI / 180;
  const double c = std::cos(angle) / unit;
  const double s = std::sin(angle) / unit;
  const cv::Point2d d = pixel - origin;
  return {d.x * c - d.y * s, d.x * s + d.y * c};
}

cv::Point2d Placement::outline_shift() const {
  if (yaw_deg == 0 && pitch_deg == 0) return {};
  const double eye = head_surface(0.5, 0);
  return {eye * std::sin(yaw_deg * CV_PI / 180), eye * std::sin(pitch_deg * CV_PI / 180)};
}

Canvas::Canvas(int width, int height, const Colour& ground) : pixels_(height, width, CV_32FC3, ground) {}

template <class Draw>
Canvas::Mask Canvas::mask(const Placement& place, const Shape& shape, double grow_units, double softness, Draw draw) const {
  double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
  std::vector<cv::Point2d> corners;
  for (const cv::Point2d& point : shape) {
    const cv::Point2d p = place.at(point);
    corners.push_back(p);
    left = std::min(left, p.x);
    right = std::max(right, p.x);
    top = std::min(top, p.y);
    bottom = std::max(bottom, p.y);
  }
  const double sigma = softness * place.unit;
  const int margin = static_cast<int>(std::ceil(3 * sigma + grow_units * place.unit)) + 2;
  const cv::Rect wanted(cv::Point(static_cast<int>(std::floor(std::max(left, -1e4))) - margin,
                                  static_cast<int>(std::floor(std::max(top, -1e4))) - margin),
                        cv::Point(static_cast<int>(std::ceil(std::min(right, 1e5))) + margin + 1,
                                  static_cast<int>(std::ceil(std::min(bottom, 1e5))) + margin + 1));
  // Soft edges need what lies just outside the canvas too.
  const cv::Rect room(-margin, -margin, pixels_.cols + 2 * margin, pixels_.rows + 2 * margin);
  const cv::Rect area = wanted & room;
  if (area.empty()) return {};
  std::vector<cv::Point> fixed;
  for (const cv::Point2d& p : corners) {
    fixed.emplace_back(static_cast<int>(std::lround((p.x - area.x) * (1 << kShift))),
                       static_cast<int>(std::lround((p.y - area.y) * (1 << kShift))));
  }
  cv::Mat drawn = cv::Mat::zeros(area.size(), CV_8UC1);
  draw(drawn, fixed);
  cv::Mat share;
  drawn.convertTo(share, CV_32F, 1.0 / 255);
  if (sigma > 0.3) cv::GaussianBlur(share, share, cv::Size(), sigma);
  const cv::Rect visible = area & cv::Rect(0, 0, pixels_.cols, pixels_.rows);
  if (visible.empty()) return {};
  return {visible, share(visible - area.tl()).clone()};
}

void Canvas::fill(const Placement& place, const Shape& shape, const Colour& colour, double alpha, double softness) {
  const Mask m = mask(place, shape, 0, softness, [](cv::Mat& out, const std::vector<cv::Point>& corners) {
    cv::fillPoly(out, std::vector<std::vector<cv::Point>>{corners}, 255, cv::LINE_AA, kShift);
  });
  if (m.where.empty()) return;
  cv::Mat target = pixels_(m.where);
  const cv::Vec3f ink(static_cast<float>(colour[0]), static_cast<float>(colour[1]), static_cast<float>(colour[2]));
  for (int y = 0; y < target.rows; ++y) {
    auto* row = target.ptr<cv::Vec3f>(y);
    const float* share = m.share.ptr<float>(y);
    for (int x = 0; x < target.cols; ++x) {
      const float t = share[x] * static_cast<float>(alpha);
      row[x] = row[x] * (1 - t) + ink * t;
    }
  }
}

void Canvas::shade(const Placement& place, const Shape& shape, double gain, double softness) {
  const Mask m = mask(place, shape, 0, softness, [](cv::Mat& out, const std::vector<cv::Point>& corners) {
    cv::fillPoly(out, std::vector<std::vector<cv::Point>>{corners}, 255, cv::LINE_AA, kShift);
  });
  if (m.where.empty()) return;
  cv::Mat target = pixels_(m.where);
  for (int y = 0; y < target.rows; ++y) {
    auto* row = target.ptr<cv::Vec3f>(y);
    const float* share = m.share.ptr<float>(y);
    for (int x = 0; x < target.cols; ++x) row[x] *= 1 + share[x] * static_cast<float>(gain - 1);
  }
}

void Canvas::stroke(const Placement& place, const Shape& line, double thickness, const Colour& colour, double alpha,
                    double softness) {
  const int width = std::max(1, static_cast<int>(std::lround(thickness * place.unit)));
  const Mask m = mask(place, line, thickness, softness, [&](cv::Mat& out, const std::vector<cv::Point>& corners) {
    cv::polylines(out, std::vector<std::vector<cv::Point>>{corners}, false, 255, width, cv::LINE_AA, kShift);
  });
  if (m.where.empty()) return;
  cv::Mat target = pixels_(m.where);
  const cv::Vec3f ink(static_cast<float>(colour[0]), static_cast<float>(colour[1]), static_cast<float>(colour[2]));
  for (int y = 0; y < target.rows; ++y) {
    auto* row = target.ptr<cv::Vec3f>(y);
    const float* share = m.share.ptr<float>(y);
    for (int x = 0; x < target.cols; ++x) {
      const float t = share[x] * static_cast<float>(alpha);
      row[x] = row[x] * (1 - t) + ink * t;
    }
  }
}

Shape ellipse(cv::Point2d centre, double half_width, double half_height, int corners) {
  Shape out;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * CV_PI * i / corners;
    out.emplace_back(centre.x + half_width * std::cos(angle), centre.y + half_height * std::sin(angle));
  }
  return out;
}

Shape smooth(const Shape& points, int steps, bool closed) {
  Shape out;
  const int n = static_cast<int>(points.size());
  const auto point = [&](int i) {
    return closed ? points[static_cast<std::size_t>((i % n + n) % n)] : points[static_cast<std::size_t>(std::clamp(i, 0, n - 1))];
  };
  for (int i = 0; i < (closed ? n : n - 1); ++i) {
    const cv::Point2d a = point(i - 1), b = point(i), c = point(i + 1), d = point(i + 2);
    for (int k = 0; k < steps; ++k) {
      const double t = static_cast<double>(k) / steps;
      out.push_back(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * (t * t) + (3 * b - a - 3 * c + d) * (t * t * t)));
    }
  }
  if (!closed) out.push_back(points.back());
  return out;
}

Shape mirrored(const Shape& shape) {
  Shape out;
  for (const cv::Point2d& p : shape) out.emplace_back(-p.x, p.y);
  return out;
}

}  // namespace satchel::examples
