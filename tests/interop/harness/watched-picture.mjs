// The picture of a call's one camera as a person sees it: what it is, and that it does not stand still.
import assert from 'node:assert/strict';
import { pictureWatched, watchPicture } from './picture.mjs';

const longestFreezeMs = 500;

/** What arrives of the one camera, with what the server says of it. */
export async function picture(person) {
  const { remoteTracks } = await person.inspect();
  const track = remoteTracks.find(({ source }) => source === 'camera');
  const stream = (await person.received('video')).find(({ producerId }) => producerId === track?.producerId);
  return track && stream && { ...stream, video: track.video };
}

/** Runs a change and asserts that the picture never stood still for longer than a person forgives. */
export async function withoutFreeze(person, what, change) {
  const { producerId } = await picture(person);
  await watchPicture(person.page, producerId);
  await person.until('to see the picture move', async () => (await pictureWatched(person.page)).frames >= 3);
  await change();
  const { frames } = await pictureWatched(person.page);
  await person.until('to see it go on', async () => (await pictureWatched(person.page)).frames >= frames + 6);
  const { longestMs, over } = await pictureWatched(person.page);
  assert.ok(longestMs <= longestFreezeMs, `${person.name}, ${what}: stood still for ${over.join(', ')}`);
  return `${what} ${longestMs} ms`;
}
