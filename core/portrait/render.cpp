#include "core/portrait/render.h"

#include <algorithm>
#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "core/portrait/mat.h"
#include "core/portrait/overlay_regions.h"
#include "core/portrait/text.h"

namespace satchel::core::portrait {
namespace {

// A common small office screen is 1366×768: picture and panel together stay inside it.
constexpr int kHeight = 740;
constexpr int kPictureWidthMax = 820;
constexpr int kPanel = 520;
constexpr int kMargin = 16;

const cv::Scalar kPaper(250, 250, 250), kInk(40, 40, 40), kFaint(120, 120, 120);
const cv::Scalar kRed(40, 40, 210), kAmber(0, 130, 220), kGreen(60, 150, 40), kBlue(220, 120, 20), kWhite(255, 255, 255);

const cv::Scalar& colour_of(Level level) {
  switch (level) {
    case Level::fail: return kRed;
    case Level::advice: return kAmber;
    case Level::pass: return kGreen;
    case Level::unknown: break;
  }
  return kFaint;
}

/// The level of the rule with this code, wherever it stands.
Level level_of(const Verdict& verdict, std::string_view code) {
  for (const Finding& finding : verdict.findings) {
    if (finding.code == code) return finding.level;
  }
  for (const Finding& finding : verdict.passed) {
    if (finding.code == code) return finding.level;
  }
  return Level::unknown;
}

/// Draws in source coordinates on a picture of another size.
class Sketch {
 public:
  explicit Sketch(const Shown& shown) : canvas_(shown.pixels), shown_(shown) {}

  void line(Point a, Point b, const cv::Scalar& colour, int thickness = 2) {
    cv::line(canvas_, at(a), at(b), kWhite, thickness + 2, cv::LINE_AA);
    cv::line(canvas_, at(a), at(b), colour, thickness, cv::LINE_AA);
  }
  void box(const Box& b, const cv::Scalar& colour) {
    line({b.x, b.y}, {b.x + b.width, b.y}, colour);
    line({b.x, b.y + b.height}, {b.x + b.width, b.y + b.height}, colour);
    line({b.x, b.y}, {b.x, b.y + b.height}, colour);
    line({b.x + b.width, b.y}, {b.x + b.width, b.y + b.height}, colour);
  }
  void cross(Point p, const cv::Scalar& colour) {
    cv::circle(canvas_, at(p), 7, kWhite, 3, cv::LINE_AA);
    cv::circle(canvas_, at(p), 7, colour, 2, cv::LINE_AA);
    cv::circle(canvas_, at(p), 1, colour, 2, cv::LINE_AA);
  }
  /// A see-through stripe between two heights.
  void band(const Box& frame, double top, double bottom, const cv::Scalar& colour, double alpha) {
    const cv::Rect area =
        cv::Rect(at({frame.x, top}), at({frame.x + frame.width, bottom})) & cv::Rect(0, 0, canvas_.cols, canvas_.rows);
    if (area.empty()) return;
    cv::Mat part = canvas_(area);
    cv::addWeighted(part, 1 - alpha, cv::Mat(part.size(), part.type(), colour), alpha, 0, part);
  }

 private:
  cv::Point at(Point p) const { return shown_.at(p); }
  cv::Mat canvas_;
  const Shown& shown_;
};

void draw_frame(Sketch& sketch, const Verdict& verdict, const Limits& limits) {
  const Box& frame = verdict.frame;
  const double unit = frame.width / limits.frame_width;
  const auto row = [&](double y) { return frame.y + y * unit; };
  sketch.band(frame, row(limits.eye_height_aim - limits.eye_height_fail), row(limits.eye_height_aim + limits.eye_height_fail),
              kAmber, 0.12);
  sketch.band(frame, row(limits.eye_height_aim - limits.eye_height_pass), row(limits.eye_height_aim + limits.eye_height_pass),
              kGreen, 0.18);
  sketch.band(frame, row(limits.hairline_aim - limits.hairline_pass), row(limits.hairline_aim + limits.hairline_pass), kBlue,
              0.18);
  const double middle = frame.x + frame.width / 2;
  sketch.line({middle, frame.y}, {middle, frame.y + frame.height}, colour_of(level_of(verdict, "Q-CENTRE")), 1);
  if (frame.width < verdict.width - 1 || frame.height < verdict.height - 1) sketch.box(frame, kBlue);
}

void draw_face(Sketch& sketch, const FaceGeometry& face, const Verdict& verdict) {
  sketch.box(face.box, colour_of(level_of(verdict, "Q-FACES")));
  if (face.left_eye && face.right_eye) {
    const Point l = *face.left_eye, r = *face.right_eye;
    sketch.line(l, r, colour_of(level_of(verdict, "Q-TILT")));
    sketch.cross(l, colour_of(level_of(verdict, "Q-EYE-HEIGHT")));
    sketch.cross(r, colour_of(level_of(verdict, "Q-EYE-HEIGHT")));
    const double x = (l.x + r.x) / 2, y = (l.y + r.y) / 2 + 0.36 * face.face_width_px;
    const double half = face.face_width_px / 2, tick = face.face_width_px * 0.04;
    const cv::Scalar& colour = colour_of(level_of(verdict, "Q-FACE-WIDTH"));
    sketch.line({x - half, y}, {x + half, y}, colour, 1);
    sketch.line({x - half, y - tick}, {x - half, y + tick}, colour);
    sketch.line({x + half, y - tick}, {x + half, y + tick}, colour);
  }
  if (face.hairline_y) {
    const double x = face.box.x + face.box.width / 2, half = face.box.width * 0.25;
    sketch.line({x - half, *face.hairline_y}, {x + half, *face.hairline_y}, colour_of(level_of(verdict, "Q-HAIRLINE")));
  }
}

/// "Q-BLUR · blur_px 1.9 (≤ 1.2)": for whoever wants the number.
std::string numbers(const Finding& finding) {
  char text[160];
  const bool low = finding.limit_low > -1e300, high = finding.limit_high < 1e300;
  const std::string measure(finding.measure), code(finding.code);
  if (finding.level == Level::unknown) {
    std::snprintf(text, sizeof text, "%s  %s: ?", code.c_str(), measure.c_str());
  } else if (low && high) {
    std::snprintf(text, sizeof text, "%s  %s %.4g (%.4g .. %.4g)", code.c_str(), measure.c_str(), finding.value,
                  finding.limit_low, finding.limit_high);
  } else {
    std::snprintf(text, sizeof text, "%s  %s %.4g (%s %.4g)", code.c_str(), measure.c_str(), finding.value,
                  low ? ">=" : "<=", low ? finding.limit_low : finding.limit_high);
  }
  return text;
}

/// The part of the picture that is shown, in its pixels: all of it, or, where one person is small in it, the frame with room
/// around, so that the lines do not hide the face.
cv::Rect shown_part(const Picture& picture, const Verdict& verdict) {
  const cv::Rect whole(0, 0, picture.width, picture.height);
  const double k = picture.source_scale();
  const Box& f = verdict.frame;
  if (verdict.faces != 1 || f.width <= 0 || f.width > 0.45 * verdict.width) return whole;
  const double room = 0.35;
  const cv::Rect part(cvRound((f.x - room * f.width) / k), cvRound((f.y - room * f.height) / k),
                      cvRound(f.width * (1 + 2 * room) / k), cvRound(f.height * (1 + 2 * room) / k));
  return (part & whole).empty() ? whole : part & whole;
}

struct Sizes {
  int headline, body, fine;
};

/// Writes the panel from y = margin; returns where it ends. With an empty picture it only measures.
int write_panel(Pen& pen, cv::Mat& panel, const Verdict& verdict, Sizes sizes) {
  const int width = kPanel - 2 * kMargin;
  const bool zh = pen.has_chinese();
  const auto put = [&](int y, int size, const cv::Scalar& colour, std::string_view text) {
    return pen.write(panel, {kMargin, y}, width, size, colour, text);
  };
  const cv::Scalar& colour = colour_of(verdict.verdict);
  int y = kMargin;
  if (verdict.verdict == Level::pass) y = put(y, sizes.headline, colour, zh ? "合格  PASS" : "PASS");
  if (verdict.verdict == Level::advice)
    y = put(y, sizes.headline, colour, zh ? "可用，有建议  USABLE, WITH ADVICE" : "USABLE, WITH ADVICE");
  if (verdict.verdict == Level::fail) y = put(y, sizes.headline, colour, zh ? "不合格，请重拍  NOT ACCEPTED" : "NOT ACCEPTED");
  y += sizes.body / 2;
  for (const Finding& finding : verdict.findings) {
    if (finding.level == Level::unknown) continue;
    const cv::Scalar& shade = colour_of(finding.level);
    if (zh) {
      y = put(y, sizes.body, shade, finding.zh);
      y = put(y, sizes.body, kInk, finding.cure_zh);
    }
    y = put(y, zh ? sizes.fine : sizes.body, shade, finding.en);
    y = put(y, zh ? sizes.fine : sizes.body, kInk, finding.cure_en);
    y = put(y, sizes.fine - 1, kFaint, numbers(finding)) + sizes.body / 2;
  }
  std::string unseen;
  for (const Finding& finding : verdict.findings) {
    if (finding.level == Level::unknown) unseen += (unseen.empty() ? "" : ", ") + std::string(finding.code);
  }
  if (!unseen.empty()) y = put(y, sizes.fine, kFaint, (zh ? "无法判断  cannot tell: " : "cannot tell: ") + unseen);
  return y;
}

}  // namespace

Result<Picture> draw_overlay(const Picture& picture, const Verdict& verdict, const Limits& limits) {
  if (!well_formed(picture)) return Error{Code::kImageDamaged, "no pixels to draw on"};
  try {
    const cv::Rect part = shown_part(picture, verdict);
    const double scale = std::min(static_cast<double>(kPictureWidthMax) / part.width, static_cast<double>(kHeight) / part.height);
    const cv::Size size(std::max(1, cvRound(part.width * scale)), std::max(1, cvRound(part.height * scale)));
    cv::Mat canvas(kHeight, size.width + kPanel, CV_8UC3, kPaper);
    const double k = picture.source_scale();
    Shown shown{canvas(cv::Rect(0, 0, size.width, size.height)), {part.x * k, part.y * k}, size.width / (part.width * k)};
    cv::resize(view(picture)(part), shown.pixels, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    draw_regions(shown, verdict, limits, colour_of);
    Sketch sketch(shown);
    draw_frame(sketch, verdict, limits);
    if (verdict.face) draw_face(sketch, *verdict.face, verdict);
    if (const auto pen = Pen::find()) {
      cv::Mat panel = canvas(cv::Rect(size.width, 0, kPanel, kHeight));
      // The largest letters with which everything fits; a picture with every fault gets small ones.
      Sizes sizes{24, 18, 14};
      cv::Mat nothing;
      while (sizes.body > 11 && write_panel(*pen, nothing, verdict, sizes) > kHeight) {
        sizes = {std::max(16, sizes.headline - 2), sizes.body - 1, std::max(11, sizes.fine - 1)};
      }
      write_panel(*pen, panel, verdict, sizes);
    }
    return to_picture(canvas);
  } catch (const cv::Exception&) {
    return Error{Code::kImageTooLarge, "not enough memory to draw the overlay"};
  }
}

}  // namespace satchel::core::portrait
