// A microphone that says something when a test wants it to, in the place of the fake device, which beeps all the time.

/** To be called before the page is opened, and before a camera is drawn: the microphone is a tone, and silent until `says`. */
export async function toneMicrophone(page) {
  await page.evaluateOnNewDocument(() => {
    const context = new AudioContext();
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { frequency: 300 });
    const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    tone.connect(gain).connect(microphone);
    tone.start();
    const native = MediaDevices.prototype.getUserMedia;
    MediaDevices.prototype.getUserMedia = async function getUserMedia({ audio, video }) {
      const stream = video ? await native.call(this, { video }) : new MediaStream();
      if (audio) stream.addTrack(microphone.stream.getAudioTracks()[0].clone());
      return stream;
    };
    window.__says = (loudness) => void (gain.gain.value = loudness);
  });
}

/** From now on only one of these people is heard, by a steady tone. */
export async function onlySays(people, speaker) {
  await Promise.all(people.map(({ page }, index) => page.evaluate((loudness) => window.__says(loudness), people[index] === speaker ? 0.3 : 0)));
}
