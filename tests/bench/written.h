#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/crypto/campaign_secrets.h"
#include "core/crypto/hash.h"
#include "core/crypto/membership.h"
#include "protocol/body/body.h"
#include "protocol/bundle/bundle.h"
#include "protocol/bundle/payload.h"
#include "tests/support/seeded_rng.h"

namespace satchel::tests {

/// A bundle as it comes to a hub.
struct Written {
  protocol::Header header;
  core::Hash previous;
  core::Bytes body;
  core::Bytes payload;  ///< what is inside, for measuring what opening it must cost
  core::StudentRef student;
};

/// The sites of a campaign, as far as they write bundles for the hub: signed, chained and sealed as a site's ledger does it, with
/// random bytes in the place of pictures. The site of a student is the student's number modulo the number of sites.
class WrittenSites {
 public:
  WrittenSites(core::Founding founding, const core::SignKeys& hub, std::uint32_t sites, std::uint64_t seed)
      : founding_(std::move(founding)), rng_(seed) {
    for (std::uint32_t number = 1; number <= sites; ++number) {
      auto site = std::make_unique<Site>();
      site->identity = core::make_identity(rng_);
      site->member =
          core::make_member(founding_.id(), core::NodeNumber{number}, core::Role::site, "site " + std::to_string(number),
                            site->identity.sign.public_key, site->identity.box.public_key, hub);
      sites_.push_back(std::move(site));
    }
  }

  std::vector<core::Member> members() const {
    std::vector<core::Member> out;
    for (const auto& site : sites_) out.push_back(site->member);
    return out;
  }

  /// A capture of the student.
  Written capture(std::uint64_t student) {
    Site& site = site_of(student);
    protocol::Payload payload;
    core::CaptureFact fact;
    fact.student = {student};
    fact.taken = {1, {1000}, {1'781'600'000'000}};
    fact.grade = core::Grade::pass;
    fact.score = 92.5;
    fact.findings = {{"Q-BLUR", core::Grade::pass, 311.5}, {"Q-TILT", core::Grade::advice, 2.25}};
    fact.original = random_hash();
    fact.original_size = 3'000'000;
    fact.standard_size = 120'000;
    fact.standard = random_hash();
    fact.judge_version = "1.0/3";
    fact.preview = random_hash();
    core::Run run{log(site, core::Lane::record), core::Seq{site.last_record.value + 1}, site.last_id, {}, {}};
    run.bodies.push_back(protocol::encode_fact(fact).value());
    site.last_id = core::record_id({run.log, run.first, run.previous, run.bodies.front()});
    site.last_record = run.first;
    run.signature = core::sign_record(site.identity.sign, site.last_id);
    payload.runs.push_back(std::move(run));
    return seal(site, student, core::Lane::record, protocol::encode_payload(payload), protocol::ChunkSize::k16);
  }

  /// A picture of the student, in a bundle of its own.
  Written picture(std::uint64_t student, core::Lane lane, std::size_t size) {
    core::Bytes bytes(size);
    rng_.fill(bytes);
    return seal(site_of(student), student, lane, protocol::encode_payload({{}, {std::move(bytes)}}), protocol::ChunkSize::k64);
  }

 private:
  struct Site {
    core::Member member;
    core::Identity identity;
    core::Seq last_record;
    core::RecordId last_id;
    std::map<core::Lane, std::pair<core::Seq, core::Hash>> ends;  ///< of each log: the last bundle and its root
  };

  Site& site_of(std::uint64_t student) { return *sites_[student % sites_.size()]; }
  static core::LogId log(const Site& site, core::Lane lane) {
    return {{site.member.number, core::Incarnation{1000 + site.member.number.value}}, core::kToHub, lane};
  }
  core::Hash random_hash() {
    core::Hash out;
    rng_.fill(out.value);
    return out;
  }
  Written seal(Site& site, std::uint64_t student, core::Lane lane, core::Bytes payload, protocol::ChunkSize chunk_size) {
    auto& [seq, root] = site.ends[lane];
    ++seq.value;
    Written out;
    out.previous = root;
    out.payload = std::move(payload);
    out.student = {student};
    protocol::SealRequest request{
        {log(site, lane), seq}, root, {founding_.hub_box, founding_.recovery_box}, {}, out.payload, chunk_size};
    auto sealed = protocol::seal_bundle(request, site.identity.sign, rng_);
    SATCHEL_CHECK(sealed.has_value());
    out.header = std::move(sealed->header);
    out.body = std::move(sealed->body);
    root = out.header.root;
    return out;
  }

  core::Founding founding_;
  SeededRng rng_;
  std::vector<std::unique_ptr<Site>> sites_;
};

}  // namespace satchel::tests
