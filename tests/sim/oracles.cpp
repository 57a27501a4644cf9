#include "tests/sim/oracles.h"

#include <sstream>

#include "core/crypto/hash.h"

namespace satchel::tests {

using core::BundleId;
using core::Code;
using core::LogId;
using core::Seq;

namespace {

std::string name_of(const LogId& log) {
  std::ostringstream out;
  out << core::lane_name(log.lane) << " log of node " << log.author.node.value << " for " << log.audience.value;
  return out.str();
}

/// The first log in which `later` is behind `before`.
std::optional<LogId> went_back(const core::Frontier& before, const core::Frontier& later) {
  for (const auto& [log, seq] : before.entries()) {
    if (later.at(log) < seq) return log;
  }
  return std::nullopt;
}

}  // namespace

void Oracles::wrote(const CampaignNode& author, const BundleId& id) { written_.push_back({id, core::hash(author.holding(id))}); }

void Oracles::check(const CampaignNode& node) {
  const core::Frontier now = node.shelf->frontier();
  core::Frontier& before = seen_[node.member.number];
  if (const auto log = went_back(before, now)) fault(node.member.name + "'s frontier went back in the " + name_of(*log));
  before = now;
  const auto& receipt = node.shelf->receipt();
  if (!receipt) return;
  if (node.member.role == core::Role::hub && (!issued_ || receipt->newer_than(*issued_))) issued_ = receipt;
  if (!issued_ || receipt->newer_than(*issued_)) {
    fault(node.member.name + " holds a receipt that the hub never issued");
    return;
  }
  const core::Frontier at_hub = campaign_.hub().shelf->frontier();
  for (const auto& [log, reached] : receipt->logs) {
    if (at_hub.at(log) < reached.stored) fault("a receipt says more than the hub has in the " + name_of(log));
  }
}

void Oracles::promised(const CampaignNode& node) { promised_[node.member.number] = node.shelf->frontier(); }

void Oracles::check_after_crash(const CampaignNode& node) {
  const core::Frontier now = node.shelf->frontier();
  if (const auto log = went_back(promised_[node.member.number], now)) {
    fault(node.member.name + " lost what it had confirmed in the " + name_of(*log));
  }
  seen_[node.member.number] = now;
  check(node);
}

void Oracles::session_failed(const CampaignNode& node, const core::Error& error) {
  if (error.code == Code::kLinkBroken || error.code == Code::kPeerSilent) return;
  fault(node.member.name + "'s session failed: " + std::string{core::info(error.code).id} + " " + error.detail);
}

CampaignNode& Oracles::addressee(const BundleId& id) const {
  for (const auto& node : campaign_.nodes()) {
    if (node->member.number.value == id.log.audience.value) return *node;
  }
  return campaign_.hub();
}

bool Oracles::arrived(const BundleId& id) const {
  if (id.log.audience != core::kEveryone) return addressee(id).shelf->frontier().covers(id);
  for (const auto& node : campaign_.nodes()) {
    if (!node->shelf->frontier().covers(id)) return false;
  }
  return true;
}

std::string Oracles::missing() const {
  std::ostringstream out;
  for (const Written& each : written_) {
    if (!arrived(each.id)) out << "bundle " << each.id.seq.value << " of the " << name_of(each.id.log) << " has not arrived\n";
  }
  for (const auto& node : campaign_.nodes()) {
    const auto& receipt = node->shelf->receipt();
    if (issued_ && (!receipt || issued_->newer_than(*receipt))) out << node->member.name << " lacks the last receipt\n";
    if (node->member.role == core::Role::hub) continue;
    const auto waiting = node->shelf->waiting();
    for (std::size_t lane = 0; lane < 4; ++lane) {
      if (!waiting || (*waiting)[lane].bundles > 0) out << node->member.name << " still waits for a receipt\n";
    }
  }
  return out.str();
}

bool Oracles::converged() const { return missing().empty(); }

void Oracles::check_bytes() {
  for (const Written& each : written_) {
    if (each.id.log.audience != core::kEveryone) {
      if (core::hash(addressee(each.id).holding(each.id)) != each.bytes)
        fault("other bytes arrived in the " + name_of(each.id.log));
    }
  }
  for (const auto& node : campaign_.nodes()) {
    const auto report = node->shelf->verify([&](const BundleId& id, const core::Error& error) {
      fault(node->member.name + "'s shelf is damaged in the " + name_of(id.log) + ": " + std::string{core::info(error.code).id});
    });
    if (!report) fault(node->member.name + "'s shelf cannot be read");
    const auto quarantined = node->shelf->quarantined();
    if (!quarantined || !quarantined->empty()) fault(node->member.name + " could not open something");
    const core::Frontier held = node->shelf->frontier();
    for (const auto& [log, seq] : held.entries()) {
      const bool foreign_uplink = log.audience == core::kToHub && log.author.node != node->member.number;
      if (node->member.role == core::Role::hub || !foreign_uplink) continue;
      if (!node->holding({log, seq}).empty()) fault(node->member.name + " still carries what the hub has");
    }
  }
}

}  // namespace satchel::tests
