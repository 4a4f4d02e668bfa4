import type { RtpCapabilities, RtpCodecCapability } from "../../protocol/generated.js";
import { frameCodec } from "../sframe/clear-bytes.js";

/** The router's codecs whose frames can be encrypted, with their retransmissions. No RED, no H.264, no AV1: their frames would not arrive whole. */
export function encryptableCapabilities(capabilities: RtpCapabilities): RtpCapabilities {
  const { codecs = [] } = capabilities;
  const kept = codecs.filter(({ mimeType }) => frameCodec(mimeType) !== undefined);
  const types = new Set(kept.map(codec => codec.preferredPayloadType));
  const repair = codecs.filter(codec => isRtx(codec) && types.has(Number(codec.parameters?.apt)));
  const order = new Set([...kept, ...repair]);
  return { ...capabilities, codecs: codecs.filter(codec => order.has(codec)) };
}

function isRtx({ mimeType }: RtpCodecCapability): boolean {
  return /\/rtx$/i.test(mimeType);
}
