#include "core/campaign/reasons.h"

#include <array>

namespace satchel::core {
namespace {

constexpr std::array kReasons{
    // the seven of notice HH
    RejectReason{"R-UNEVEN", "面部光线不均匀（阴阳脸）。", "The face is lit unevenly.", "让两侧光源等距、等亮，正面补光后重拍。",
                 "Put lamps of equal strength at equal distance on both sides, add light from the front, and take it again."},
    RejectReason{"R-FAKE", "照片经过美化、修改或为翻拍。", "The picture was retouched, altered or taken of another picture.",
                 "请本人到场，用相机直接拍摄，关闭美颜和滤镜。",
                 "Take the student in person, straight from the camera, with beauty modes and filters off."},
    RejectReason{"R-BLUR", "照片模糊。", "The picture is blurred.", "固定相机，对焦在眼睛上，光线不足时补光后重拍。",
                 "Put the camera on a stand, focus on the eyes, add light if it is dim, and take it again."},
    RejectReason{"R-OVEREXPOSED", "照片曝光过度。", "The picture is over-exposed.",
                 "降低曝光或调暗、移远光源，面部不应有发白的区域。",
                 "Lower the exposure, or dim the lamps or move them away, until no part of the face is burnt out."},
    RejectReason{"R-TOP-LIGHT", "顶光太强，头发颜色或面部阴影失真。", "Light from above changes the hair or shades the face.",
                 "关闭头顶的灯，改用前方两侧的光源后重拍。",
                 "Switch off the lamp overhead, use lamps in front on both sides, and take it again."},
    RejectReason{"R-DARK", "照片太暗。", "The picture is too dark.", "增加正面光源或提高曝光后重拍。",
                 "Add light from the front or raise the exposure, and take it again."},
    RejectReason{"R-SMALL", "人像太小。", "The person is too small in the picture.", "靠近拍摄，使脸宽约占画面一半后重拍。",
                 "Move the camera nearer, until the face fills about half of the width, and take it again."},
    // ours
    RejectReason{"R-BACKGROUND", "背景不符合要求。", "The background is not as required.",
                 "使用本批次要求的纯色背景，抚平褶皱，避免影子。",
                 "Use the plain ground that this campaign asks for, without folds or shadows."},
    RejectReason{"R-CLOTHES", "服装不符合要求或与背景颜色相近。",
                 "The clothes are not as required, or too near to the ground's colour.",
                 "换穿与背景颜色明显不同、无条纹的有领上衣后重拍。",
                 "Wear a collared top without stripes, clearly different from the ground, and take it again."},
    RejectReason{"R-POSE", "姿势不端正：头歪、侧脸或肩不平。",
                 "The pose is not upright: head tilted or turned, or shoulders not level.",
                 "坐正，正对镜头，两耳可见，双肩放平后重拍。",
                 "Sit upright and face the camera, both ears visible, shoulders level, and take it again."},
    RejectReason{"R-EYES", "眼睛被遮挡、闭眼或眼镜反光。", "The eyes are covered or closed, or the glasses reflect.",
                 "睁眼平视，拨开头发，调整或取下眼镜后重拍。",
                 "Look straight with open eyes, clear the hair away, turn or take off the glasses, and take it again."},
    RejectReason{"R-WRONG-PERSON", "照片与该学生不是同一人。", "The picture shows another person.",
                 "核对采集码后，请学生本人重新拍摄。", "Compare with the collection code, then take the right student."},
    RejectReason{"R-OTHER", "其他原因，见备注。", "Another reason; see the note.", "请按备注处理后重拍；不清楚时联系中心。",
                 "Do as the note says and take it again; ask the hub when it is unclear."},
};

}  // namespace

std::span<const RejectReason> all_reject_reasons() noexcept { return kReasons; }

const RejectReason* reject_reason(std::string_view code) noexcept {
  for (const RejectReason& reason : kReasons) {
    if (reason.code == code) return &reason;
  }
  return nullptr;
}

}  // namespace satchel::core
