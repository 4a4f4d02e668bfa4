// Lets a page receive FlexFEC: mediasoup-client offers the codec and leaves out which stream repairs which, without which Chromium decodes nothing of it.

/** To be called before the page is opened. */
export async function takesRepairStream(page) {
  await page.evaluateOnNewDocument(() => {
    const repairs = new Map();
    window.__connections = [];
    window.WebSocket = class extends window.WebSocket {
      constructor(...given) {
        super(...given);
        this.addEventListener('message', ({ data }) => {
          if (typeof data !== 'string') return;
          for (const { ssrc, fec } of JSON.parse(data).payload?.rtpParameters?.encodings ?? []) if (fec) repairs.set(String(ssrc), fec.ssrc);
        });
      }
    };
    const named = (section) => {
      const [, ssrc, name] = /^a=ssrc:(\d+) cname:(.*)$/m.exec(section) ?? [];
      const repair = repairs.get(ssrc);
      if (repair === undefined || section.includes('FEC-FR')) return section;
      return `${section}a=ssrc-group:FEC-FR ${ssrc} ${repair}\r\na=ssrc:${repair} cname:${name.trim()}\r\n`;
    };
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
      constructor(...given) {
        super(...given);
        window.__connections.push(this);
      }
      setRemoteDescription(description) {
        const sdp = description.sdp.split(/(?=^m=)/m).map(named).join('');
        window.__described = sdp;
        return super.setRemoteDescription({ type: description.type, sdp });
      }
    };
  });
}

/** What arrives of the one video, in Chromium's own words. */
export function inboundVideo(page) {
  return page.evaluate(async () => {
    for (const connection of window.__connections)
      for (const stat of (await connection.getStats()).values()) if (stat.type === 'inbound-rtp' && stat.kind === 'video' && stat.packetsReceived > 0) return { ...stat };
    return undefined;
  });
}
