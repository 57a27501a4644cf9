#include "node/recogniser_file.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/crypto/hash.h"
#include "node/answer.h"
#include "node/face_model.h"

namespace satchel::node {
namespace {

namespace json = boost::json;
namespace portrait = core::portrait;
using core::Code;
using core::Error;
using core::Result;

constexpr std::string_view kSchema = "satchel.recogniser-scale/1";
constexpr std::uint64_t kModelBytesMax = 500'000'000;  // ours: SFace has 37 MB, the largest face models some 250
constexpr std::uint64_t kScaleBytesMax = 10'000;

std::string scale_path(const std::string& model) { return model + ".scale.json"; }

Result<portrait::RecogniserScale> decode_scale(core::ByteView file, const std::string& sha256) {
  boost::system::error_code wrong;
  const json::value parsed = json::parse(core::as_text(file), wrong);
  const json::object* fields = wrong ? nullptr : parsed.if_object();
  if (fields == nullptr) return Error{Code::kRecogniserUncalibrated, "not JSON"};
  const auto text = [&](std::string_view name) -> std::string_view {
    const json::value* found = fields->if_contains(name);
    return found != nullptr && found->is_string() ? std::string_view{found->get_string()} : std::string_view{};
  };
  if (text("schema") != kSchema) return Error{Code::kRecogniserUncalibrated, "schema"};
  if (text("model_sha256") != sha256) return Error{Code::kRecogniserUncalibrated, "measured with another model"};
  const json::value* at_80 = fields->if_contains("cosine_at_80");
  const json::value* pairs = fields->if_contains("pairs");
  const bool fits = at_80 != nullptr && at_80->is_double() && pairs != nullptr && pairs->is_int64() && pairs->get_int64() > 0;
  if (!fits) return Error{Code::kRecogniserUncalibrated, "cosine_at_80, pairs"};
  return portrait::RecogniserScale{at_80->get_double(), static_cast<std::uint64_t>(pairs->get_int64())};
}

}  // namespace

Result<portrait::ModelFile> read_recogniser_model(const core::Disk& disk, const std::string& path) {
  return read_model(disk, path, kModelBytesMax);
}

Result<portrait::RecogniserFile> read_recogniser(const core::Disk& disk, const std::string& path) {
  portrait::RecogniserFile out;
  SATCHEL_TRY_ASSIGN(out.model, read_recogniser_model(disk, path));
  if (out.model.contents.empty()) return out;
  const auto scale = disk.read(scale_path(path), kScaleBytesMax);
  if (!scale) return Error{Code::kRecogniserUncalibrated, scale_path(path)};
  SATCHEL_TRY_ASSIGN(out.scale, decode_scale(*scale, core::sha256_hex(out.model.contents)));
  return out;
}

Result<std::string> write_scale(core::Disk& disk, const portrait::ModelFile& model, const portrait::RecogniserScale& scale) {
  const json::object fields{{"schema", kSchema},
                            {"model_sha256", core::sha256_hex(model.contents)},
                            {"cosine_at_80", scale.cosine_at_80},
                            {"pairs", scale.pairs}};
  const std::string path = scale_path(model.path);
  if (const auto written = disk.write_atomic(path, core::as_bytes(json::serialize(fields) + "\n")); !written) {
    return at_path(written.error(), path);
  }
  return path;
}

}  // namespace satchel::node
