#include "protocol/stick/block_scanner.h"

#include <algorithm>

namespace satchel::protocol {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;

namespace {
constexpr std::size_t kWindow = 64 * 1024;
}

core::Result<Bytes> FileSource::read(std::uint64_t offset, std::size_t n) {
  SATCHEL_TRY_ASSIGN(Bytes out, disk_->read_at(path_, offset, n));
  if (out.size() != n) return Error{Code::kStickBad, "the file is shorter than its folder says"};
  return out;
}

core::Result<Bytes> MemorySource::read(std::uint64_t offset, std::size_t n) {
  SATCHEL_CHECK(offset <= bytes_.size() && n <= bytes_.size() - offset);
  return core::to_bytes(bytes_.subspan(offset, n));
}

ByteView BlockScanner::in_window(std::uint64_t offset, std::size_t n) const {
  if (offset < window_at_ || offset - window_at_ > window_.size() || window_.size() - (offset - window_at_) < n) return {};
  return ByteView{window_}.subspan(static_cast<std::size_t>(offset - window_at_), n);
}

std::optional<BlockHead> BlockScanner::head_at(std::uint64_t offset) {
  if (offset + kBlockHeadSize > source_->size()) return std::nullopt;
  if (const ByteView here = in_window(offset, kBlockHeadSize); !here.empty()) return parse_block_head(here);
  const auto bytes = source_->read(offset, kBlockHeadSize);
  return bytes ? parse_block_head(*bytes) : std::nullopt;
}

/// The first place at or after `from` where a marker stands. A window that cannot be read is passed over.
std::optional<std::uint64_t> BlockScanner::find_marker(std::uint64_t from) {
  while (from + kMarker.size() <= source_->size()) {
    if (in_window(from, kMarker.size()).empty()) {
      const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(kWindow, source_->size() - from));
      auto read = source_->read(from, n);
      window_ = read ? *std::move(read) : Bytes{};
      window_at_ = from;
      if (window_.empty()) {
        from += n - (kMarker.size() - 1);
        continue;
      }
    }
    const std::uint64_t end = window_at_ + window_.size();
    const ByteView rest = in_window(from, static_cast<std::size_t>(end - from));
    const auto hit = std::search(rest.begin(), rest.end(), kMarker.begin(), kMarker.end());  // clang 14 knows no ranges::search
    if (hit != rest.end()) return from + static_cast<std::uint64_t>(hit - rest.begin());
    from = end - (kMarker.size() - 1);
  }
  return std::nullopt;
}

std::optional<BlockScanner::Found> BlockScanner::next() {
  damaged_at_.reset();
  while (at_ < source_->size()) {
    if (const auto head = head_at(at_)) {
      Found found{at_, *head, false};
      const std::uint64_t end = at_ + kBlockOverhead + head->length;
      found.cut = end > source_->size();
      // Within a block that is cut, another one may stand: files that were glued together by a repair tool.
      at_ = found.cut ? at_ + kBlockHeadSize : end;
      return found;
    }
    if (!damaged_at_) damaged_at_ = at_;
    at_ = find_marker(at_ + 1).value_or(source_->size());
  }
  return std::nullopt;
}

}  // namespace satchel::protocol
