"""A peer built on aiortc's ORTC objects, told what to do by JSON lines on stdin, answering by JSON lines on stdout.

It sends one audio and one video track over one transport and receives over another, as a calls client does.
"""
import asyncio
import fractions
import json
import os
import sys
import traceback

import av
import numpy
from aiortc import (
    RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport,
    RTCIceGatherer, RTCIceTransport, RTCRtpReceiver, RTCRtpSender, VideoStreamTrack,
)
from aiortc.mediastreams import AudioStreamTrack
from aiortc.rtcicetransport import RTCIceCandidate, RTCIceParameters
from aiortc.rtcrtpparameters import (
    RTCRtcpFeedback, RTCRtcpParameters, RTCRtpCodecParameters, RTCRtpDecodingParameters, RTCRtpEncodingParameters,
    RTCRtpHeaderExtensionParameters, RTCRtpReceiveParameters, RTCRtpRtxParameters, RTCRtpSendParameters,
)


class MovingPicture(VideoStreamTrack):
    async def recv(self):
        pts, time_base = await self.next_timestamp()
        plane = numpy.full((240, 320, 3), 64, dtype=numpy.uint8)
        plane[:, : 1 + (pts // 3000 * 5) % 319] = 200
        frame = av.VideoFrame.from_ndarray(plane, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(AudioStreamTrack):
    async def recv(self):
        frame = await super().recv()
        n = frame.samples
        t = (frame.pts + numpy.arange(n)) / frame.sample_rate
        wave = (numpy.sin(2 * numpy.pi * 440 * t) * 12000).astype(numpy.int16)
        made = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        made.pts, made.sample_rate, made.time_base = frame.pts, frame.sample_rate, fractions.Fraction(1, frame.sample_rate)
        return made


def codec_from(json_codec):
    return RTCRtpCodecParameters(
        mimeType=json_codec["mimeType"], clockRate=json_codec["clockRate"], channels=json_codec.get("channels"),
        payloadType=json_codec["payloadType"],
        rtcpFeedback=[RTCRtcpFeedback(type=f["type"], parameter=f.get("parameter") or None) for f in json_codec.get("rtcpFeedback", [])],
        parameters=json_codec.get("parameters", {}),
    )


def extensions_from(parameters):
    return [RTCRtpHeaderExtensionParameters(id=e["id"], uri=e["uri"]) for e in parameters.get("headerExtensions", [])]


class Transport:
    def __init__(self, dtls_role):
        self.ice = RTCIceTransport(RTCIceGatherer())
        self.dtls = RTCDtlsTransport(self.ice, [RTCCertificate.generateCertificate()])
        self.dtls._set_role(dtls_role)
        self.role = dtls_role

    def local(self):
        fingerprints = self.dtls.getLocalParameters().fingerprints
        return {"role": self.role, "fingerprints": [{"algorithm": f.algorithm, "value": f.value} for f in fingerprints]}

    async def connect(self, remote):
        await self.ice.iceGatherer.gather()
        self.ice._connection.ice_controlling = True
        for c in remote["iceCandidates"]:
            if c["protocol"] == "udp":
                await self.ice.addRemoteCandidate(RTCIceCandidate(
                    component=1, foundation=c["foundation"], ip=c["address"], port=c["port"], priority=c["priority"],
                    protocol="udp", type=c["type"]))
        await self.ice.addRemoteCandidate(None)
        ice = remote["iceParameters"]
        await self.ice.start(RTCIceParameters(usernameFragment=ice["usernameFragment"], password=ice["password"], iceLite=True))
        # a=sha-256 is what aiortc 1.4 knows.
        fingerprints = [RTCDtlsFingerprint(algorithm=f["algorithm"], value=f["value"])
                        for f in remote["dtlsParameters"]["fingerprints"] if f["algorithm"] == "sha-256"]
        await self.dtls.start(RTCDtlsParameters(fingerprints=fingerprints))
        return self.dtls.state


class Peer:
    def __init__(self):
        self.transports, self.senders, self.seen = {}, {}, {}

    async def transport(self, name, dtlsRole):
        self.transports[name] = Transport(dtlsRole)
        return {"dtlsParameters": self.transports[name].local()}

    async def connect(self, name, remote):
        return {"state": await self.transports[name].connect(remote)}

    async def sender(self, name, kind, codecs, headerExtensions):
        track = Tone() if kind == "audio" else MovingPicture()
        sender = RTCRtpSender(track, self.transports[name].dtls)
        cname = "aiortc"
        encoding = {"ssrc": sender._ssrc}
        if len(codecs) > 1:
            encoding["rtx"] = {"ssrc": sender._rtx_ssrc}
        parameters = {"mid": kind[0], "codecs": codecs, "headerExtensions": headerExtensions,
                      "encodings": [encoding], "rtcp": {"cname": cname, "reducedSize": True}}
        self.senders[kind] = (sender, parameters)
        return {"rtpParameters": parameters}

    async def send(self, kind):
        sender, p = self.senders[kind]
        await sender.send(RTCRtpSendParameters(
            codecs=[codec_from(c) for c in p["codecs"]], headerExtensions=extensions_from(p), muxId=p["mid"],
            encodings=[RTCRtpEncodingParameters(ssrc=sender._ssrc, payloadType=p["codecs"][0]["payloadType"])],
            rtcp=RTCRtcpParameters(cname=p["rtcp"]["cname"], ssrc=sender._ssrc, mux=True)))
        return {}

    async def receive(self, name, consumerId, kind, rtpParameters):
        receiver = RTCRtpReceiver(kind, self.transports[name].dtls)
        first = rtpParameters["encodings"][0]
        codecs = [codec_from(c) for c in rtpParameters["codecs"]]
        rtx = RTCRtpRtxParameters(ssrc=first["rtx"]["ssrc"]) if "rtx" in first else None
        receiver._track = __import__("aiortc.rtcrtpreceiver", fromlist=["x"]).RemoteStreamTrack(kind=kind, id=consumerId)
        receiver._set_rtcp_ssrc(1)
        await receiver.receive(RTCRtpReceiveParameters(
            codecs=codecs, headerExtensions=extensions_from(rtpParameters), muxId=rtpParameters.get("mid", ""),
            encodings=[RTCRtpDecodingParameters(ssrc=first["ssrc"], payloadType=codecs[0].payloadType, rtx=rtx)],
            rtcp=RTCRtcpParameters(cname=rtpParameters["rtcp"].get("cname"), ssrc=1, mux=True)))
        self.seen[consumerId] = {"kind": kind, "frames": 0}
        asyncio.ensure_future(self.watch(consumerId, receiver.track))
        return {}

    async def watch(self, consumer_id, track):
        seen = self.seen[consumer_id]
        while True:
            frame = await track.recv()
            seen["frames"] += 1
            if seen["kind"] == "video":
                seen["width"], seen["height"] = frame.width, frame.height
            else:
                loudest = int(numpy.abs(frame.to_ndarray().astype(numpy.int32)).max())
                seen["loudest"] = max(seen.get("loudest", 0), loudest)

    async def stats(self):
        return {"seen": self.seen}


async def answer(peer, call):
    try:
        result = await getattr(peer, call["do"])(**call.get("with", {}))
    except Exception:  # the test shows it
        result = {"error": traceback.format_exc()}
    print(json.dumps({"id": call["id"], **result}), flush=True)


async def main():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    peer, answers = Peer(), set()
    while line := await reader.readline():
        task = asyncio.ensure_future(answer(peer, json.loads(line)))
        answers.add(task)
        task.add_done_callback(answers.discard)
    # Whoever started this is gone: decoder threads and pending checks must not keep it alive.
    os._exit(0)


asyncio.run(main())
