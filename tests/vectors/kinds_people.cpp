#include "core/crypto/hash.h"
#include "core/crypto/signed_profile.h"
#include "protocol/card/card.h"
#include "tests/vectors/kinds.h"

/// Founding, certificate, key file, request, card, profile.
namespace satchel::tests {
namespace {

using core::Bytes;
using core::ByteView;
using core::Result;

core::Identity identity(const Fields& in, const std::string& who) {
  return Cast::Person{in.hex(who + "_sign_seed"), in.hex(who + "_box_secret")}.identity();
}
void put(Fields& out, const std::string& who, const Cast::Person& person) {
  out.add(who + "_sign_seed", person.sign_seed);
  out.add(who + "_box_secret", person.box_secret);
}
Result<core::Founding> founding(const Fields& in) { return core::decode_founding(in.hex("founding")); }

// --- founding

Bytes build_founding(const Fields& in) {
  ScriptedRng salt{in.hex("random")};
  const core::BoxKeys recovery = core::box_keys_from_secret(in.hex("recovery_box_secret"));
  return core::encode(core::make_founding(in.text("name"), identity(in, "hub"), recovery.public_key, salt));
}

Bytes founding_statement(const Fields& in, const core::BoxPublic& box, bool long_name_length) {
  const core::Identity hub = identity(in, "hub");
  const core::BoxKeys recovery = core::box_keys_from_secret(in.hex("recovery_box_secret"));
  core::ByteWriter out;
  out.u8(1).raw(hub.sign.public_key.view()).raw(box.view()).raw(recovery.public_key.view()).raw(Bytes(8, 1));
  const std::string& name = in.text("name");
  if (long_name_length) {
    out.u8(static_cast<std::uint8_t>(name.size() | 0x80U)).u8(0).raw(core::as_bytes(name));
  } else {
    out.sized(name);
  }
  return out.bytes();
}

Kind founding_kind() {
  return {
      "founding",
      "Founding",
      "salt is random, big-endian; the campaign id is the first eight bytes of hash(\"satchel founding\", all but the signature)",
      [](Cast& cast, Fields& out) {
        out.add("name", "春季采集");
        put(out, "hub", cast.hub);
        out.add("recovery_box_secret", cast.recovery_secret);
        out.add("random", cast.founding_salt);
      },
      build_founding,
      [](const Fields&, ByteView bytes) { return only(core::decode_founding(bytes)); },
      [](const Fields& in, const Bytes& bytes) -> Cases {
        const Bytes seed = in.hex("hub_sign_seed");
        return {{"newer version", with(bytes, 0, 2)},
                {"hub's sealing key of low order, rightly signed",
                 signed_by(seed, "satchel founding", founding_statement(in, {}, false))},
                {"length of the name in two bytes, rightly signed",
                 signed_by(seed, "satchel founding", founding_statement(in, identity(in, "hub").box.public_key, true))},
                {"signed as a certificate", signed_by(seed, "satchel member", ByteView{bytes}.first(bytes.size() - 64))}};
      },
      "founding"};
}

// --- member

Bytes member_statement(const Fields& in, std::uint64_t campaign, Bytes number, std::uint8_t role) {
  const core::Identity node = identity(in, "node");
  core::ByteWriter out;
  out.u8(1)
      .u64(campaign)
      .raw(number)
      .u8(role)
      .raw(node.sign.public_key.view())
      .raw(node.box.public_key.view())
      .sized(in.text("name"));
  return out.bytes();
}

Kind member_kind() {
  return {"member",
          "Certificate",
          "by the hub, for node number 1",
          [](Cast& cast, Fields& out) {
            out.add("founding", core::encode(cast.founding()));
            out.add("number", 1);
            out.add("role", 1);
            out.add("name", "东站");
            put(out, "node", cast.site);
            out.add("hub_sign_seed", cast.hub.sign_seed);
          },
          [](const Fields& in) {
            const core::Identity node = identity(in, "node");
            return core::encode(core::make_member(
                founding(in)->id(), {static_cast<std::uint32_t>(in.number("number"))}, static_cast<core::Role>(in.number("role")),
                in.text("name"), node.sign.public_key, node.box.public_key, core::sign_keys_from_seed(in.hex("hub_sign_seed"))));
          },
          [](const Fields& in, ByteView bytes) { return only(core::decode_member(bytes, *founding(in))); },
          [](const Fields& in, const Bytes& bytes) -> Cases {
            const Bytes hub = in.hex("hub_sign_seed");
            const std::uint64_t campaign = founding(in)->id().value;
            const auto by_hub = [&](const Bytes& statement) { return signed_by(hub, "satchel member", statement); };
            return {{"newer version", with(bytes, 0, 2)},
                    {"of another campaign", by_hub(member_statement(in, campaign ^ 1, {1}, 1))},
                    {"a hub that is not number 0", by_hub(member_statement(in, campaign, {1}, 0))},
                    {"a role that does not exist", by_hub(member_statement(in, campaign, {1}, 3))},
                    {"number in two bytes where one is enough", by_hub(member_statement(in, campaign, {0x81, 0x00}, 1))},
                    {"signed by the node itself",
                     signed_by(in.hex("node_sign_seed"), "satchel member", ByteView{bytes}.first(bytes.size() - 64))}};
          },
          "member"};
}

// --- key file

Bytes build_key_file(const Fields& in) {
  ScriptedRng random{in.hex("random")};
  core::Identity who = identity(in, "node");
  who.store_key = core::SecretBytes{in.hex("store_key")};
  return core::write_key_file(who, in.text("passphrase"), random);
}

/// The file with some bytes of its header changed and its closing hash made right again.
Bytes rehashed(Bytes file, std::size_t at, ByteView value) {
  std::ranges::copy(value, file.begin() + static_cast<std::ptrdiff_t>(at));
  const core::Hash closing = core::hash("satchel key file", ByteView{file}.first(file.size() - core::Hash::kSize));
  std::ranges::copy(closing.value, file.end() - static_cast<std::ptrdiff_t>(core::Hash::kSize));
  return file;
}

Kind key_file_kind(const std::string& name, const std::string& passphrase, const std::string& fuzz) {
  return {
      name,
      "Key file",
      passphrase.empty() ? "without a passphrase; random is salt(16), then nonce(24)"
                         : "with a passphrase; random is salt(16), then nonce(24)",
      [passphrase](Cast& cast, Fields& out) {
        put(out, "node", cast.site);
        out.add("store_key", cast.bytes(32));
        out.add("passphrase", passphrase);
        out.add("random", cast.bytes(16 + 24));
      },
      build_key_file,
      [](const Fields& in, ByteView bytes) -> Result<void> {
        SATCHEL_TRY_ASSIGN(const core::Identity read, core::read_key_file(bytes, in.text("passphrase")));
        const core::Identity expected = identity(in, "node");
        const bool same = read.sign.public_key == expected.sign.public_key && read.box.public_key == expected.box.public_key &&
                          core::same_bytes(read.store_key.view(), in.hex("store_key"));
        if (!same) return core::Code::kInternal;
        return {};
      },
      [passphrase](const Fields&, const Bytes& bytes) -> Cases {
        const std::size_t lock = 12;
        Cases out{{"not a key file", with(bytes, 0, 'S')},
                  {"newer version", with(bytes, 11, 2)},
                  {"a lock that does not exist, closing hash right", rehashed(bytes, lock, Bytes{2})},
                  {"four gigabytes of memory asked for, closing hash right",
                   rehashed(bytes, lock, Bytes{1, 0, 0, 0x40, 0, 3, 0, 0, 0})},
                  {"seventeen passes asked for, closing hash right", rehashed(bytes, lock, Bytes{1, 0, 0, 1, 0, 17, 0, 0, 0})},
                  {"sealed secrets changed, closing hash right",
                   rehashed(bytes, bytes.size() - 40, Bytes{static_cast<std::uint8_t>(bytes[bytes.size() - 40] ^ 1U)})}};
        return out;
      },
      fuzz};
}

// --- request

Kind request_kind() {
  return {"request",
          "Request",
          "a site asks to be enrolled",
          [](Cast& cast, Fields& out) {
            out.add("role", 1);
            out.add("name", "东站");
            put(out, "node", cast.site);
          },
          [](const Fields& in) {
            return protocol::encode_request(static_cast<core::Role>(in.number("role")), in.text("name"), identity(in, "node"));
          },
          [](const Fields&, ByteView bytes) { return only(protocol::decode_request(bytes)); },
          [](const Fields& in, const Bytes& bytes) -> Cases {
            const Bytes seed = in.hex("node_sign_seed");
            const auto again = [&](Bytes file) {
              return signed_by(seed, "satchel request", ByteView{file}.first(file.size() - 64));
            };
            return {{"newer version", with(bytes, 16, 2)},
                    {"asks to be the hub, rightly signed", again(with(bytes, 17, 0))},
                    {"asks for a role that does not exist, rightly signed", again(with(bytes, 17, 3))},
                    {"a name with a control character, rightly signed", again(with(bytes, 19, 0x1B))}};
          },
          "request"};
}

// --- card

protocol::Card card(const Fields& in) {
  auto members = in.all("other");
  std::vector<core::Member> others;
  const core::Founding ours = *founding(in);
  for (const std::string& hex : members) others.push_back(*core::decode_member(*core::from_hex(hex), ours));
  return {
      ours,
      *core::decode_member(in.hex("hub"), ours),
      *core::decode_member(in.hex("member"), ours),
      std::move(others),
      *core::decode_profile(in.hex("profile"), ours.id(), ours.hub_sign),
      {core::SecretBytes{in.hex("group_key")}, core::SecretBytes{in.hex("code_key")}, core::SecretBytes{in.hex("index_key")}}};
}

Bytes seal(const Fields& in, const protocol::Card& what, const std::string& signer, const core::BoxPublic& to) {
  ScriptedRng random{in.hex("random")};
  return *protocol::seal_card(what, identity(in, signer), to, random);
}

Kind card_kind() {
  return {"card",
          "Card",
          "for the node of request.txt; random is the ephemeral secret of the sealed box",
          [](Cast& cast, Fields& out) {
            const core::Founding ours = cast.founding();
            put(out, "hub", cast.hub);
            put(out, "node", cast.site);
            out.add("founding", core::encode(ours));
            out.add("hub", core::encode(cast.hub_member()));
            out.add("member", core::encode(cast.site_member()));
            out.add("other", core::encode(cast.relay_member()));
            const Bytes toml = core::to_bytes(core::as_bytes("title = \"春季\"\n"));
            out.add("profile", core::encode(core::sign_profile(ours.id(), 1, toml, cast.hub.identity().sign)));
            out.add("group_key", cast.group_key);
            out.add("code_key", cast.bytes(32));
            out.add("index_key", cast.bytes(32));
            out.add("random", cast.bytes(32));
          },
          [](const Fields& in) { return seal(in, card(in), "hub", identity(in, "node").box.public_key); },
          [](const Fields& in, ByteView bytes) { return only(protocol::open_card(bytes, identity(in, "node"))); },
          [](const Fields& in, const Bytes& bytes) -> Cases {
            const core::BoxPublic to = identity(in, "node").box.public_key;
            protocol::Card wrong_hub = card(in);
            wrong_hub.hub = wrong_hub.others[0];
            protocol::Card wrong_member = card(in);
            wrong_member.member = wrong_member.others[0];
            return {{"newer version", with(bytes, 13, 2)},
                    {"sealed to another node", seal(in, card(in), "hub", identity(in, "hub").box.public_key)},
                    {"signed by the node itself", seal(in, card(in), "node", to)},
                    {"a relay's certificate in the hub's place", seal(in, wrong_hub, "hub", to)},
                    {"with another node's certificate", seal(in, wrong_member, "hub", to)}};
          },
          "card"};
}

// --- profile

Kind profile_kind() {
  return {"profile",
          "Profile",
          "the TOML is opaque here",
          [](Cast& cast, Fields& out) {
            out.add("founding", core::encode(cast.founding()));
            out.add("version", 300);
            out.add("toml", core::as_bytes("title = \"春季\"\n"));
            out.add("hub_sign_seed", cast.hub.sign_seed);
          },
          [](const Fields& in) {
            return core::encode(core::sign_profile(founding(in)->id(), in.number("version"), in.hex("toml"),
                                                   core::sign_keys_from_seed(in.hex("hub_sign_seed"))));
          },
          [](const Fields& in, ByteView bytes) {
            return only(core::decode_profile(bytes, founding(in)->id(), founding(in)->hub_sign));
          },
          [](const Fields& in, const Bytes& bytes) -> Cases {
            const Bytes other = with(bytes, 1, static_cast<std::uint8_t>(bytes[1] ^ 1U));
            return {{"newer version", with(bytes, 0, 2)},
                    {"of another campaign, rightly signed",
                     signed_by(in.hex("hub_sign_seed"), "satchel profile", ByteView{other}.first(other.size() - 64))}};
          },
          "signed_profile"};
}

}  // namespace

std::vector<Kind> people_kinds() {
  return {founding_kind(),
          member_kind(),
          key_file_kind("key-file", "", "key_file"),
          key_file_kind("key-file-passphrase", "山区教学点 7", ""),
          request_kind(),
          card_kind(),
          profile_kind()};
}

}  // namespace satchel::tests
