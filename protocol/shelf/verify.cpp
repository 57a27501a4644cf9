#include <algorithm>

#include "core/store/keys.h"
#include "protocol/shelf/body_store.h"
#include "protocol/shelf/shelf.h"

namespace satchel::protocol {

namespace keys = core::keys;
using core::BundleId;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::LogId;
using core::Result;
using core::Seq;

namespace {

using Report = std::function<void(const BundleId&, const Error&)>;

struct Row {
  Bytes key;
  Bytes value;
};

/// Rows are read some at a time, so that the walk holds neither the database nor much memory while it hashes.
constexpr std::size_t kPage = 256;

class Walk {
 public:
  Walk(const core::Store& store, const core::Membership& membership, const Report& report)
      : store_(store), membership_(membership), report_(report) {}

  Result<void> headers() {
    Bytes from;
    while (true) {
      std::vector<Row> page;
      SATCHEL_TRY(store_.scan(Bytes{static_cast<std::uint8_t>(keys::kHeader)}, from, [&](ByteView key, ByteView value) {
        page.push_back({core::to_bytes(key), core::to_bytes(value)});
        return page.size() < kPage;
      }));
      for (const Row& row : page) bundle(row);
      if (page.size() < kPage) return {};
      from = page.back().key;
      from.push_back(0);  // the least key above it
    }
  }

  void partial(const Header& header, const core::Hash& previous) {
    if (auto sound = signature(header, previous); !sound) fault(header.id, sound.error());
    auto reach = body_reach(store_, header);
    if (!reach) return fault(header.id, reach.error());
    Bytes list;
    for (std::uint64_t at = 0; at < *reach && header.proof_end(at) <= *reach; at = header.proof_end(at)) {
      const auto proof = read_range(store_, header, at, header.proof_end(at));
      if (!proof) return fault(header.id, proof.error());
      if (!proves(header, list, at, *proof)) return fault(header.id, Error{Code::kHashBad, "partial body"});
      if (at < header.list_size()) list = *proof;
    }
  }

  void fault(const BundleId& id, const Error& error) {
    ++counts_.faults;
    report_(id, error);
  }

  const VerifyReport& counts() const { return counts_; }
  std::uint64_t found_in(const LogId& log) const {
    const auto found = found_.find(log);
    return found == found_.end() ? 0 : found->second;
  }

 private:
  Result<void> signature(const Header& header, const core::Hash& previous) const {
    const auto author = membership_.find(header.id.log.author.node);
    if (!author) return Code::kPeerNotEnrolled;
    return verify_header(header, previous, author->sign);
  }

  void bundle(const Row& row) {
    const auto id = keys::parse_at(row.key);
    if (!id) return fault({}, Error{Code::kStoreDamaged, "key of a bundle"});
    ++counts_.bundles;
    ++found_[id->log];
    const bool follows = last_.log == id->log && last_.seq.value + 1 == id->seq.value;
    const core::Hash before = last_root_;
    last_ = {};
    auto stored = decode_header_row(row.value);
    if (!stored) return fault(*id, stored.error());
    auto header = stored_header(stored->header);
    if (!header) return fault(*id, header.error());
    if (header->id != *id) return fault(*id, Error{Code::kStoreDamaged, "header of another bundle"});
    if (auto sound = signature(*header, stored->previous); !sound) return fault(*id, sound.error());
    if (follows && before != stored->previous) fault(*id, Error{Code::kEquivocation, "chain"});
    if (id->seq.value == 1 && stored->previous != core::Hash{}) fault(*id, Error{Code::kStoreDamaged, "chain"});
    last_ = *id;
    last_root_ = header->root;
    if (!stored->body_dropped) body(*header);
  }

  void body(const Header& header) {
    const auto bytes = read_range(store_, header, 0, header.body_size());
    if (!bytes) return fault(header.id, bytes.error());
    counts_.bytes += bytes->size();
    if (auto sound = verify_body(header, *bytes); !sound) fault(header.id, sound.error());
  }

  const core::Store& store_;
  const core::Membership& membership_;
  const Report& report_;
  VerifyReport counts_;
  std::map<LogId, std::uint64_t> found_;
  BundleId last_{};
  core::Hash last_root_;
};

}  // namespace

Result<VerifyReport> Shelf::verify(const Report& report) const {
  Walk walk{*store_, *membership_, report};
  SATCHEL_TRY(walk.headers());
  for (const auto& [id, arriving] : arriving_) walk.partial(arriving.header, arriving.previous);
  for (const auto& [log, log_summary] : logs_) {
    // Nothing of our own and nothing for us is ever removed, so those logs hold every header up to where they reach.
    const bool complete = own(log) || for_us(log);
    const std::uint64_t found = walk.found_in(log);
    if (found != log_summary.held_bundles || (complete && found < log_summary.contiguous.value)) {
      walk.fault({log, log_summary.contiguous}, Error{Code::kStoreDamaged, "bundles are missing"});
    }
  }
  return walk.counts();
}

}  // namespace satchel::protocol
