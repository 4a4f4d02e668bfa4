// An unmodified mediasoup-client driven over the calls door; the WebRTC stack below it is whatever globals are set.
import { Device } from 'mediasoup-client';

export class MediasoupPeer {
  consumers = new Map();

  static async join(door, routerRtpCapabilities, handlerName) {
    const peer = new MediasoupPeer();
    peer.door = door;
    peer.device = await Device.factory({ handlerName });
    await peer.device.load({ routerRtpCapabilities });
    peer.send = await peer.#transport('send');
    peer.recv = await peer.#transport('recv');
    return peer;
  }

  async produce(track, appData = {}) {
    return this.send.produce({ track, appData });
  }

  /** Consumes one producer and resumes it. */
  async consume(producerId) {
    const { door, device, recv } = this;
    const added = await door.ask(
      'CONSUME',
      { roomId: door.roomId, transportId: recv.id, producerId, rtpCapabilities: device.recvRtpCapabilities ?? device.rtpCapabilities, paused: true },
      'CONSUMER_ADDED',
    );
    const consumer = await recv.consume({ id: added.consumerId, producerId, kind: added.kind, rtpParameters: added.rtpParameters });
    await door.request('CONSUMER_RESUME', { roomId: door.roomId, consumerId: added.consumerId });
    this.consumers.set(consumer.id, consumer);
    return consumer;
  }

  close() {
    this.send.close();
    this.recv.close();
    this.door.close();
  }

  async #transport(direction) {
    const { door, device } = this;
    const created = await door.ask('TRANSPORT_CREATE', { roomId: door.roomId, direction }, 'TRANSPORT_CREATED');
    const options = {
      id: created.transportId,
      iceParameters: created.iceParameters,
      iceCandidates: created.iceCandidates,
      dtlsParameters: created.dtlsParameters,
    };
    const transport = direction === 'send' ? device.createSendTransport(options) : device.createRecvTransport(options);
    transport.on('connect', ({ dtlsParameters }, done, fail) => {
      door.request('TRANSPORT_CONNECT', { roomId: door.roomId, transportId: transport.id, dtlsParameters }).then(done, fail);
    });
    transport.on('produce', ({ kind, rtpParameters, appData }, done, fail) => {
      door
        .ask('PRODUCE', { roomId: door.roomId, transportId: transport.id, kind, rtpParameters, appData }, 'PRODUCED')
        .then(({ producerId }) => done({ id: producerId }), fail);
    });
    return transport;
  }
}
