import type { types as ms } from "mediasoup-client";
import type { MediaKind, MediaSource, TransportDirection } from "../protocol/messages.js";

/** One stream over one sampling interval. Counters with "Total" count from the start of the stream. */
export interface StreamStats {
  readonly direction: TransportDirection;
  readonly producerId: string;
  readonly peerDeviceId: string;
  readonly kind: MediaKind;
  readonly source: MediaSource | undefined;
  readonly paused: boolean;
  /** Bits per second of payload in the interval. */
  readonly bitrateBps: number;
  readonly packets: number;
  readonly packetsTotal: number;
  readonly packetsLostTotal: number;
  /** Per cent of the interval's packets that never came; undefined when none were due. */
  readonly lossPercent: number | undefined;
  readonly jitterMs: number | undefined;
  readonly rttMs: number | undefined;
  readonly frameWidth: number | undefined;
  readonly frameHeight: number | undefined;
  readonly framesPerSecond: number | undefined;
  readonly framesDecoded: number | undefined;
  readonly framesEncoded: number | undefined;
  readonly freezeCount: number | undefined;
  /** Milliseconds that pictures stood still, in all. */
  readonly freezesMsTotal: number | undefined;
  readonly totalAudioEnergy: number | undefined;
  readonly codec: string | undefined;
  /** What limits a sent video just now: "none", "cpu", "bandwidth" or "other". */
  readonly limitedBy: string | undefined;
  /** A video sent in several encodings, the smallest first; empty for everything else. */
  readonly encodings: readonly EncodingStats[];
}

/** One of several encodings that are sent of a video. */
export interface EncodingStats {
  readonly rid: string;
  readonly active: boolean;
  readonly frameWidth: number | undefined;
  readonly frameHeight: number | undefined;
  readonly framesEncoded: number | undefined;
  readonly bytesTotal: number;
}

/** The cumulative figures of the sample before, to take differences from. */
export interface StreamBaseline {
  readonly at: number;
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
}

export interface StreamSubject {
  readonly direction: TransportDirection;
  readonly producerId: string;
  readonly peerDeviceId: string;
  readonly kind: MediaKind;
  readonly source: MediaSource | undefined;
  readonly paused: boolean;
}

/** Browsers differ in what they fill in; every field is optional until it is seen. */
interface RtpReportEntry {
  readonly id: string;
  readonly type: string;
  readonly kind?: string;
  readonly codecId?: string;
  readonly mimeType?: string;
  readonly bytesReceived?: number;
  readonly bytesSent?: number;
  readonly packetsReceived?: number;
  readonly packetsSent?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly fractionLost?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
  readonly framesDecoded?: number;
  readonly framesEncoded?: number;
  readonly freezeCount?: number;
  readonly totalFreezesDuration?: number;
  readonly rid?: string;
  readonly active?: boolean;
  readonly qualityLimitationReason?: string;
  readonly totalAudioEnergy?: number;
  readonly nominated?: boolean;
  readonly selected?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
  readonly protocol?: string;
}

function entries(report: RTCStatsReport): RtpReportEntry[] {
  const list: RtpReportEntry[] = [];
  report.forEach(entry => {
    list.push(entry as RtpReportEntry);
  });
  return list;
}

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;

function sum(list: readonly RtpReportEntry[], of: (entry: RtpReportEntry) => number | undefined): number {
  return list.reduce((total, entry) => total + (of(entry) ?? 0), 0);
}

function readEncoding(entry: RtpReportEntry): EncodingStats {
  return {
    rid: entry.rid ?? "",
    active: entry.active ?? true,
    frameWidth: entry.frameWidth,
    frameHeight: entry.frameHeight,
    framesEncoded: entry.framesEncoded,
    bytesTotal: entry.bytesSent ?? 0,
  };
}

const byRid = (a: EncodingStats, b: EncodingStats): number => a.rid.localeCompare(b.rid);

/** Reads one receiver's or sender's report. */
export function readStream(
  report: RTCStatsReport,
  subject: StreamSubject,
  before: StreamBaseline | undefined,
  now: number,
  transportRttMs: number | undefined,
): { stats: StreamStats; baseline: StreamBaseline } | undefined {
  const all = entries(report);
  const receiving = subject.direction === "recv";
  const wanted = receiving ? "inbound-rtp" : "outbound-rtp";
  const parts = all.filter(entry => entry.type === wanted && (entry.kind ?? subject.kind) === subject.kind);
  // Of several encodings, the largest that is made stands for the picture; what flows is all of them.
  const rtp = parts.toSorted((a, b) => (b.frameHeight ?? 0) - (a.frameHeight ?? 0))[0];
  if (rtp === undefined) return undefined;
  const remotes = all.filter(entry => entry.type === "remote-inbound-rtp");
  const remote = remotes.toSorted((a, b) => (b.fractionLost ?? 0) - (a.fractionLost ?? 0))[0];
  const bytes = sum(parts, entry => (receiving ? entry.bytesReceived : entry.bytesSent));
  const packets = sum(parts, entry => (receiving ? entry.packetsReceived : entry.packetsSent));
  const lost = Math.max(0, receiving ? (rtp.packetsLost ?? 0) : sum(remotes, entry => entry.packetsLost));
  const baseline: StreamBaseline = { at: now, bytes, packets, lost };
  const seconds = before === undefined ? 0 : (now - before.at) / 1000;
  const flowed = before === undefined ? packets : Math.max(0, packets - before.packets);
  const missing = Math.max(0, lost - (before?.lost ?? 0));
  const due = receiving ? flowed + missing : flowed;
  const stats: StreamStats = {
    ...subject,
    bitrateBps: seconds > 0 ? Math.max(0, ((bytes - (before?.bytes ?? 0)) * 8) / seconds) : 0,
    packets: flowed,
    packetsTotal: packets,
    packetsLostTotal: lost,
    lossPercent: due > 0 ? Math.min(100, (missing / due) * 100) : undefined,
    jitterMs: milliseconds(receiving ? rtp.jitter : remote?.jitter),
    rttMs: milliseconds(remote?.roundTripTime) ?? transportRttMs,
    frameWidth: rtp.frameWidth,
    frameHeight: rtp.frameHeight,
    framesPerSecond: rtp.framesPerSecond,
    framesDecoded: rtp.framesDecoded,
    framesEncoded: rtp.framesEncoded,
    freezeCount: rtp.freezeCount,
    freezesMsTotal: milliseconds(rtp.totalFreezesDuration),
    totalAudioEnergy: rtp.totalAudioEnergy,
    codec: all.find(entry => entry.id === rtp.codecId)?.mimeType,
    limitedBy: rtp.qualityLimitationReason,
    encodings: parts.length > 1 ? parts.map(readEncoding).toSorted(byRid) : [],
  };
  return { stats, baseline };
}

export interface TransportStats {
  readonly direction: TransportDirection;
  readonly connectionState: ms.ConnectionState;
  readonly rttMs: number | undefined;
  readonly localCandidateType: string | undefined;
  readonly remoteCandidateType: string | undefined;
  readonly protocol: string | undefined;
}

/** Reads the selected candidate pair of a transport. */
export function readTransport(report: RTCStatsReport, transport: ms.Transport): TransportStats {
  const all = entries(report);
  const selectedId = all.find(entry => entry.type === "transport")?.selectedCandidatePairId;
  const pairs = all.filter(entry => entry.type === "candidate-pair");
  const pair =
    pairs.find(entry => entry.id === selectedId) ??
    pairs.find(entry => entry.selected === true || (entry.nominated === true && entry.state === "succeeded"));
  const local = all.find(entry => entry.id === pair?.localCandidateId);
  const remote = all.find(entry => entry.id === pair?.remoteCandidateId);
  return {
    direction: transport.direction,
    connectionState: transport.connectionState,
    rttMs: milliseconds(pair?.currentRoundTripTime),
    localCandidateType: local?.candidateType,
    remoteCandidateType: remote?.candidateType,
    protocol: local?.protocol,
  };
}
