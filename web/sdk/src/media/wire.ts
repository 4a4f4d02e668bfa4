/** Where the generated types and those of mediasoup-client meet. They describe the same JSON; only their spelling differs. */
import type { types as ms } from "mediasoup-client";
import type * as wire from "../protocol/generated.js";

export const toDevice = {
  rtpCapabilities: (value: wire.RtpCapabilities) => value as ms.RtpCapabilities,
  rtpParameters: (value: wire.RtpParameters) => value as ms.RtpParameters,
  iceParameters: (value: wire.IceParameters): ms.IceParameters => value,
  iceCandidates: (value: wire.IceCandidate[]) => value as ms.IceCandidate[],
  dtlsParameters: (value: wire.DtlsParameters) => value as ms.DtlsParameters,
};

export const toWire = {
  rtpCapabilities: (value: ms.RtpCapabilities) => value as wire.RtpCapabilities,
  rtpParameters: (value: ms.RtpParameters) => value as wire.RtpParameters,
  dtlsParameters: (value: ms.DtlsParameters) => value as wire.DtlsParameters,
};
