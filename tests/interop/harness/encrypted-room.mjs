// What holds of every encrypted room whose members get on: one epoch, one code, and everybody holds keys of everybody.
import assert from 'node:assert/strict';

/** To be called before the page is opened: the room that it starts is encrypted. */
export async function encrypted(page) {
  await page.evaluateOnNewDocument(() => {
    localStorage.setItem('crosspoint.preferences', JSON.stringify({ encrypt: true }));
  });
}

/** Waits until these people, and nobody else, hold the keys of one epoch with one code. Resolves with the epoch. */
export async function agree(people) {
  for (const person of people) {
    await person.until(`to hold keys with ${people.length - 1} others`, async () => {
      const { encryption } = await person.inspect();
      return encryption.state === 'on' && encryption.keyState === 'SWITCHED' && encryption.holders.length === people.length;
    });
  }
  await people[0].until('everybody to be at one epoch', async () => {
    const epochs = await Promise.all(people.map(async (person) => (await person.inspect()).epoch));
    return new Set(epochs).size === 1;
  });
  const seen = await Promise.all(people.map((person) => person.inspect()));
  const codes = seen.map(({ encryption }) => encryption.code);
  assert.equal(new Set(codes).size, 1, codes.join(' / '));
  return seen[0].epoch;
}

/** A frame as it came from the network: which MLS epoch's key it says it was encrypted with (RFC 9605 §4.3; docs/protocol/e2ee.md). */
export function epochByte(codec, bytes) {
  const head = codec !== 'vp8' ? 0 : bytes[0] & 1 ? 1 : 10;
  const config = bytes[head];
  if (!(config & 0x80)) return (config >> 4) & 7;
  return bytes[head + 1 + ((config >> 4) & 7)];
}
