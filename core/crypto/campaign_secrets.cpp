#include "core/crypto/campaign_secrets.h"

#include "core/crypto/hash.h"

namespace satchel::core {

CampaignSecrets make_campaign_secrets(Rng& rng) {
  CampaignSecrets out{SecretBytes{32}, SecretBytes{32}, SecretBytes{32}};
  rng.fill(out.group_key.span());
  rng.fill(out.code_key.span());
  rng.fill(out.index_key.span());
  return out;
}

StudentRef student_ref(ByteView index_key, std::string_view student_number) {
  const Hash keyed = keyed_hash(index_key, "satchel student ref", as_bytes(student_number));
  return {ByteReader{keyed.view()}.u64_be() >> 14};
}

}  // namespace satchel::core
