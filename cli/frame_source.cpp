#include "cli/frame_source.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cctype>

namespace satchel::cli {
namespace {

using core::Result;
using core::portrait::Picture;

constexpr int kSideMax = 8192;  // ours: twice what any webcam gives

/// A decimal number and the one space after it.
std::optional<int> number(std::FILE* in) {
  int value = 0, digits = 0;
  for (int c = std::fgetc(in); c != EOF; c = std::fgetc(in)) {
    if (c >= '0' && c <= '9') {
      if (++digits > 6) return std::nullopt;
      value = value * 10 + (c - '0');
    } else if (digits > 0) {
      return std::isspace(c) != 0 ? std::optional{value} : std::nullopt;
    } else if (std::isspace(c) == 0) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::string helper_path() {
  std::array<char, 4096> self{};
  const ssize_t length = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
  if (length <= 0) return "satchel-camera";
  const std::string path(self.data(), static_cast<std::size_t>(length));
  const std::string beside = path.substr(0, path.find_last_of('/') + 1) + "satchel-camera";
  return ::access(beside.c_str(), X_OK) == 0 ? beside : "satchel-camera";
}

std::string quoted(const std::string& path) {
  std::string out = "'";
  for (const char c : path) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

Result<std::optional<Picture>> read_ppm(std::FILE* in) {
  const core::Error damaged{core::Code::kImageDamaged, "a frame of the camera"};
  const int first = std::fgetc(in);
  if (first == EOF) return std::optional<Picture>{};
  if (first != 'P' || std::fgetc(in) != '6') return damaged;
  const auto width = number(in), height = number(in), most = number(in);
  if (!width || !height || most != 255 || *width < 1 || *height < 1) return damaged;
  if (*width > kSideMax || *height > kSideMax) return core::Error{core::Code::kImageTooLarge, "a frame of the camera"};
  Picture out;
  out.width = out.source_width = *width;
  out.height = out.source_height = *height;
  out.bgr.resize(static_cast<std::size_t>(*width) * static_cast<std::size_t>(*height) * 3);
  if (std::fread(out.bgr.data(), 1, out.bgr.size(), in) != out.bgr.size()) return damaged;
  for (std::size_t i = 0; i < out.bgr.size(); i += 3) std::swap(out.bgr[i], out.bgr[i + 2]);
  return std::optional{std::move(out)};
}

void CameraStream::Close::operator()(std::FILE* pipe) const { ::pclose(pipe); }

std::optional<CameraStream> CameraStream::open(int camera) {
  const std::string command = "exec " + quoted(helper_path()) + " --camera " + std::to_string(camera);
  std::FILE* const pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) return std::nullopt;
  return CameraStream(pipe);
}

int CameraStream::close() {
  const int status = ::pclose(pipe_.release());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace satchel::cli
